"""Messages of a kind that only tests know."""

import uuid

from services.core.actor import system
from services.messages import outbox, templates
from services.messages.models import Message
from tests.factories.world import Place

templates.register(
    "test.hello",
    zh=("您好，{who}", "{who}，{day}见。\n请带伞。"),
    en=("Hello {who}", "See you on {day}, {who}.\nBring an umbrella."),
)


def tell(place: Place, account_id: uuid.UUID, **changes: object) -> list[Message]:
    """Tell an account hello; in the community the session serves."""
    wanted = {
        "account_id": account_id,
        "template": "test.hello",
        "params": {"who": "Li", "day": "Monday"},
        "subject_kind": "garden",
        "subject_id": uuid.uuid4(),
        "key": str(uuid.uuid4()),
        **changes,
    }
    return outbox.tell(system(place.id), **wanted)  # type: ignore[arg-type]

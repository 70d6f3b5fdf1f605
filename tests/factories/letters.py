"""Messages of a kind that only tests know."""

import uuid
from datetime import UTC, datetime

import time_machine
from sqlalchemy import select

from services.core.actor import system
from services.core.db import db
from services.messages import delivery, outbox, preferences, templates
from services.messages.models import Message
from tests.factories.world import Place

# Nine in the morning in Shanghai.
NOW = datetime(2026, 11, 2, 1, tzinfo=UTC)

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


def prefer(place: Place, **changes: object) -> None:
    """Say how the volunteer of a place is reached, as on the page."""
    wanted = {"channels": ["email", "sms", "chat"], "quiet_from": None, "quiet_until": None}
    wanted |= {"digest": False, "chat_url": "", **changes}
    preferences.save(place.actor("volunteer"), **wanted)  # type: ignore[arg-type]


def work(at: datetime = NOW, steps: int = 50) -> None:
    """Send what is due at a moment, as worker and sweeper do together, until nothing is."""
    with time_machine.travel(at, tick=False):
        for _ in range(steps):
            waiting = select(Message).where(Message.state == "queued", Message.due_at <= at)
            first = db.session.scalars(waiting.order_by(Message.id).limit(1)).one_or_none()
            if first is None:
                return
            delivery.send(system(first.community_id), first.id)
    raise AssertionError("it does not come to rest")


def outside() -> list[Message]:
    """What left the product or waits to, the earliest first."""
    rows = select(Message).where(Message.channel != "inbox").order_by(Message.id)
    return list(db.session.scalars(rows.execution_options(populate_existing=True)))


def states() -> list[tuple[str, str, str | None]]:
    """Channel, state and reason of what left the product or waits to."""
    return [(row.channel, row.state, row.error) for row in outside()]

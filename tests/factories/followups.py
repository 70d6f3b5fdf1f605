"""Follow-ups on a kind of subject that only tests know."""

import uuid
from datetime import date

from services.core.actor import system
from services.followups import life, plans, subjects
from services.followups.models import FollowUp
from tests.factories.world import Place

KIND = "garden"
EVENT = "planted"

plans.declare("look", name="看一看", name_en="Have a look", subject_kind=KIND, event=EVENT, after_days=3)
plans.declare(
    "water",
    name="浇水",
    name_en="Water it",
    subject_kind=KIND,
    event=EVENT,
    after_days=7,
    rule="FREQ=MONTHLY",
)
plans.declare(
    "survey", name="普查", name_en="Survey", subject_kind=KIND, event=EVENT, after_days=10, owner="staff"
)
subjects.register(KIND, lambda actor, ids: {one: subjects.Subject(f"Garden {str(one)[-4:]}") for one in ids})


def make_followups(
    place: Place,
    *,
    day: date,
    helper: uuid.UUID | None = None,
    deputy: uuid.UUID | None = None,
    subject_id: uuid.UUID | None = None,
) -> dict[str, FollowUp]:
    """The first follow-ups of a garden planted on `day`, by their plan's code; in the community the session serves."""
    actor = system(place.id)
    made = life.start(
        actor,
        event=EVENT,
        subject_kind=KIND,
        subject_id=subject_id or uuid.uuid4(),
        day=day,
        owners={"helper": helper},
        deputy=deputy,
    )
    codes = {plan.id: plan.code for plan in plans.ensure(actor, KIND)}
    return {codes[one.plan_id]: one for one in made}

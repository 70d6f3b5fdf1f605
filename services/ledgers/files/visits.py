"""The file of visits, to be looked at: a visit counts by the word of both sides, so none is written by a file."""

import uuid
from collections.abc import Sequence
from typing import Any
from zoneinfo import ZoneInfo

from services.communities import regions
from services.communities.catalogue import Term
from services.core.actor import Actor
from services.core.db import among, db
from services.core.errors import N_, DomainError
from services.households.models import Household
from services.ledgers.files.cells import ID, MOMENT, one, text, whole
from services.ledgers.files.kinds import ID_FIELD, Field, Kind, Values
from services.pairings.models import Pairing
from services.visits import parties
from services.visits.models import Visit
from services.volunteers.models import Volunteer

_STATES = (
    Term("noted", "Waits for confirmation", "待确认"),
    Term("confirmed", "Confirmed by both", "双方已确认"),
    Term("attempt", "Nobody was there", "没人在家"),
    Term("disputed", "Said not to be right", "有人说不属实"),
    Term("corrected", "Replaced by a correction", "已被更正取代"),
    Term("withdrawn", "Taken back", "已撤回"),
)
_KINDS = (Term("visit", "Visit", "上门"), Term("call", "Call", "电话"))
_OUTCOMES = (
    Term("well", "All was well", "一切都好"),
    Term("concern", "There is a concern", "有情况"),
    Term("absent", "Nobody was there", "没人在家"),
)
_SAME = ("minutes", "kind", "outcome", "state", "note", "pairing_id")

FIELDS = (
    ID_FIELD,
    Field("helper", N_("Helper"), text(60), aside=True),
    Field("household_name", N_("Head of household"), text(60), aside=True),
    Field("pairing_id", N_("The pairing's number"), ID, fixed=True),
    Field("volunteer", N_("The helper's number"), ID, fixed=True),
    Field("household", N_("The household's number"), ID, fixed=True),
    Field("started_at", N_("Began at"), MOMENT, fixed=True),
    Field("minutes", N_("Minutes"), whole(0, 720), fixed=True),
    Field("kind", N_("Kind"), one(_KINDS), fixed=True),
    Field("outcome", N_("Outcome"), one(_OUTCOMES), fixed=True),
    Field("state", N_("State"), one(_STATES), fixed=True),
    Field("note", N_("Notes"), text(2000, empty=None), sealed="sensitive", fixed=True),
)


def values(rows: Sequence[Visit]) -> list[dict[str, Any]]:
    """What happened, and who was there."""
    if not rows:
        return []
    zone = ZoneInfo(regions.zone_of(rows[0].community_id))
    joined = parties.joined(Pairing, Volunteer, Household).where(
        among(Pairing.id, {row.pairing_id for row in rows})
    )
    there = {
        pairing.id: (volunteer, household) for pairing, volunteer, household in db.session.execute(joined)
    }
    found = []
    for row in rows:
        volunteer, household = there[row.pairing_id]
        found.append(
            {name: getattr(row, name) for name in ("id", *_SAME)}
            | {
                "started_at": row.started_at.astimezone(zone),
                "volunteer": volunteer.id,
                "helper": volunteer.name,
                "household": household.id,
                "household_name": household.name,
            }
        )
    return found


def add(actor: Actor, row_id: uuid.UUID, said: Values) -> None:
    """Refuse: nobody has given his word for such a visit."""
    raise DomainError(
        "visit",
        N_(
            "A visit counts by the word of helper and household, so none comes in by a file. Note it on its pairing's page."
        ),
        field="id",
    )


VISITS = Kind(
    key="visits",
    subject="visit",
    label=N_("Visits"),
    permission="visits.read",
    model=Visit,
    fields=FIELDS,
    values=values,
    add=add,
    change=add,
    named=("helper", "household_name"),
)

"""The file of needs: one row, one thing a household lacks or lacked."""

import uuid
from collections.abc import Sequence
from typing import Any

from services.communities.catalogue import NEED_KINDS, Term
from services.core.actor import Actor
from services.core.errors import N_, DomainError, NotFound
from services.households import needs, registration
from services.households.models import Need
from services.ledgers.files.cells import AMOUNT, DAY, ID, WEEK, YES, one, text, whole
from services.ledgers.files.kinds import ID_FIELD, Field, Kind, Values, picked

_STATES = (
    Term("asked", "Asked for by the household", "住户自己提出"),
    Term("open", "Not met yet", "待满足"),
    Term("met", "Met", "已满足"),
    Term("closed", "Closed", "已关闭"),
)
_AMOUNT = ("hours", "times", "once", "week", "urgency")

FIELDS = (
    ID_FIELD,
    Field("household_name", N_("Head of household"), text(60), aside=True),
    Field("household", N_("The household's number"), ID, fixed=True),
    Field("kind", N_("Need"), one(NEED_KINDS, filled=True), fixed=True),
    Field("urgency", N_("Urgency"), whole(1, 5, filled=True)),
    Field("hours", N_("Hours"), AMOUNT),
    Field("times", N_("Times"), whole(1, 99)),
    Field("once", N_("Once only"), YES),
    Field("week", N_("Times wished"), WEEK),
    Field("state", N_("State"), one(_STATES), fixed=True),
    Field("met_on", N_("Met on"), DAY, fixed=True),
    Field("close_reason", N_("Why it was closed"), text(30), fixed=True),
)


def values(rows: Sequence[Need]) -> list[dict[str, Any]]:
    """What each need asks for."""
    names = registration.names({row.household_id for row in rows})
    own = ("id", "kind", "state", "met_on", "close_reason", *_AMOUNT)
    return [
        {name: getattr(row, name) for name in own}
        | {"household": row.household_id, "household_name": names[row.household_id]}
        for row in rows
    ]


def add(actor: Actor, row_id: uuid.UUID, said: Values) -> None:
    """Record a need, or one that is over as it was."""
    amount = picked(said, *_AMOUNT)
    try:
        needs.record(
            actor,
            row_id=row_id,
            household_id=said.get("household"),
            kind=said.get("kind", ""),
            state=said.get("state") or "open",
            met_on=said.get("met_on"),
            close_reason=said.get("close_reason", ""),
            **amount,
        )
    except NotFound as error:
        raise DomainError(
            "household",
            N_("There is no household with this number here. Bring in the households first."),
            field="household",
        ) from error


def change(actor: Actor, row_id: uuid.UUID, said: Values) -> None:
    """Change how much of a need there is."""
    needs.change_need(actor, need_id=row_id, **said)


NEEDS = Kind(
    key="needs",
    subject="need",
    label=N_("Needs"),
    permission="households.read",
    model=Need,
    fields=FIELDS,
    values=values,
    add=add,
    change=change,
    named=("household_name", "kind"),
)

"""The file of pledges: one row, one promise of a unit; what became of it stays where it is."""

import uuid
from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from services.communities.catalogue import NEED_KINDS, PLEDGE_KINDS, THEMES, Term
from services.core import locks
from services.core.actor import Actor
from services.core.db import among, db
from services.core.errors import N_, DomainError
from services.ledgers.files.cells import DAY, ID, WEEK, one, text
from services.ledgers.files.kinds import ID_FIELD, Field, Kind, Values, picked
from services.pledges import offers, quantities
from services.pledges.models import Pledge, Unit

_STATES = (Term("open", "Open", "有效"), Term("withdrawn", "Taken back", "已撤回"))
_PERIODS = (
    Term("day", "Each day", "每天"),
    Term("week", "Each week", "每周"),
    Term("month", "Each month", "每月"),
    Term("quarter", "Each quarter", "每季度"),
    Term("year", "Each year", "每年"),
)
_SAME = (
    "kind",
    "item",
    "need_kind",
    "measure",
    "period",
    "week",
    "starts_on",
    "conditions",
    "ends_on",
    "theme",
)

FIELDS = (
    ID_FIELD,
    Field("unit_name", N_("Co-building unit"), text(80), aside=True),
    Field("unit", N_("The unit's number"), ID, fixed=True),
    Field("kind", N_("Kind"), one(PLEDGE_KINDS, filled=True), fixed=True),
    Field("item", N_("Pledge"), text(80, filled=True), fixed=True),
    Field("quantity", N_("Quantity"), text(20), fixed=True),
    Field("measure", N_("Counted in"), text(20), fixed=True),
    Field("period", N_("How often"), one(_PERIODS), fixed=True),
    Field("week", N_("Hours of a room"), WEEK, fixed=True),
    Field("need_kind", N_("For needs of the kind"), one(NEED_KINDS), fixed=True),
    Field("theme", N_("Theme"), one(THEMES)),
    Field("starts_on", N_("Starts on"), DAY, fixed=True),
    Field("ends_on", N_("Ends on"), DAY),
    Field("conditions", N_("Conditions"), text(200), fixed=True),
    Field("state", N_("State"), one(_STATES)),
)


def values(rows: Sequence[Pledge]) -> list[dict[str, Any]]:
    """What each pledge promises."""
    named = select(Unit.id, Unit.name).where(among(Unit.id, {row.unit_id for row in rows}))
    names = {row.id: row.name for row in db.session.execute(named)}
    return [
        {name: getattr(row, name) for name in ("id", "state", *_SAME)}
        | {
            "unit": row.unit_id,
            "unit_name": names[row.unit_id],
            "measure": "hour" if row.measure == quantities.MINUTES else row.measure,
            "quantity": f"{quantities.number(row.promised, row.measure).normalize():f}",
        }
        for row in rows
    ]


def add(actor: Actor, row_id: uuid.UUID, said: Values) -> None:
    """Enter a promise, all of it still free; one that was taken back is taken back again."""
    facts = {"kind": "", "item": "", "starts_on": None} | picked(said, *_SAME)
    if facts["starts_on"] is None:
        raise DomainError("starts_on", N_("Please fill this in."), field="starts_on")
    if facts["kind"] != "venue":
        measure = quantities.measure_of(facts["kind"], facts.get("measure", ""))
        facts["quantity"] = quantities.read(said.get("quantity", ""), measure)
    try:
        unit = locks.get(Unit, said.get("unit"))
    except DomainError as error:
        raise DomainError(
            "unit", N_("There is no unit with this number here. Bring in the units first."), field="unit"
        ) from error
    offers.pledge(actor, row_id=row_id, unit_id=unit.id, **facts)
    if said.get("state") == "withdrawn":
        offers.withdraw(actor, pledge_id=row_id)


def change(actor: Actor, row_id: uuid.UUID, said: Values) -> None:
    """Give a pledge another theme or a later last day, or take it back: nothing else of a promise changes."""
    if "theme" in said:
        offers.set_theme(actor, pledge_id=row_id, theme=said["theme"])
    if "ends_on" in said:
        if said["ends_on"] is None:
            raise DomainError(
                "ends_on",
                N_("Please choose a day after the present last one and not before today."),
                field="ends_on",
            )
        offers.extend(actor, pledge_id=row_id, ends_on=said["ends_on"])
    if "state" in said:
        if said["state"] != "withdrawn":
            raise DomainError(
                "withdrawn",
                N_(
                    "This pledge has been taken back by its unit. Please choose another one, or ask the unit."
                ),
                field="state",
            )
        offers.withdraw(actor, pledge_id=row_id)


PLEDGES = Kind(
    key="pledges",
    subject="pledge",
    label=N_("Pledges"),
    permission="pledges.read",
    model=Pledge,
    fields=FIELDS,
    values=values,
    add=add,
    change=change,
    named=("unit_name", "item"),
)

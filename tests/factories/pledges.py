"""Units, their people and their pledges, and a household with an open need to give them to."""

import itertools
import uuid
from datetime import date

from services.communities import regions
from services.core.db import db
from services.core.week import half_hours
from services.households.models import Household, Need
from services.pledges import offers, units
from services.pledges.models import Pledge, Unit, UnitPerson
from tests.factories.world import Place, add_member

TODAY = date(2026, 11, 22)
START, END = date(2026, 1, 1), date(2026, 12, 31)
# The smallest paper: a PDF of nothing but its frame.
PAPER = b"%PDF-1.4\nxref\ntrailer<<>>\nstartxref\n9\n%%EOF\n"
WEDNESDAYS = half_hours(2, 28, 32)
_numbers = itertools.count(1)


def make_unit(place: Place, **changes: object) -> Unit:
    """A shop of its own name."""
    facts = {"name": f"Shop {next(_numbers)}", "kind": "shop"} | changes
    return units.add_unit(place.actor("staff"), **facts)  # type: ignore[arg-type]


def make_pledge(place: Place, unit: Unit | None = None, **changes: object) -> Pledge:
    """Five computers, this year."""
    unit = unit or make_unit(place)
    facts: dict[str, object] = {
        "kind": "goods",
        "item": "Computers",
        "quantity": 5,
        "measure": "台",
        "starts_on": START,
        "ends_on": END,
    }
    return offers.pledge(place.actor("staff"), unit_id=unit.id, **facts | changes)  # type: ignore[arg-type]


def make_room(place: Place, **changes: object) -> Pledge:
    """A meeting room on Wednesdays from 14:00 to 16:00, this year."""
    facts = {"kind": "venue", "item": "Meeting room", "quantity": None, "week": WEDNESDAYS} | changes
    return make_pledge(place, **facts)


def make_haircuts(place: Place, **changes: object) -> Pledge:
    """Thirty haircuts a month, this year."""
    facts = {
        "kind": "service",
        "item": "Haircuts",
        "quantity": 30,
        "measure": "人次",
        "period": "month",
        "need_kind": "haircut",
    }
    return make_pledge(place, **facts | changes)


def make_need(place: Place, kind: str = "haircut", **changes: object) -> Need:
    """An open need of a household of its own at a door of its own."""
    number = next(_numbers)
    household = Household(
        name=f"Secret Household {number}",
        building_id=regions.building(estate="Garden", number=str(number)).id,
        door="101",
        door_key=f"door-{place.id}-{uuid.uuid4()}",
        categories=[],
        state="active",
    )
    db.session.add(household)
    db.session.flush()
    need = Need(household_id=household.id, kind=kind, **changes)
    db.session.add(need)
    db.session.flush()
    return need


def join_unit(place: Place, unit: Unit) -> UnitPerson:
    """Somebody with an account who speaks for a unit; `place.actor("unit")` is he."""
    person = units.add_person(place.actor("staff"), unit_id=unit.id, name="Unit Person", phone="13800001234")
    person.account_id = add_member(place, "unit").id
    db.session.flush()
    return person


def join_household(place: Place, household_id: uuid.UUID) -> None:
    """Give a household an account; `place.actor("resident")` is it."""
    household = db.session.get_one(Household, (place.id, household_id))
    household.account_id = add_member(place, "resident").id
    db.session.flush()

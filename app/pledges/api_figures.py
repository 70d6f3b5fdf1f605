"""Figures of giving for programs: what is free in a week, what a year came to."""

import contextlib
import uuid
from datetime import date
from typing import Any

from flask import g

from app.auth import allow
from app.pledges.api_area import bp
from app.pledges.api_figure_schemas import FreeWeekSchema, UnitYearSchema, YearSchema
from services.core.errors import NotFound
from services.pledges import calendar, impact, units
from services.pledges.calendar import FreeWeek
from services.pledges.impact import Impact

YEAR = "<int(fixed_digits=4):year>"


@bp.shows("/free-weeks/<day>", FreeWeekSchema)
@allow("pledges.read")
def show_free_week(day: str) -> FreeWeek:
    """What is free of all units in the week of a day, from today on."""
    return calendar.week(g.actor, day=_day(day))


@bp.shows("/units/<uuid:unit_id>/free-weeks/<day>", FreeWeekSchema)
@allow("pledges.offer")
def show_free_week_of_unit(unit_id: uuid.UUID, day: str) -> FreeWeek:
    """What is free of a unit in the week of a day, from today on; for the office and the unit itself."""
    unit = units.get_unit(g.actor, unit_id)
    return calendar.week(g.actor, day=_day(day), unit_id=unit.id)


@bp.shows(f"/giving/{YEAR}", YearSchema)
@allow("pledges.read")
def show_giving(year: int) -> dict[str, Any]:
    """What all units gave in a year, by theme and by unit."""
    parts = impact.of_community(g.actor, year=year)
    known = {unit.id: unit for unit in units.all_units(g.actor)}
    return {"year": year, "themes": impact.by_theme(parts), "units": impact.by_unit(parts, known)}


@bp.shows(f"/units/<uuid:unit_id>/giving/{YEAR}", UnitYearSchema)
@allow("pledges.offer")
def show_giving_of_unit(unit_id: uuid.UUID, year: int) -> Impact:
    """What a unit gave in a year and what it got; for the office and the unit itself."""
    return impact.of_unit(g.actor, unit_id=unit_id, year=year)


def _day(text: str) -> date:
    with contextlib.suppress(ValueError):
        return date.fromisoformat(text)
    raise NotFound()

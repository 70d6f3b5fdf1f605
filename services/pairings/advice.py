"""Whom a community should look for next, and what would change if things were otherwise."""

from typing import Any

from sqlalchemy import func, select

from matching.model import Position
from matching.recruit import recruit as best_kinds
from matching.table import Candidates
from services.communities.models import Building
from services.core.db import db
from services.pairings.snapshot import Snapshot

HALF_HOURS_A_DAY = 48


def _block(days: range, first_hour: int, last_hour: int) -> int:
    hours = range(2 * first_hour, 2 * last_hour)
    return sum(1 << (HALF_HOURS_A_DAY * day + half_hour) for day in days for half_hour in hours)


# When somebody could come who is asked for help: parts of the week a person can agree to.
TIMES = {
    "weekday_mornings": _block(range(5), 8, 12),
    "weekday_afternoons": _block(range(5), 13, 18),
    "evenings": _block(range(7), 18, 21),
    "weekends": _block(range(5, 7), 8, 18),
}


def recruit(taken: Snapshot, table: Candidates) -> list[dict[str, Any]]:
    """The kinds of helper that would bring most: skill, gender, times, estate, and what each would bring, as plain data."""
    found = best_kinds(taken.helpers, taken.households, table, times=TIMES, areas=areas())
    return [
        {
            "skill": one.skill,
            "level": one.level,
            "gender": one.gender,
            "times": one.times,
            "area": one.area,
            "waiting": one.waiting,
            "coverage": [
                {"place": place, "urgency": urgency, "more": more}
                for (place, urgency), more in one.change.coverage.items()
            ],
            "points": one.change.points,
            "households": list(one.households),
        }
        for one in found
    ]


def areas() -> dict[str, Position]:
    """The estates whose buildings are placed, and the middle of each."""
    rows = db.session.execute(
        select(Building.estate, func.avg(Building.x), func.avg(Building.y))
        .where(Building.x.is_not(None), Building.y.is_not(None))
        .group_by(Building.estate)
        .order_by(Building.estate)
    )
    return {estate: (float(x), float(y)) for estate, x, y in rows}

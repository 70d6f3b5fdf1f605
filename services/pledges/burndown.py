"""How what is promised goes down, day by day: still to come, reserved of it, delivered."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select

from services.communities import regions
from services.core import clock
from services.core.actor import Actor
from services.core.db import db
from services.pledges.models import Balance, Movement
from services.pledges.movements import COURSES
from services.pledges.standings import Line

POINTS = 6


@dataclass(frozen=True)
class Point:
    """The evening of a day: what is promised and has not come yet, what of that is reserved, what came."""

    day: date
    to_come: int
    reserved: int
    delivered: int


def of_lines(actor: Actor, lines: Sequence[Line]) -> dict[uuid.UUID, list[Point]]:
    """For each pledge the days of its present period until today, at most POINTS of them.

    Whoever may see the lines may see this; the promise itself stands from the first day, whenever it was entered.
    """
    today, zone = regions.today(actor.community_id), regions.zone_of(actor.community_id)
    begins = {line.pledge.id: line.standing.begin for line in lines}
    statement = (
        select(Movement.pledge_id, Balance.starts_on, Movement.at, Movement.kind, Movement.quantity)
        .join(Balance, (Balance.community_id == Movement.community_id) & (Balance.id == Movement.balance_id))
        .where(Movement.pledge_id.in_(begins), Balance.starts_on.in_(set(begins.values())))
        .order_by(Movement.id)
    )
    moved: dict[uuid.UUID, list[tuple[date, str, int]]] = {pledge_id: [] for pledge_id in begins}
    for pledge_id, begin, at, kind, quantity in db.session.execute(statement):
        if begins[pledge_id] == begin:
            moved[pledge_id].append((clock.day_of(at, zone), kind, quantity))
    return {line.pledge.id: _points(line, moved[line.pledge.id], today) for line in lines}


def _points(line: Line, moved: Sequence[tuple[date, str, int]], today: date) -> list[Point]:
    end = min(today, line.standing.end) if line.standing.end else today
    days = _days(max(line.standing.begin, line.pledge.starts_on), end)
    return [_evening(day, line.standing.promised, moved) for day in days]


def _evening(day: date, promised: int, moved: Sequence[tuple[date, str, int]]) -> Point:
    held = {"free": promised, "reserved": 0, "delivered": 0, "withdrawn": 0, "written_off": 0}
    for at, kind, quantity in moved:
        source, target = COURSES[kind]
        if source is not None and at <= day:
            held[source] -= quantity
            held[target] += quantity
    return Point(day, held["free"] + held["reserved"], held["reserved"], held["delivered"])


def _days(begin: date, end: date) -> list[date]:
    length = (end - begin).days
    if length <= 0:
        return [begin]
    count = min(POINTS, length + 1)
    return [begin + timedelta(days=round(length * step / (count - 1))) for step in range(count)]

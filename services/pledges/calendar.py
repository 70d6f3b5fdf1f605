"""What is free in a week: rooms by the hour, what renews by period, goods and money in stock."""

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import func, or_, select
from sqlalchemy.dialects.postgresql import Range

from services.communities import regions
from services.core import permissions
from services.core.actor import Actor
from services.core.db import among, db
from services.core.errors import NotFound
from services.core.week import HALF_HOURS_A_DAY
from services.pledges import periods, units
from services.pledges.models import Allocation, Balance, Pledge, Unit

FIRST, LAST = date(2000, 1, 3), date(2100, 1, 1)
DAY = 24 * 60

# From–to in minutes of a day.
Span = tuple[int, int]


@dataclass(frozen=True)
class RoomDay:
    """When a room is free on a day."""

    pledge: Pledge
    unit: Unit
    day: date
    spans: list[Span]


@dataclass(frozen=True)
class Free:
    """What is free of a pledge from `first` to `last` of the week, in its own measure."""

    pledge: Pledge
    unit: Unit
    first: date
    last: date
    free: int


@dataclass(frozen=True)
class FreeWeek:
    """A week from its Monday: rooms by day, what renews by period, and what is there in all."""

    monday: date
    rooms: list[RoomDay]
    renewing: list[Free]
    stock: list[Free]


def week(actor: Actor, *, day: date, unit_id: uuid.UUID | None = None) -> FreeWeek:
    """What is free in the week of a day, from today on: of every unit for the office, of the own one for its people.

    Raises Forbidden, NotFound for another unit, or a week too far away.
    """
    permissions.require(actor, "pledges.offer" if unit_id else "pledges.read")
    if unit_id:
        units.check_own(actor, unit_id)
    if not FIRST <= day <= LAST:
        raise NotFound()
    monday = day - timedelta(days=day.weekday())
    sunday = monday + timedelta(days=6)
    first = max(monday, regions.today(actor.community_id))
    if first > sunday:
        return FreeWeek(monday, [], [], [])
    found = _pledges(first, sunday, unit_id)
    free = _free([pledge for pledge, _unit in found], first, sunday)
    taken = _taken(actor, [pledge for pledge, _unit in found if pledge.kind == "venue"], first, sunday)
    rooms = [
        RoomDay(pledge, unit, one, spans)
        for pledge, unit in found
        if pledge.kind == "venue" and free[pledge.id, periods.begin(pledge, first)]
        for one in _days(first, sunday)
        if (spans := _spans(pledge, one, taken.get((pledge.id, one), [])))
    ]
    others = [
        Free(pledge, unit, begin, end, amount)
        for pledge, unit in found
        if pledge.kind != "venue"
        for begin, end in _stretches(pledge, first, sunday)
        if (amount := free[pledge.id, periods.begin(pledge, begin)])
    ]
    return FreeWeek(
        monday,
        sorted(rooms, key=lambda one: (one.day, one.pledge.item)),
        [one for one in others if one.pledge.period],
        [one for one in others if not one.pledge.period],
    )


def _days(first: date, last: date) -> Iterator[date]:
    for offset in range((last - first).days + 1):
        yield first + timedelta(days=offset)


def _pledges(first: date, last: date, unit_id: uuid.UUID | None) -> Sequence[tuple[Pledge, Unit]]:
    statement = (
        select(Pledge, Unit)
        .join(Unit, (Unit.community_id == Pledge.community_id) & (Unit.id == Pledge.unit_id))
        .where(
            Pledge.state == "open",
            Pledge.starts_on <= last,
            or_(Pledge.ends_on.is_(None), Pledge.ends_on >= first),
        )
        .order_by(Pledge.item, Pledge.id)
    )
    if unit_id:
        statement = statement.where(Pledge.unit_id == unit_id)
    return [(pledge, unit) for pledge, unit in db.session.execute(statement)]


def _stretches(pledge: Pledge, first: date, last: date) -> list[tuple[date, date]]:
    """The parts of the week that lie in different periods of the pledge, each within its dates."""
    found: list[tuple[date, date]] = []
    for one in _days(first, last):
        if not periods.covers(pledge, one):
            continue
        if found and periods.begin(pledge, found[-1][0]) == periods.begin(pledge, one):
            found[-1] = (found[-1][0], one)
        else:
            found.append((one, one))
    return found


def _free(pledges: Sequence[Pledge], first: date, last: date) -> dict[tuple[uuid.UUID, date], int]:
    """What is free of each pledge in each of its periods that the week touches."""
    begins = {
        (pledge.id, periods.begin(pledge, begin)): pledge
        for pledge in pledges
        for begin, _end in [(first, last), *_stretches(pledge, first, last)]
    }
    free = {key: periods.promised(pledge, key[1]) for key, pledge in begins.items()}
    touched = select(Balance.pledge_id, Balance.starts_on, Balance.free).where(
        among(Balance.pledge_id, {pledge.id for pledge in pledges}),
        Balance.starts_on.in_({begin for _id, begin in begins}),
    )
    for pledge_id, begin, amount in db.session.execute(touched):
        free[pledge_id, begin] = int(amount)
    return free


def _taken(
    actor: Actor, rooms: Sequence[Pledge], first: date, last: date
) -> dict[tuple[uuid.UUID, date], list[Span]]:
    """When each room is taken on each day, in minutes of the day."""
    zone = ZoneInfo(regions.zone_of(actor.community_id))
    begin = datetime.combine(first, time(), zone).astimezone(UTC)
    end = datetime.combine(last + timedelta(days=1), time(), zone).astimezone(UTC)
    hours = (func.lower(Allocation.during), func.upper(Allocation.during))
    statement = select(Allocation.pledge_id, Allocation.planned_on, *hours).where(
        among(Allocation.pledge_id, {room.id for room in rooms}),
        Allocation.state != "released",
        Allocation.during.op("&&")(Range(begin, end, bounds="[)")),
    )
    taken: dict[tuple[uuid.UUID, date], list[Span]] = {}
    for pledge_id, planned_on, lower, upper in db.session.execute(statement):
        start = lower.astimezone(zone)
        from_minute = start.hour * 60 + start.minute
        to_minute = from_minute + round((upper - lower).total_seconds() / 60)
        taken.setdefault((pledge_id, planned_on), []).append((from_minute, to_minute))
    return taken


def _spans(pledge: Pledge, day: date, taken: Sequence[Span]) -> list[Span]:
    if not periods.covers(pledge, day):
        return []
    return without(offered(periods.day_hours(pledge.week or 0, day.weekday())), taken)


def offered(hours: int) -> list[Span]:
    """The half-hours of a day (a mask of 48 bits) as from–to in minutes."""
    spans: list[Span] = []
    for number in range(HALF_HOURS_A_DAY):
        if hours >> number & 1:
            begin, end = number * 30, number * 30 + 30
            if spans and spans[-1][1] == begin:
                begin = spans.pop()[0]
            spans.append((begin, end))
    return spans


def without(spans: Sequence[Span], taken: Sequence[Span]) -> list[Span]:
    """What is left of `spans` when what is `taken` is cut out."""
    left = list(spans)
    for first, last in taken:
        left = [
            (begin, end)
            for from_minute, to_minute in left
            for begin, end in ((from_minute, min(to_minute, first)), (max(from_minute, last), to_minute))
            if begin < end
        ]
    return left

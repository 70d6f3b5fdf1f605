"""What pledges came to in a year: promised, delivered, to how many households, never to whom; and what a unit got."""

import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, distinct, func, select, true

from services.communities import regions
from services.communities.catalogue import THEMES
from services.core import permissions
from services.core.actor import Actor
from services.core.db import db
from services.core.errors import NotFound
from services.pledges import benefits, periods, units
from services.pledges.models import Allocation, Balance, Benefit, Delivery, Movement, Pledge, Unit

FIRST = 2000


@dataclass(frozen=True)
class Part:
    """One pledge in the year, in its own measure: what it promised for the periods that have begun, less what was taken back."""

    pledge: Pledge
    promised: int
    delivered: int
    households: int


@dataclass(frozen=True)
class Total:
    """What several pledges came to together in one measure; `of` is their theme, or their unit's name."""

    of: str
    measure: str
    pledges: int
    promised: int
    delivered: int


@dataclass(frozen=True)
class Impact:
    """A unit's year: its pledges that held in it, how often something was handed over, to how many households and projects.

    `benefits` are what it got in return.
    """

    unit: Unit
    year: int
    parts: list[Part]
    handed_over: int
    households: int
    projects: int
    benefits: Sequence[Benefit]

    @property
    def themes(self) -> list[Total]:
        """What it gave, by theme and measure."""
        return by_theme(self.parts)


def of_unit(actor: Actor, *, unit_id: uuid.UUID, year: int) -> Impact:
    """What a unit's pledges came to in a calendar year, and what it got, for the unit itself and the office.

    Raises Forbidden, NotFound, also for a year to come.
    """
    unit = units.get_unit(actor, unit_id)
    _check(actor, year)
    own = Pledge.unit_id == unit.id
    number, households, projects = reached(own, year)
    got = benefits.of_unit(actor, unit_id=unit.id, year=year)
    return Impact(unit, year, _parts(actor, own, year), number, households, projects, got)


def of_community(actor: Actor, *, year: int) -> list[Part]:
    """What every unit's pledges came to in a calendar year, for the office. Raises Forbidden, NotFound for a year to come."""
    permissions.require(actor, "pledges.read")
    _check(actor, year)
    return _parts(actor, true(), year)


def by_theme(parts: Iterable[Part]) -> list[Total]:
    """Pledges summed by theme and measure, in the order of the themes; those without one come last."""
    order = [term.code for term in THEMES]
    totals = _summed(parts, lambda part: part.pledge.theme)
    return sorted(totals, key=lambda one: order.index(one.of) if one.of in order else len(order))


def by_unit(parts: Iterable[Part], units_by_id: dict[uuid.UUID, Unit]) -> list[Total]:
    """Pledges summed by unit and measure, by the units' names."""
    totals = _summed(parts, lambda part: units_by_id[part.pledge.unit_id].name)
    return sorted(totals, key=lambda one: one.of)


def reached(pledges: ColumnElement[bool], year: int) -> tuple[int, int, int]:
    """How often something of `pledges` was handed over in a year, to how many households and for how many projects."""
    ends = (Allocation.household_id, Allocation.project_id)
    numbers = (func.count(), *(func.count(distinct(end)) for end in ends))
    number, households, projects = db.session.execute(_deliveries(pledges, year, *numbers)).one()
    return number, households, projects


def _summed(parts: Iterable[Part], of: Callable[[Part], str]) -> list[Total]:
    groups: dict[tuple[str, str], list[Part]] = {}
    for part in parts:
        groups.setdefault((of(part), part.pledge.measure), []).append(part)
    return [
        Total(
            key, measure, len(found), sum(one.promised for one in found), sum(one.delivered for one in found)
        )
        for (key, measure), found in sorted(groups.items())
    ]


def _check(actor: Actor, year: int) -> None:
    if not FIRST <= year <= regions.today(actor.community_id).year:
        raise NotFound()


def _parts(actor: Actor, which: ColumnElement[bool], year: int) -> list[Part]:
    """The pledges of `which` that held in the year, with what they promised and what came of it."""
    held = select(Pledge).where(
        which,
        Pledge.starts_on <= date(year, 12, 31),
        Pledge.ends_on.is_(None) | (Pledge.ends_on >= date(year, 1, 1)),
    )
    pledges = db.session.scalars(held.order_by(Pledge.starts_on, Pledge.id)).all()
    given = {pledge_id: tuple(numbers) for pledge_id, *numbers in _given(which, year)}
    back = _returned(which, year)
    balances = _balances(which)
    last = min(date(year, 12, 31), regions.today(actor.community_id))
    parts = [
        Part(
            row,
            _promised(row, date(year, 1, 1), last, balances.get(row.id, {})),
            given.get(row.id, (0, 0))[0] - back.get(row.id, 0),
            given.get(row.id, (0, 0))[1],
        )
        for row in pledges
    ]
    return [part for part in parts if part.promised or part.delivered]


def years_of(actor: Actor, *, unit_id: uuid.UUID) -> list[int]:
    """The years to choose from: the present one and every one since the first pledge, the latest first.

    Raises Forbidden, NotFound.
    """
    unit = units.get_unit(actor, unit_id)
    present = regions.today(actor.community_id).year
    first = db.session.scalar(select(func.min(Pledge.starts_on)).where(Pledge.unit_id == unit.id))
    return list(range(present, min(first.year, present) - 1 if first else present - 1, -1))


def _deliveries(which: ColumnElement[bool], year: int, *what: Any) -> Select[Any]:
    same = Delivery.community_id
    return (
        select(*what)
        .select_from(Delivery)
        .join(Allocation, (Allocation.community_id == same) & (Allocation.id == Delivery.allocation_id))
        .join(Pledge, (Pledge.community_id == same) & (Pledge.id == Allocation.pledge_id))
        .where(
            which,
            Allocation.state != "released",
            Delivery.delivered_on.between(date(year, 1, 1), date(year, 12, 31)),
        )
    )


def _given(which: ColumnElement[bool], year: int) -> Iterable[Any]:
    numbers = (func.sum(Delivery.quantity), func.count(distinct(Allocation.household_id)))
    return db.session.execute(_deliveries(which, year, Pledge.id, *numbers).group_by(Pledge.id))


def _returned(which: ColumnElement[bool], year: int) -> dict[uuid.UUID, int]:
    """What came back later of the year's deliveries, by pledge; an allocation of which nothing stayed is no delivery at all."""
    last = func.extract("year", func.max(Delivery.delivered_on))
    that_year = select(Delivery.allocation_id).group_by(Delivery.allocation_id).having(last == year)
    rows = db.session.execute(
        select(Movement.pledge_id, func.sum(Movement.quantity))
        .join(
            Allocation,
            (Allocation.community_id == Movement.community_id) & (Allocation.id == Movement.allocation_id),
        )
        .join(Pledge, (Pledge.community_id == Movement.community_id) & (Pledge.id == Movement.pledge_id))
        .where(
            which,
            Movement.kind == "returned",
            Allocation.state != "released",
            Movement.allocation_id.in_(that_year),
        )
        .group_by(Movement.pledge_id)
    )
    return {pledge_id: int(number) for pledge_id, number in rows}


def _balances(which: ColumnElement[bool]) -> dict[uuid.UUID, dict[date, int]]:
    """What was taken back in each period that somebody has touched, by pledge."""
    rows = db.session.execute(
        select(Balance.pledge_id, Balance.starts_on, Balance.withdrawn)
        .join(Pledge, (Pledge.community_id == Balance.community_id) & (Pledge.id == Balance.pledge_id))
        .where(which)
    )
    found: dict[uuid.UUID, dict[date, int]] = {}
    for pledge_id, starts_on, withdrawn in rows:
        found.setdefault(pledge_id, {})[starts_on] = int(withdrawn)
    return found


def _promised(pledge: Pledge, first: date, last: date, taken_back: dict[date, int]) -> int:
    if pledge.period == "":
        return pledge.promised - sum(taken_back.values())
    starts = _starts(pledge, first, last)
    # Of one taken back as a whole it is not known which untouched periods it still held for.
    return sum(
        periods.promised(pledge, start) - taken_back.get(start, 0)
        for start in starts
        if pledge.state == "open" or start in taken_back
    )


def _starts(pledge: Pledge, first: date, last: date) -> Iterator[date]:
    """The periods of a renewing pledge that begin, or in which it begins, from `first` to `last`."""
    day = max(first, pledge.starts_on)
    last = min(last, pledge.ends_on) if pledge.ends_on else last
    while day <= last:
        start = periods.begin(pledge, day)
        if max(start, pledge.starts_on) >= first:
            yield start
        day = (periods.last(pledge, start) or last) + timedelta(days=1)

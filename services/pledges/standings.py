"""How pledges stand: promised, reserved, delivered and free in the present period, for lists and pages."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Date, Select, and_, case, cast, func, literal, or_, select

from services.communities import regions
from services.core import paging, permissions
from services.core.actor import Actor
from services.core.db import db
from services.core.errors import NotFound
from services.pledges import movements, offers, periods, units
from services.pledges.models import Allocation, Balance, Pledge, Unit

SOON = 30
UNTHEMED = "none"
# The numbers of a standing, in its order.
PARTS = ("promised", "reserved", "delivered", "withdrawn", "written_off", "free")


@dataclass(frozen=True)
class Standing:
    """A pledge's numbers in the period from `begin` to `end` (None: no end), in its own measure."""

    begin: date
    end: date | None
    promised: int
    reserved: int
    delivered: int
    withdrawn: int
    written_off: int
    free: int


@dataclass(frozen=True)
class Line:
    """A pledge of a list: its unit, how it stands today, and whether it still holds."""

    pledge: Pledge
    unit: Unit
    standing: Standing
    expired: bool


def lines(
    actor: Actor,
    *,
    unit_id: uuid.UUID | None = None,
    kind: str = "",
    theme: str = "",
    only: str = "",
    after: str | None = None,
    limit: int = 50,
) -> tuple[list[Line], str | None]:
    """Pledges as they stand today, newest first, and the cursor of the next page.

    `theme` may be UNTHEMED. `only`: "open" (holds), "free" (something is free now), "expiring" (free, and ends within 30 days), "expired" or "withdrawn".
    A unit's person sees the own unit's. Raises Forbidden, NotFound.
    """
    permissions.require(actor, "pledges.offer")
    if not actor.has("staff", "admin"):
        own = units.own_unit(actor)
        if own is None or unit_id not in (None, own.id):
            raise NotFound()
        unit_id = own.id
    today = regions.today(actor.community_id)
    statement = _narrowed(select(Pledge), today, unit_id, kind, only)
    if theme:
        statement = statement.where(Pledge.theme == ("" if theme == UNTHEMED else theme))
    page = paging.newest_first(statement, Pledge.id, after=after, limit=limit)
    return describe(page.rows, today), page.next


def one(actor: Actor, pledge_id: uuid.UUID) -> Line:
    """How a pledge stands today, for the office or its own unit. Raises Forbidden, NotFound."""
    pledge = offers.get_pledge(actor, pledge_id)
    return describe([pledge], regions.today(actor.community_id))[0]


def _narrowed(
    statement: Select[Any], today: date, unit_id: uuid.UUID | None, kind: str, only: str
) -> Select[Any]:
    if unit_id:
        statement = statement.where(Pledge.unit_id == unit_id)
    if kind:
        statement = statement.where(Pledge.kind == kind)
    living = or_(Pledge.ends_on.is_(None), Pledge.ends_on >= today)
    if only == "open":
        statement = statement.where(holds(today))
    if only in ("free", "expiring"):
        statement = free_now(statement, today)
    if only == "expiring":
        statement = statement.where(Pledge.ends_on <= today + timedelta(days=SOON))
    if only == "expired":
        statement = statement.where(~living)
    if only == "withdrawn":
        statement = statement.where(Pledge.state == "withdrawn")
    return statement


def holds(today: date) -> ColumnElement[bool]:
    """What it means that a pledge is open on `today`: not taken back, and not past its last day."""
    return and_(Pledge.state == "open", or_(Pledge.ends_on.is_(None), Pledge.ends_on >= today))


def free_now(statement: Select[Any], today: date) -> Select[Any]:
    """`statement` narrowed to open pledges of which something is free in the present (or first) period."""
    day = func.greatest(literal(today, Date), Pledge.starts_on)
    begin = case(
        (Pledge.period == "", Pledge.starts_on), else_=cast(func.date_trunc(Pledge.period, day), Date)
    )
    gone = (
        select(Balance.id)
        .where(Balance.pledge_id == Pledge.id, Balance.starts_on == begin, Balance.free == 0)
        .correlate(Pledge)
        .exists()
    )
    living = or_(Pledge.ends_on.is_(None), Pledge.ends_on >= today)
    return statement.where(Pledge.state == "open", living, ~gone)


def describe(pledges: Sequence[Pledge], today: date) -> list[Line]:
    """How each pledge stands today, in the given order."""
    starts = {row.id: periods.begin(row, periods.current(row, today)) for row in pledges}
    balances = {
        (row.pledge_id, row.starts_on): row
        for row in db.session.scalars(
            select(Balance).where(Balance.pledge_id.in_(starts), Balance.starts_on.in_(set(starts.values())))
        )
    }
    owners = {
        row.id: row
        for row in db.session.scalars(select(Unit).where(Unit.id.in_({row.unit_id for row in pledges})))
    }
    return [
        Line(
            row,
            owners[row.unit_id],
            _standing(row, starts[row.id], balances.get((row.id, starts[row.id]))),
            row.ends_on is not None and row.ends_on < today,
        )
        for row in pledges
    ]


def as_of(pledge: Pledge, day: date) -> list[Standing]:
    """Every touched period as it stood on the evening of a day, the latest first: from the movements alone."""
    return summed(pledge, movements.of_pledge(pledge, until=day))


def summed(pledge: Pledge, entries: Sequence[movements.Entry]) -> list[Standing]:
    """What entries of a pledge, newest first, come to in each period, the latest first."""
    held: dict[date, dict[str, int]] = {}
    for movement, balance in reversed(entries):
        parts = held.setdefault(balance.starts_on, dict.fromkeys(PARTS, 0))
        source, target = movements.COURSES[movement.kind]
        parts[source or "promised"] += movement.quantity if source is None else -movement.quantity
        parts[target] += movement.quantity
    return [
        Standing(start, periods.last(pledge, start), *(held[start][part] for part in PARTS))
        for start in sorted(held, reverse=True)
    ]


def of_periods(pledge: Pledge) -> list[Standing]:
    """Every period of a pledge that somebody has touched, the latest first."""
    rows = db.session.scalars(
        select(Balance).where(Balance.pledge_id == pledge.id).order_by(Balance.starts_on.desc())
    )
    return [_standing(pledge, row.starts_on, row) for row in rows]


def _standing(pledge: Pledge, start: date, balance: Balance | None) -> Standing:
    end = periods.last(pledge, start)
    if balance is None:
        promised = periods.promised(pledge, start)
        return Standing(start, end, promised, 0, 0, 0, 0, promised if pledge.state == "open" else 0)
    return Standing(start, end, *(getattr(balance, part) for part in PARTS))


def open_of_unit(unit_id: uuid.UUID, today: date) -> int:
    """How many pledges of a unit hold on a day: the length of its list of open ones."""
    found = _narrowed(select(func.count()).select_from(Pledge), today, unit_id, "", "open")
    return db.session.scalars(found).one()


def counts(actor: Actor) -> dict[str, int]:
    """How many units and pledges there are, and how many are free, expiring or offered for a need, each the length of a list.

    Raises Forbidden.
    """
    permissions.require(actor, "pledges.read")
    today = regions.today(actor.community_id)
    found = {
        only: db.session.scalar(
            select(func.count()).select_from(_narrowed(select(Pledge), today, None, "", only).subquery())
        )
        for only in ("", "free", "expiring")
    }
    return {
        "units": db.session.scalar(select(func.count()).select_from(Unit)) or 0,
        "pledges": found[""] or 0,
        "free": found["free"] or 0,
        "expiring": found["expiring"] or 0,
        "offered": db.session.scalars(
            select(func.count()).select_from(Allocation).where(Allocation.state == "offered")
        ).one(),
    }

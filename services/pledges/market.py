"""Open needs as a unit may know them (of what kind, how much, in which estate; never whose), and offering help for one."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select

from services.communities import regions
from services.communities.models import Building
from services.core import audit, locks, paging
from services.core.actor import Actor
from services.core.db import db
from services.core.errors import N_, Conflict, DomainError, NotFound
from services.households.models import Household, Need
from services.pledges import (
    allocations,
    movements,
    periods,
    purposes,
    quantities,
    standings,
    suggestions,
    units,
)
from services.pledges.models import Allocation, Pledge, Unit
from services.pledges.purposes import Purpose
from services.pledges.standings import Line

URGENT = 4


@dataclass(frozen=True)
class Wish:
    """An open need without a word of whose it is; `offered` when the unit has offered help for it already."""

    id: uuid.UUID
    kind: str
    estate: str
    hours: Decimal | None
    times: int | None
    once: bool
    urgent: bool
    offered: bool


def wishes(
    actor: Actor, *, kind: str = "", after: str | None = None, limit: int = 30
) -> tuple[list[Wish], str | None]:
    """Open needs that nothing is reserved for, the newest first, and the cursor of the next page. Raises Forbidden, NotFound."""
    unit = units.own(actor)
    statement = _open(select(Need))
    if kind:
        statement = statement.where(Need.kind == kind)
    page = paging.newest_first(statement, Need.id, after=after, limit=limit)
    return _described(page.rows, unit), page.next


def counts(actor: Actor) -> dict[str, int]:
    """How many open needs of each kind the market shows, each the length of a list. Raises Forbidden, NotFound."""
    units.own(actor)
    found = db.session.execute(_open(select(Need.kind, func.count()).group_by(Need.kind)))
    return {kind: number for kind, number in found}


def wish(actor: Actor, *, need_id: uuid.UUID) -> Wish:
    """One open need of the market. Raises Forbidden, NotFound, Conflict for one that is no longer there."""
    unit = units.own(actor)
    rows = db.session.scalars(_open(select(Need)).where(Need.id == locks.get(Need, need_id).id)).all()
    if not rows:
        raise Conflict(
            "gone", N_("Somebody helps here already, or it is no longer needed. Please choose another need.")
        )
    return _described(rows, unit)[0]


def fitting(actor: Actor, *, need_id: uuid.UUID) -> list[Line]:
    """The unit's own pledges of which something is free for a need, those meant for its kind first. Raises Forbidden, NotFound."""
    unit = units.own(actor)
    need = locks.get(Need, wish(actor, need_id=need_id).id)
    today = regions.today(actor.community_id)
    free = db.session.scalars(standings.free_now(select(Pledge).where(Pledge.unit_id == unit.id), today))
    own = sorted(
        (row for row in free if suggestions.fits(row, need)), key=lambda row: (row.need_kind == "", row.id)
    )
    return standings.describe(own, today)


def offer(
    actor: Actor, *, need_id: uuid.UUID, pledge_id: uuid.UUID, quantity: int | None = None
) -> Allocation:
    """Offer part of an own pledge for an open need; the office looks at it, and reserves it or declines.

    Of a room everything free is offered: the office arranges the hours. The same offer twice is one. Raises Forbidden,
    NotFound, DomainError by field, Conflict when there is not that much or the need is no longer open.
    """
    unit = units.own(actor)
    pledge = locks.lock(Pledge, pledge_id)
    if pledge.unit_id != unit.id:
        raise NotFound()
    need = locks.share(Need, need_id)
    purpose = Purpose(household_id=need.household_id, need_id=need.id)
    if earlier := purposes.offered(pledge.id, purpose):
        return earlier
    wish(actor, need_id=need.id)
    if pledge.state != "open" or not suggestions.fits(pledge, need):
        raise DomainError("pledge_id", N_("This pledge does not fit the need."), field="pledge_id")
    return put(actor, pledge, purpose, quantity)


def put(actor: Actor, pledge: Pledge, purpose: Purpose, quantity: int | None) -> Allocation:
    """Enter an offer of what is free of an own pledge, which the caller has locked and checked.

    Raises DomainError, Conflict when there is not that much.
    """
    day = periods.next_day(pledge, regions.today(actor.community_id))
    balance = movements.open_balance(actor, pledge, day)
    amount = balance.free if pledge.kind == "venue" else quantities.checked(quantity or 0)
    if not 0 < amount <= balance.free:
        raise Conflict(
            "not_enough",
            N_("Only %(free)s of it is free now. Please offer less, or another pledge."),
            field="quantity",
            free=quantities.written(balance.free, pledge.measure, actor.language),
        )
    row = Allocation(
        pledge_id=pledge.id,
        balance_id=balance.id,
        quantity=amount,
        planned_on=day,
        state="offered",
        created_by=actor.account_id,
        **purpose.columns,
    )
    db.session.add(row)
    db.session.flush()
    audit.record(actor, "allocation.offered", "allocation", row.id)
    return row


def take_back(actor: Actor, *, allocation_id: uuid.UUID) -> None:
    """Take an own offer back that the office has not answered yet. Raises Forbidden, NotFound, Conflict."""
    unit = units.own(actor)
    pledge, row = allocations.lock(allocation_id)
    if pledge.unit_id != unit.id:
        raise NotFound()
    if row.state != "offered":
        raise Conflict("answered", N_("The community has answered this offer already."))
    row.state = "released"
    db.session.flush()
    audit.record(actor, "allocation.taken_back", "allocation", row.id)


def _open(statement: Any) -> Any:
    homes = select(Household.id).where(
        Household.community_id == Need.community_id, Household.state == "active"
    )
    reserved = select(Allocation.need_id).where(
        Allocation.community_id == Need.community_id,
        Allocation.need_id == Need.id,
        Allocation.state == "reserved",
    )
    return statement.where(Need.state == "open", Need.household_id.in_(homes), ~reserved.exists())


def _described(rows: Sequence[Need], unit: Unit) -> list[Wish]:
    homes = {row.household_id for row in rows}
    places = select(Household.id, Building.estate).join(
        Building, (Building.community_id == Household.community_id) & (Building.id == Household.building_id)
    )
    estates = {home: estate for home, estate in db.session.execute(places.where(Household.id.in_(homes)))}
    own = select(Pledge.id).where(Pledge.unit_id == unit.id)
    offered = set(
        db.session.scalars(
            select(Allocation.need_id).where(
                Allocation.need_id.in_({row.id for row in rows}),
                Allocation.pledge_id.in_(own),
                Allocation.state == "offered",
            )
        )
    )
    return [
        Wish(
            row.id,
            row.kind,
            estates.get(row.household_id, ""),
            row.hours,
            row.times,
            row.once,
            row.urgency >= URGENT,
            row.id in offered,
        )
        for row in rows
    ]

"""Reserving part of a pledge for a household's need or a project, and giving it back."""

import uuid
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import Range

from services.communities import regions
from services.core import audit, locks, permissions
from services.core.actor import Actor
from services.core.db import db
from services.core.errors import N_, Conflict, DomainError
from services.pledges import movements, notices, periods, purposes, quantities
from services.pledges.models import Allocation, Balance, Delivery, Pledge
from services.pledges.purposes import Purpose

RELEASE_REASONS = {
    "not_needed": N_("No longer needed"),
    "unit_cannot": N_("The unit cannot give it now"),
    "household_away": N_("The household is away"),
    "another_fits": N_("Another pledge fits better"),
    "mistake": N_("Entered by mistake"),
}


def allocate(
    actor: Actor,
    *,
    pledge_id: uuid.UUID,
    planned_on: date,
    need_id: uuid.UUID | None = None,
    project_id: uuid.UUID | None = None,
    part_id: uuid.UUID | None = None,
    quantity: int | None = None,
    from_time: time | None = None,
    to_time: time | None = None,
) -> Allocation:
    """Reserve part of a pledge for an open need, or for a project (for one thing it takes, or as a whole).

    The day lies within the pledge's dates; what the unit offered for the same is taken up.

    A venue is reserved from–to inside its weekly hours (midnight as `to_time` ends the day) by the community's
    clock; its quantity is those minutes. Raises Forbidden, NotFound, DomainError by field, and Conflict when
    there is not that much left, the room is taken, the need is met, the project is over or the pledge is withdrawn.
    """
    permissions.require(actor, "pledges.allocate")
    pledge = locks.lock(Pledge, pledge_id)
    purpose = purposes.held(need_id=need_id, project_id=project_id, part_id=part_id)
    purposes.check_counts(pledge, purpose)
    _check(pledge, planned_on)
    during = None
    if pledge.kind == "venue":
        during, quantity = _hours(pledge, planned_on, from_time, to_time)
        _refuse_taken(pledge, during)
    amount = quantities.checked(quantity or 0)
    balance = movements.open_balance(actor, pledge, planned_on)
    if balance.free < amount:
        raise Conflict(
            "not_enough",
            N_(
                "Only %(free)s of it is free in that time. Please choose less, another day or another pledge."
            ),
            field="quantity",
            free=quantities.written(balance.free, pledge.measure, actor.language),
        )
    return _reserve(actor, pledge, balance, purpose, planned_on, amount, during)


def _reserve(
    actor: Actor,
    pledge: Pledge,
    balance: Balance,
    purpose: Purpose,
    planned_on: date,
    quantity: int,
    during: Range[datetime] | None,
) -> Allocation:
    allocation = purposes.offered(pledge.id, purpose) or Allocation(
        pledge_id=pledge.id, created_by=actor.account_id, **purpose.columns
    )
    allocation.balance_id, allocation.quantity = balance.id, quantity
    allocation.during, allocation.planned_on, allocation.state = during, planned_on, "reserved"
    db.session.add(allocation)
    db.session.flush()
    movements.move(actor, balance, "reserved", quantity, allocation=allocation)
    audit.record(actor, "allocation.made", "allocation", allocation.id)
    notices.allocated(actor, pledge, allocation)
    return allocation


def _check(pledge: Pledge, planned_on: date) -> None:
    if pledge.state != "open":
        raise Conflict(
            "withdrawn",
            N_("This pledge has been taken back by its unit. Please choose another one, or ask the unit."),
        )
    if not periods.covers(pledge, planned_on):
        raise DomainError(
            "planned_on",
            N_("The pledge does not hold on this day. Choose a day between its first and its last one."),
            field="planned_on",
        )


def _hours(
    pledge: Pledge, day: date, from_time: time | None, to_time: time | None
) -> tuple[Range[datetime], int]:
    for field, value in (("from_time", from_time), ("to_time", to_time)):
        if value is None:
            raise DomainError(field, N_("Please say from when until when."), field=field)
    assert from_time is not None and to_time is not None
    first = from_time.hour * 60 + from_time.minute
    last = to_time.hour * 60 + to_time.minute or 24 * 60
    if last <= first:
        raise DomainError("to_time", N_("The end must be after the beginning."), field="to_time")
    wanted = ((1 << (-(-last // 30) - first // 30)) - 1) << (first // 30)
    if wanted & ~periods.day_hours(pledge.week or 0, day.weekday()):
        raise DomainError(
            "outside_hours",
            N_(
                "The room is not offered at this time of that day. The pledge's page shows the hours to choose from."
            ),
            field="from_time",
        )
    local = ZoneInfo(regions.zone_of(pledge.community_id))
    midnight = datetime.combine(day, time())
    begin, end = (
        (midnight + timedelta(minutes=minutes)).replace(tzinfo=local).astimezone(UTC)
        for minutes in (first, last)
    )
    return Range(begin, end, bounds="[)"), last - first


def _refuse_taken(pledge: Pledge, during: Range[datetime]) -> None:
    statement = select(Allocation.id).where(
        Allocation.pledge_id == pledge.id,
        Allocation.state != "released",
        Allocation.during.op("&&")(during),
    )
    if db.session.scalars(statement.limit(1)).first():
        raise Conflict(
            "venue_taken",
            N_("Somebody else has the room at this time. Please choose another time or another day."),
            field="from_time",
        )


def release(actor: Actor, *, allocation_id: uuid.UUID, reason: str) -> Allocation:
    """Give what is left of a reserved allocation back to its pledge, for a coded reason; an offer is declined by it.

    Of a pledge that has been taken back it goes back to the unit. Raises Forbidden, NotFound, DomainError, Conflict.
    """
    permissions.require(actor, "pledges.allocate")
    if reason not in RELEASE_REASONS:
        raise DomainError("reason", N_("Please choose a reason."), field="reason")
    allocation = lock_reserved(allocation_id, offered=True)
    if allocation.state == "offered":
        allocation.state = "released"
        notices.not_taken(actor, allocation)
    else:
        rest = left(allocation)
        # Of what came in part, that part stays delivered.
        allocation.state = "released" if rest == allocation.quantity else "delivered"
        give_back(actor, allocation, rest, reason=reason)
    audit.record(actor, "allocation.released", "allocation", allocation.id, code=reason)
    return allocation


def left(allocation: Allocation) -> int:
    """How much of a reserved allocation has not come yet."""
    return allocation.quantity - came(allocation)


def came(allocation: Allocation) -> int:
    """How much of an allocation was signed for, whatever of it went back later."""
    signed = select(func.coalesce(func.sum(Delivery.quantity), 0))
    return int(db.session.scalars(signed.where(Delivery.allocation_id == allocation.id)).one())


def lock(allocation_id: uuid.UUID) -> tuple[Pledge, Allocation]:
    """An allocation after its pledge, both locked, in the order of `allocate`, which takes up an offer. Raises NotFound."""
    pledge = locks.lock(Pledge, locks.get(Allocation, allocation_id).pledge_id)
    return pledge, locks.lock(Allocation, allocation_id)


def lock_reserved(allocation_id: uuid.UUID, *, offered: bool = False) -> Allocation:
    """The allocation under its own and its pledge's lock. Raises NotFound, Conflict when it is no longer reserved.

    One that is only `offered` will do where that is said.
    """
    _pledge, allocation = lock(allocation_id)
    if allocation.state == "offered" and not offered:
        raise Conflict("offered", N_("This is only offered. Reserve it first."))
    if allocation.state == "delivered":
        raise Conflict(
            "delivered",
            N_(
                "This has been delivered and signed already; its page shows the receipt. What comes on top is a new allocation."
            ),
        )
    if allocation.state == "released":
        raise Conflict(
            "released",
            N_(
                "This has been released, so nothing is reserved any more. If it is needed after all, allocate it again from the pledge."
            ),
        )
    return allocation


def give_back(
    actor: Actor, allocation: Allocation, quantity: int, *, reason: str, kind: str = "released"
) -> None:
    """`quantity` of an allocation whose locks the caller holds is free again, released or `returned`; the unit's when the pledge is withdrawn."""
    pledge = locks.get(Pledge, allocation.pledge_id)
    balance = locks.lock(Balance, allocation.balance_id)
    movements.move(actor, balance, kind, quantity, allocation=allocation, reason=reason)
    if pledge.state == "withdrawn":
        movements.move(actor, balance, "withdrawn", quantity, allocation=allocation, reason=reason)

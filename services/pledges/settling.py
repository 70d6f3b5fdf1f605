"""What came back, and what never came: entered against what stands, never by changing it."""

import uuid

from sqlalchemy import func, select

from services.communities import regions
from services.core import audit, locks, permissions
from services.core.actor import Actor
from services.core.db import db
from services.core.errors import N_, Conflict, DomainError
from services.pledges import allocations, movements, periods, quantities
from services.pledges.models import Allocation, Movement, Pledge

RETURN_REASONS = {
    "lent": N_("It was lent and is back"),
    "not_used": N_("It was not used"),
    "wrong": N_("The delivery was entered wrongly"),
}
WRITE_OFF_REASONS = {
    "never_came": N_("It never came, and will not"),
    "broken": N_("It is broken or gone"),
    "expired": N_("Its time is over"),
}


def take_return(
    actor: Actor, *, allocation_id: uuid.UUID, reason: str, quantity: int | None = None
) -> Allocation:
    """What was delivered of an allocation comes back, all of it or `quantity`, and is free again.

    The deliveries stay on record with their signatures. Of a pledge that was taken back it goes to the unit; an allocation
    that is over and of which nothing stayed counts as released. Raises Forbidden, NotFound, DomainError by field, Conflict.
    """
    permissions.require(actor, "pledges.allocate")
    _known(reason, RETURN_REASONS)
    _pledge, allocation = allocations.lock(allocation_id)
    there = stayed(allocation)
    if not there:
        raise Conflict("nothing_came", N_("Nothing of it is there, so nothing can come back."))
    part = there if quantity is None else quantities.checked(quantity)
    if part > there:
        raise DomainError("too_much", N_("More than came cannot come back."), field="quantity")
    if allocation.during is not None and part != there:
        raise DomainError("room", N_("A room's hours come back as a whole."), field="quantity")
    allocations.give_back(actor, allocation, part, reason=reason, kind="returned")
    if allocation.state == "delivered" and part == there:
        allocation.state = "released"
    db.session.flush()
    audit.record(actor, "delivery.returned", "allocation", allocation.id, part=part < there, code=reason)
    return allocation


def stayed(allocation: Allocation) -> int:
    """How much of an allocation was delivered and did not come back."""
    back = select(func.coalesce(func.sum(Movement.quantity), 0)).where(
        Movement.allocation_id == allocation.id, Movement.kind == "returned"
    )
    return allocations.came(allocation) - int(db.session.scalars(back).one())


def write_off(actor: Actor, *, pledge_id: uuid.UUID, reason: str, quantity: int | None = None) -> Pledge:
    """What is free of a pledge's present (or last) period will not come: all of it or `quantity` is written off.

    Raises Forbidden, NotFound, DomainError by field, Conflict when that much is not free.
    """
    permissions.require(actor, "pledges.allocate")
    _known(reason, WRITE_OFF_REASONS)
    pledge = locks.lock(Pledge, pledge_id)
    # Of one that was taken back nothing is free, also in a period that nobody has touched.
    balance = None
    if pledge.state == "open":
        day = periods.current(pledge, regions.today(actor.community_id))
        balance = movements.open_balance(actor, pledge, day)
    if balance is None or not balance.free:
        raise Conflict(
            "nothing_free",
            N_("Nothing of it is free. What is reserved is released first, then it can be written off."),
        )
    part = balance.free if quantity is None else quantities.checked(quantity)
    movements.move(actor, balance, "written_off", part, reason=reason)
    audit.record(actor, "pledge.written_off", "pledge", pledge.id, part=quantity is not None, code=reason)
    return pledge


def _known(reason: str, reasons: dict[str, str]) -> None:
    if reason not in reasons:
        raise DomainError("reason", N_("Please choose a reason."), field="reason")

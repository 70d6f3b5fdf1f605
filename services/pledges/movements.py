"""The ledger of a pledge: balances change only by append-only movements, and are always their sum."""

import uuid
from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from sqlalchemy import select

from services.communities import regions
from services.core import clock
from services.core.actor import Actor
from services.core.db import db
from services.core.errors import N_, Conflict
from services.pledges import endings, periods
from services.pledges.models import Allocation, Balance, Movement, Pledge

# What each movement takes its quantity from and gives it to; "promised" grows when a period is first touched.
COURSES: dict[str, tuple[str | None, str]] = {
    "pledged": (None, "free"),
    "reserved": ("free", "reserved"),
    "released": ("reserved", "free"),
    "delivered": ("reserved", "delivered"),
    "returned": ("delivered", "free"),
    "withdrawn": ("free", "withdrawn"),
    "written_off": ("free", "written_off"),
}


class Entry(NamedTuple):
    """A movement with the balance it belongs to."""

    movement: Movement
    balance: Balance


def open_balance(actor: Actor, pledge: Pledge, day: date) -> Balance:
    """The balance of the period that `day` falls in, made on first use. The caller holds the pledge's lock."""
    start = periods.begin(pledge, day)
    found = db.session.scalars(
        select(Balance)
        .where(Balance.pledge_id == pledge.id, Balance.starts_on == start)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()
    if found:
        return found
    balance = Balance(
        pledge_id=pledge.id,
        starts_on=start,
        promised=0,
        free=0,
        reserved=0,
        delivered=0,
        withdrawn=0,
        written_off=0,
    )
    db.session.add(balance)
    db.session.flush()
    # A room's first or last week may have none of its hours within the dates.
    if promised := periods.promised(pledge, start):
        move(actor, balance, "pledged", promised)
    return balance


def move(
    actor: Actor,
    balance: Balance,
    kind: str,
    quantity: int,
    *,
    allocation: Allocation | None = None,
    reason: str = "",
) -> Movement:
    """Write a movement and change the balance by it. The caller holds the pledge's lock.

    Raises Conflict when there is not that much to take.
    """
    source, target = COURSES[kind]
    if source is None:
        balance.promised += quantity
    elif getattr(balance, source) < quantity:
        raise Conflict(
            "not_enough",
            N_("There is not that much left: somebody was first, or it is already promised."),
            field="quantity",
        )
    else:
        setattr(balance, source, getattr(balance, source) - quantity)
    setattr(balance, target, getattr(balance, target) + quantity)
    movement = Movement(
        pledge_id=balance.pledge_id,
        balance_id=balance.id,
        allocation_id=allocation.id if allocation else None,
        kind=kind,
        quantity=quantity,
        at=clock.now(),
        account_id=actor.account_id,
        reason=reason,
    )
    db.session.add(movement)
    db.session.flush()
    if kind != "pledged":
        endings.moved(db.session.get_one(Pledge, (balance.community_id, balance.pledge_id)))
    return movement


def free_after(entries: Sequence[Entry]) -> dict[int, int]:
    """For each of a pledge's entries, by its id, how much was free of its period after it. `entries` are newest first."""
    free: dict[uuid.UUID, int] = {}
    found = {}
    for movement, balance in reversed(entries):
        source, target = COURSES[movement.kind]
        change = (target == "free") - (source == "free")
        free[balance.id] = free.get(balance.id, 0) + change * movement.quantity
        found[movement.id] = free[balance.id]
    return found


def of_pledge(pledge: Pledge, until: date | None = None) -> Sequence[Entry]:
    """A pledge's movements with the balance each belongs to, newest first; those until the evening of a day."""
    return of_pledges(pledge.community_id, [pledge.id], until)


def of_pledges(
    community_id: int, pledge_ids: Sequence[uuid.UUID], until: date | None = None
) -> Sequence[Entry]:
    """As `of_pledge`, of several at once."""
    statement = (
        select(Movement, Balance)
        .join(Balance, (Balance.community_id == Movement.community_id) & (Balance.id == Movement.balance_id))
        .where(Movement.pledge_id.in_(pledge_ids))
        .order_by(Movement.id.desc())
    )
    zone = regions.zone_of(community_id)
    return [
        Entry(movement, balance)
        for movement, balance in db.session.execute(statement)
        if until is None or clock.day_of(movement.at, zone) <= until
    ]

"""Handing over: the receiver signs on a screen, by a one-time link, in his own account or on paper."""

import json
import uuid
from datetime import date, timedelta

from sqlalchemy import select

from services.communities import regions
from services.core import audit, locks, permissions
from services.core.actor import Actor
from services.core.db import db
from services.core.errors import N_, DomainError, NotFound
from services.core.free_text import without_id_numbers
from services.households import needs
from services.households.models import Household, Need
from services.people import tokens
from services.people.models import Token
from services.pledges import allocations, movements, notices, quantities, signatures
from services.pledges.models import Allocation, Balance, Delivery, Pledge

WAYS = {
    "screen": N_("Drawn on the screen"),
    "typed": N_("Name typed on our device"),
    "link": N_("By the household's link"),
    "account": N_("In the household's account"),
    "paper": N_("On paper, noted by staff"),
}
PURPOSE = "delivery"
LINK_DAYS = 14
LATEST_PAPER = 366


def sign(
    actor: Actor,
    *,
    allocation_id: uuid.UUID,
    receiver: str,
    how: str,
    quantity: int | None = None,
    strokes: str | None = None,
    day: date | None = None,
    met: bool = False,
) -> Delivery:
    """The receiver signs for a reserved allocation; it is delivered from then on.

    The office signs him in by `how` (screen with `strokes`, typed, paper with a past `day`), a household by its own
    account. Less than allocated (never for a room) releases the rest with the reason "partial". `met` (the office's to
    say) marks the need as met. Raises Forbidden, NotFound, DomainError by field, Conflict.
    """
    permissions.require(actor, "pledges.sign")
    allocation = locks.get(Allocation, allocation_id)
    office = actor.has("staff", "admin")
    if not office and not _own_household(actor, allocation):
        raise NotFound()
    if how not in (("screen", "typed", "paper") if office else ("account",)):
        raise DomainError("how", N_("Please choose one of the list."), field="how")
    drawn = json.dumps(signatures.read(strokes or "")) if how == "screen" else None
    today = regions.today(actor.community_id)
    delivered_on = day or today
    if delivered_on > today:
        raise DomainError("day", N_("A delivery cannot be signed before its day."), field="day")
    if delivered_on < today - timedelta(days=LATEST_PAPER):
        raise DomainError("day", N_("This day is too far away to be meant."), field="day")
    if met and office and allocation.need_id:
        # Before the first effect, and in the order of `allocate`.
        allocations.lock_reserved(allocation_id)
        locks.lock(Need, allocation.need_id)
    delivery = _deliver(
        actor, allocation_id, receiver=receiver, how=how, quantity=quantity, signature=drawn, day=delivered_on
    )
    if met and office:
        _meet(actor, allocation, delivered_on)
    return delivery


def _own_household(actor: Actor, allocation: Allocation) -> bool:
    if actor.account_id is None or not actor.has("resident"):
        return False
    return locks.get(Household, allocation.household_id).account_id == actor.account_id


def _deliver(
    actor: Actor,
    allocation_id: uuid.UUID,
    *,
    receiver: str,
    how: str,
    quantity: int | None,
    signature: str | None,
    day: date,
) -> Delivery:
    if not receiver.strip():
        raise DomainError("receiver", N_("Please write the receiver's name."), field="receiver")
    without_id_numbers(receiver, field="receiver")
    allocation = allocations.lock_reserved(allocation_id)
    pledge = locks.get(Pledge, allocation.pledge_id)
    came = _came(allocation, quantity)
    balance = locks.lock(Balance, allocation.balance_id)
    movements.move(actor, balance, "delivered", came, allocation=allocation)
    if came < allocation.quantity:
        allocations.give_back(actor, allocation, allocation.quantity - came, reason="partial")
    allocation.state = "delivered"
    delivery = Delivery(
        allocation_id=allocation.id,
        quantity=came,
        delivered_on=day,
        receiver=receiver.strip(),
        signature=signature,
        how=how,
        noted_by=actor.account_id,
    )
    db.session.add(delivery)
    db.session.flush()
    audit.record(
        actor, "delivery.signed", "allocation", allocation.id, how=how, part=came < allocation.quantity
    )
    notices.delivered(actor, pledge, allocation, delivery)
    return delivery


def _came(allocation: Allocation, quantity: int | None) -> int:
    came = allocation.quantity if quantity is None else quantities.checked(quantity)
    if came > allocation.quantity:
        raise DomainError(
            "too_much",
            N_(
                "More than was allocated cannot be delivered. Allocate more from the pledge first, or deliver less."
            ),
            field="quantity",
        )
    if allocation.during is not None and came != allocation.quantity:
        raise DomainError("room", N_("A room's hours are delivered as a whole."), field="quantity")
    return came


def _meet(actor: Actor, allocation: Allocation, day: date) -> None:
    # Somebody else may have closed the need meanwhile; the delivery stands all the same.
    if allocation.need_id and locks.get(Need, allocation.need_id).state == "open":
        needs.close_need(actor, need_id=allocation.need_id, reason="met", day=day)


def invite(actor: Actor, *, allocation_id: uuid.UUID) -> str:
    """A one-time link's secret by which the household signs on its own phone. Raises Forbidden, NotFound, Conflict."""
    permissions.require(actor, "pledges.allocate")
    allocation = allocations.lock_reserved(allocation_id)
    audit.record(actor, "delivery.invited", "allocation", allocation.id)
    return tokens.issue(
        actor, purpose=PURPOSE, subject_kind="allocation", subject_id=allocation.id, days=LINK_DAYS
    )


def by_link(actor: Actor, secret: str) -> tuple[Token, Allocation, Pledge]:
    """What a link is about: whoever holds it may sign. Raises Forbidden, DomainError, NotFound."""
    permissions.require(actor, "pledges.sign")
    token = tokens.look_up(secret, purpose=PURPOSE)
    allocation = locks.get(Allocation, token.subject_id)
    return token, allocation, locks.get(Pledge, allocation.pledge_id)


def sign_by_link(actor: Actor, *, secret: str, receiver: str, quantity: int | None = None) -> Delivery:
    """The household signs by its one-time link, which is used up. Raises Forbidden, DomainError, Conflict."""
    token, allocation, _pledge = by_link(actor, secret)
    delivery = _deliver(
        actor,
        allocation.id,
        receiver=receiver,
        how="link",
        quantity=quantity,
        signature=None,
        day=regions.today(actor.community_id),
    )
    tokens.use(token)
    return delivery


def find_delivery(actor: Actor, allocation_id: uuid.UUID) -> Delivery | None:
    """The delivery of an allocation, for the office. Raises Forbidden."""
    permissions.require(actor, "pledges.read")
    return db.session.scalars(select(Delivery).where(Delivery.allocation_id == allocation_id)).one_or_none()


def reveal_signature(actor: Actor, *, allocation_id: uuid.UUID) -> str:
    """The drawn signature as an SVG path ("" when none was drawn); the look is on record. Raises Forbidden, NotFound."""
    delivery = find_delivery(actor, allocation_id)
    if delivery is None:
        raise NotFound()
    audit.record(actor, "delivery.signature_revealed", "allocation", allocation_id)
    return signatures.path(delivery.signature) if delivery.signature else ""

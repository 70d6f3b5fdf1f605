"""Handing over, all at once or in parts: the receiver signs on a screen, by a one-time link, in his own account or on paper."""

import json
import uuid
from dataclasses import dataclass
from datetime import date, timedelta

from services.communities import regions
from services.core import audit, locks, permissions
from services.core.actor import Actor
from services.core.db import db
from services.core.errors import N_, Conflict, DomainError, NotFound
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


@dataclass(frozen=True)
class Came:
    """What somebody signs for: how much came (None: all that is left), and whether it was the last part."""

    receiver: str
    how: str
    quantity: int | None
    left: int | None
    last: bool
    day: date


def sign(
    actor: Actor,
    *,
    allocation_id: uuid.UUID,
    receiver: str,
    how: str,
    quantity: int | None = None,
    strokes: str | None = None,
    day: date | None = None,
    left: int | None = None,
    last: bool = False,
    met: bool = False,
) -> Delivery:
    """The receiver signs for what came of a reserved allocation: all that is left, or `quantity` of it (never of a room).

    The office signs him in by `how` (screen with `strokes`, typed, paper with a past `day`), a household by its own
    account. The rest stays reserved, unless the office says that this was the `last` part or that the need is `met` with
    it: then it is released with the reason "partial". `left` is what was left when somebody began to sign: a second
    submission is refused. Raises Forbidden, NotFound, DomainError by field, Conflict.
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
    came = Came(receiver, how, quantity, left, last=office and (last or met), day=delivered_on)
    delivery = _deliver(actor, allocation_id, came, signature=drawn)
    if met and office:
        _meet(actor, allocation, delivered_on)
    return delivery


def _own_household(actor: Actor, allocation: Allocation) -> bool:
    if actor.account_id is None or not actor.has("resident") or allocation.household_id is None:
        return False
    return locks.get(Household, allocation.household_id).account_id == actor.account_id


def _deliver(actor: Actor, allocation_id: uuid.UUID, came: Came, *, signature: str | None = None) -> Delivery:
    if not came.receiver.strip():
        raise DomainError("receiver", N_("Please write the receiver's name."), field="receiver")
    without_id_numbers(came.receiver, field="receiver")
    allocation = allocations.lock_reserved(allocation_id)
    pledge = locks.get(Pledge, allocation.pledge_id)
    left = allocations.left(allocation)
    quantity = _part(allocation, left, came)
    balance = locks.lock(Balance, allocation.balance_id)
    movements.move(actor, balance, "delivered", quantity, allocation=allocation)
    if quantity < left and came.last:
        allocations.give_back(actor, allocation, left - quantity, reason="partial")
    if quantity == left or came.last:
        allocation.state = "delivered"
    delivery = Delivery(
        allocation_id=allocation.id,
        quantity=quantity,
        delivered_on=came.day,
        receiver=came.receiver.strip(),
        signature=signature,
        how=came.how,
        noted_by=actor.account_id,
    )
    db.session.add(delivery)
    db.session.flush()
    audit.record(actor, "delivery.signed", "allocation", allocation.id, how=came.how, part=quantity < left)
    notices.delivered(actor, pledge, allocation, delivery)
    return delivery


def _part(allocation: Allocation, left: int, came: Came) -> int:
    if came.left not in (None, left):
        raise Conflict(
            "signed_meanwhile",
            N_("Part of this was signed for a moment ago. Look again at what is left, then sign."),
            field="quantity",
        )
    part = left if came.quantity is None else quantities.checked(came.quantity)
    if part > left:
        raise DomainError(
            "too_much",
            N_(
                "More than is left of it cannot be delivered. Allocate more from the pledge first, or deliver less."
            ),
            field="quantity",
        )
    if allocation.during is not None and part != left:
        raise DomainError("room", N_("A room's hours are delivered as a whole."), field="quantity")
    return part


def _meet(actor: Actor, allocation: Allocation, day: date) -> None:
    # Somebody else may have closed the need meanwhile; the delivery stands all the same.
    if allocation.need_id and locks.get(Need, allocation.need_id).state == "open":
        needs.close_need(actor, need_id=allocation.need_id, reason="met", day=day)


def invite(actor: Actor, *, allocation_id: uuid.UUID) -> str:
    """A one-time link's secret by which the household signs on its own phone. Raises Forbidden, NotFound, Conflict."""
    permissions.require(actor, "pledges.allocate")
    allocation = allocations.lock_reserved(allocation_id)
    if allocation.household_id is None:
        raise Conflict("no_household", N_("This is for a project: somebody of the office signs for it."))
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


def still_to_come(allocation: Allocation) -> int:
    """How much of an allocation has not come yet; nothing once it is delivered or released."""
    return allocations.left(allocation) if allocation.state == "reserved" else 0


def sign_by_link(
    actor: Actor, *, secret: str, receiver: str, quantity: int | None = None, left: int | None = None
) -> Delivery:
    """The household signs by its one-time link, which is used up. Raises Forbidden, DomainError, Conflict."""
    token, allocation, _pledge = by_link(actor, secret)
    today = regions.today(actor.community_id)
    came = Came(receiver, "link", quantity, left, last=False, day=today)
    delivery = _deliver(actor, allocation.id, came)
    tokens.use(token)
    return delivery


def reveal_signature(actor: Actor, *, delivery_id: uuid.UUID) -> tuple[uuid.UUID, str]:
    """What was drawn for a delivery, as an SVG path ("" when nothing was), with its allocation's id.

    The look is on record. Raises Forbidden, NotFound.
    """
    permissions.require(actor, "pledges.read")
    delivery = locks.get(Delivery, delivery_id)
    audit.record(actor, "delivery.signature_revealed", "allocation", delivery.allocation_id)
    path = signatures.path(delivery.signature) if delivery.signature else ""
    return delivery.allocation_id, path

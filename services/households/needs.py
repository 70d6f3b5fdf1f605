"""What households lack: added, changed, asked for, closed."""

import uuid
from collections.abc import Collection
from datetime import date
from decimal import Decimal
from typing import TypedDict, Unpack

from sqlalchemy import select

from services.communities import catalogue, regions, wordlists
from services.core import audit, locks, permissions
from services.core import week as weeks
from services.core.actor import Actor
from services.core.db import among, db, new_id
from services.core.errors import N_, Conflict, DomainError, NotFound
from services.households import registration
from services.households.models import Household, Need

LIVING = ("asked", "open")
REASONS = ("met", "no_longer", "elsewhere", "mistake", "not_possible")
# Why a need of an earlier time may be over, besides.
PAST_REASONS = (*REASONS, "household_closed", "twice")


class Amount(TypedDict, total=False):
    """How much of a need: `hours` and `times` a week (in all, when `once`); `week` a mask of half-hours, None for any time."""

    hours: Decimal | None
    times: int | None
    once: bool
    week: int | None
    urgency: int


def add_need(actor: Actor, *, household_id: uuid.UUID, kind: str, **amount: Unpack[Amount]) -> Need:
    """Record what a household lacks; urgency is 3 when not given. Raises Forbidden, NotFound, DomainError naming the field."""
    permissions.require(actor, "households.write")
    return _add(actor, household_id, "open", kind, amount)


def record(
    actor: Actor,
    *,
    row_id: uuid.UUID,
    household_id: uuid.UUID | None,
    kind: str,
    state: str,
    met_on: date | None = None,
    close_reason: str = "",
    **amount: Unpack[Amount],
) -> Need:
    """Record a need from a file with its number: one that is there, or one that is over as it was, also of a closed household.

    Raises Forbidden, NotFound for the household, DomainError naming the field.
    """
    permissions.require(actor, "households.write")
    if state in LIVING:
        return _add(actor, locks.get(Household, household_id).id, state, kind, amount, row_id)
    if state not in ("met", "closed") or close_reason not in ("", *PAST_REASONS):
        raise DomainError("reason", N_("Please choose one of the list."), field="close_reason")
    household = locks.get(Household, household_id)
    catalogue.known(catalogue.NEED_KINDS, [kind], field="kind")
    need = Need(id=row_id, household_id=household.id, kind=kind, state=state, urgency=3)
    need.met_on, need.close_reason = met_on, close_reason
    put(need, amount)
    db.session.add(need)
    db.session.flush()
    audit.record(actor, "need.added", "need", need.id, kind=kind)
    return need


def ask(actor: Actor, *, kind: str, **amount: Unpack[Amount]) -> Need:
    """The household itself asks for help; the office looks at it before it counts. Raises Forbidden, NotFound, DomainError."""
    permissions.require(actor, "households.own")
    return _add(actor, _own(actor).id, "asked", kind, amount)


def _own(actor: Actor) -> Household:
    own = registration.own_household(actor)
    if own is None:
        raise NotFound()
    return own


def _add(
    actor: Actor,
    household_id: uuid.UUID,
    state: str,
    kind: str,
    amount: Amount,
    row_id: uuid.UUID | None = None,
) -> Need:
    household = locks.lock(Household, household_id)
    if household.state != "active":
        raise Conflict(
            "state", N_("This household is closed. If it needs help again, open it again on its page first.")
        )
    catalogue.known(catalogue.NEED_KINDS, [kind], field="kind")
    same = db.session.scalars(
        select(Need).where(
            Need.household_id == household.id, Need.kind == kind, Need.state.in_(("open", "asked"))
        )
    ).first()
    if same:
        raise DomainError("kind_open", N_("This is among the open needs already."), field="kind")
    need = Need(id=row_id or new_id(), household_id=household.id, kind=kind, state=state, urgency=3)
    put(need, amount)
    db.session.add(need)
    db.session.flush()
    audit.record(actor, f"need.{'added' if state == 'open' else 'asked'}", "need", need.id, kind=kind)
    return need


def put(need: Need, amount: Amount) -> None:
    """Put an amount on a need, in memory only. Raises DomainError naming the field."""
    for name, value in amount.items():
        setattr(need, name, value)
    if need.hours is not None and not 0 < need.hours <= 168:
        raise DomainError("hours", N_("This number is outside what is possible here."), field="hours")
    if need.times is not None and not 1 <= need.times <= 99:
        raise DomainError("times", N_("This number is outside what is possible here."), field="times")
    if not 1 <= need.urgency <= 5:
        raise DomainError("urgency", N_("Urgency goes from 1 to 5."), field="urgency")
    if need.week is not None and not 0 <= need.week <= weeks.FULL_WEEK:
        raise DomainError("week", N_("This is not understood here."), field="week")
    need.week = need.week or None


def change_need(actor: Actor, *, need_id: uuid.UUID, **amount: Unpack[Amount]) -> Need:
    """Change how much of a need there is; a need the household asked for is open from then on.

    Raises Forbidden, NotFound, DomainError naming the field, Conflict for a need that is closed.
    """
    permissions.require(actor, "households.write")
    need = _living(need_id)
    put(need, amount)
    need.state = "open"
    db.session.flush()
    audit.record(actor, "need.changed", "need", need.id, fields=sorted(amount))
    return need


def close_need(actor: Actor, *, need_id: uuid.UUID, reason: str, day: date | None = None) -> Need:
    """Close a need for a reason of REASONS; "met" keeps the day (today when left out). A household closes its own.

    Raises Forbidden, NotFound, DomainError, Conflict for a need that is closed.
    """
    if actor.has("staff", "admin", "system"):
        permissions.require(actor, "households.write")
    else:
        permissions.require(actor, "households.own")
        if locks.get(Need, need_id).household_id != _own(actor).id:
            raise NotFound()
    if reason not in REASONS:
        raise DomainError("reason", N_("Please choose one of the list."), field="reason")
    need = _living(need_id)
    need.state = "met" if reason == "met" else "closed"
    need.met_on = (day or regions.today(actor.community_id)) if reason == "met" else None
    need.close_reason = reason
    db.session.flush()
    audit.record(actor, "need.closed", "need", need.id, reason=reason)
    return need


def hold_open(household_id: uuid.UUID) -> None:
    """Nobody else changes or closes the household's needs until this transaction ends."""
    of_household = select(Need.id).where(Need.household_id == household_id, Need.state.in_(("open", "asked")))
    db.session.execute(of_household.order_by(Need.id).with_for_update(key_share=True))


def _living(need_id: uuid.UUID) -> Need:
    need = locks.lock(Need, need_id)
    if need.state not in ("open", "asked"):
        raise Conflict(
            "closed",
            N_(
                "This need is closed already. If it is there again, record a new one on the household's page."
            ),
        )
    return need


def open_needs(household_ids: Collection[uuid.UUID] | None = None) -> list[Need]:
    """Open needs (of those households, or of every active one), most urgent first."""
    statement = select(Need).where(Need.state == "open").order_by(Need.urgency.desc(), Need.id)
    if household_ids is not None:
        return list(db.session.scalars(statement.where(Need.household_id.in_(household_ids))))
    served = statement.join(
        Household,
        (Household.community_id == Need.community_id) & (Household.id == Need.household_id),
    ).where(Household.state == "active")
    return list(db.session.scalars(served))


def lacking(household_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, list[tuple[str, int]]]:
    """Kind and urgency of the open needs of each household that has any, most urgent first."""
    rows = db.session.execute(
        select(Need.household_id, Need.kind, Need.urgency)
        .where(Need.state == "open", among(Need.household_id, household_ids))
        .order_by(Need.urgency.desc(), Need.id)
    )
    found: dict[uuid.UUID, list[tuple[str, int]]] = {}
    for household_id, kind, urgency in rows:
        found.setdefault(household_id, []).append((kind, urgency))
    return found


def of_household(household_id: uuid.UUID) -> list[Need]:
    """All needs a household ever had, the open ones and the most urgent first."""
    rows = db.session.scalars(select(Need).where(Need.household_id == household_id))
    order = {"asked": 0, "open": 1}
    return sorted(rows, key=lambda need: (order.get(need.state, 2), -need.urgency, need.id))


def get_need(actor: Actor, need_id: uuid.UUID) -> Need:
    """A need, for the office. Raises Forbidden, NotFound."""
    permissions.require(actor, "households.read")
    return locks.get(Need, need_id)


def _needed(code: str) -> bool:
    return db.session.scalars(select(Need.id).where(Need.kind == code)).first() is not None


wordlists.used_by("kinds", _needed)

"""Both sides say that a visit was so; only then its minutes count.

Nobody speaks for the other side by a back door: the helper never confirms for the household, whatever roles
he holds; who noted a visit, or rang the helper about it, does not ring the household about it, nor name its witness.
"""

import uuid

from services.core import audit, clock, locks, permissions
from services.core.actor import Actor
from services.core.db import db
from services.core.errors import N_, Conflict, DomainError, Forbidden, NotFound
from services.core.free_text import without_id_numbers
from services.visits import notices, parties
from services.visits.models import Visit
from services.visits.parties import Parties

SIDES = ("helper", "household")
DISPUTE_REASONS = {
    "nobody_came": N_("Nobody came"),
    "wrong_day": N_("Another day or time"),
    "wrong_length": N_("Shorter or longer"),
    "other_person": N_("Somebody else came"),
    "other": N_("Something else"),
}


def confirm(actor: Actor, *, visit_id: uuid.UUID, side: str, how: str) -> Visit:
    """Confirm a visit for `side`, by "account" (the side's own) or "call" (staff rang it).

    Links and codes have their own functions in `links` and `codes`. Raises Forbidden, NotFound, Conflict, DomainError.
    """
    permissions.require(actor, "visits.confirm")
    visit = locks.lock(Visit, visit_id)
    there = parties.seen_by(actor, visit.pairing_id)
    _check_side(actor, visit, there, side=side, how=how)
    check_open(visit, side)
    settle(actor, visit, there, side=side, how=how, by=actor.account_id)
    return visit


def confirm_by_witness(actor: Actor, *, visit_id: uuid.UUID, witness: str) -> Visit:
    """Confirm for a household that cannot speak for itself: staff asked a neighbour, relative or head of building who knows.

    Whoever may not ring the household may not name its witness either, and the helper is none.
    Raises Forbidden, NotFound, Conflict, DomainError.
    """
    permissions.require(actor, "visits.confirm")
    visit = locks.lock(Visit, visit_id)
    there = parties.seen_by(actor, visit.pairing_id)
    _check_side(actor, visit, there, side="household", how="call")
    check_open(visit, "household")
    without_id_numbers(witness, field="witness")
    if not witness.strip():
        raise DomainError("witness", N_("Please write who the witness is."), field="witness")
    if there.volunteer.name in witness:
        raise DomainError(
            "witness_helper",
            N_("The helper cannot be the witness of the own visit. Please name somebody else who was there."),
            field="witness",
        )
    visit.witness = witness.strip()
    settle(actor, visit, there, side="household", how="witness", by=actor.account_id)
    return visit


def may_confirm(actor: Actor, visit: Visit, there: Parties, *, side: str) -> str:
    """How the actor may confirm `side` of this visit: "account", "call", or "" for not at all."""
    if visit.state != "noted" or (visit.helper_at if side == "helper" else visit.household_at):
        return ""
    for how in ("account", "call"):
        try:
            _check_side(actor, visit, there, side=side, how=how)
            return how
        except DomainError:
            continue
    return ""


def own_side(actor: Actor, visit: Visit, there: Parties) -> str:
    """The side the actor may confirm by his own account, or "" for none."""
    return next((side for side in SIDES if may_confirm(actor, visit, there, side=side) == "account"), "")


def must_ask_others(actor: Actor, visit: Visit, there: Parties) -> bool:
    """True for staff who may not ring the household of a waiting visit, because they speak for the helper's side."""
    may_not = not may_confirm(actor, visit, there, side="household")
    return waits_for_household(visit) and parties.is_office(actor) and may_not


def waits_for_household(visit: Visit) -> bool:
    """True while the household's word is missing."""
    return visit.state == "noted" and visit.household_at is None


def _check_side(actor: Actor, visit: Visit, there: Parties, *, side: str, how: str) -> None:
    if side not in SIDES or how not in ("account", "call"):
        raise NotFound()
    if side == "household":
        _check_no_back_door(actor, visit, there)
    own = there.is_helper(actor) if side == "helper" else there.is_household(actor)
    if not (own if how == "account" else parties.is_office(actor) and not own):
        raise Forbidden(
            "not_your_side",
            N_(
                "This side of the visit is for somebody else to confirm. You confirm your own side on the visit's page."
            ),
        )


def _check_no_back_door(actor: Actor, visit: Visit, there: Parties) -> None:
    if there.is_helper(actor):
        raise Forbidden(
            "own_visit",
            N_(
                "The helper cannot confirm a visit for the household. Let the household confirm it itself, or ask the office to ring."
            ),
        )
    if actor.account_id in (visit.noted_by, visit.helper_by):
        raise Forbidden(
            "noted_by_you",
            N_("You noted this visit or its helper's word. Somebody else must ask the household."),
        )


def check_open(visit: Visit, side: str) -> None:
    """Raise Conflict when `side` of a visit has nothing to confirm any more."""
    if visit.state == "confirmed" or (visit.helper_at if side == "helper" else visit.household_at):
        raise Conflict(
            "confirmed_before",
            N_(
                "This has been confirmed already; nothing more is needed. If it was not so, dispute the visit on its page."
            ),
        )
    if visit.state == "attempt":
        raise Conflict(
            "attempt",
            N_(
                "Nobody was there, so there is nothing to confirm. If there was a visit after all, correct its outcome."
            ),
        )
    if visit.state != "noted":
        raise Conflict(
            "closed",
            N_(
                "This visit is no longer open: it was confirmed, put right or taken back meanwhile. Its page shows what holds now."
            ),
        )


def settle(
    actor: Actor,
    visit: Visit,
    there: Parties,
    *,
    side: str,
    how: str,
    by: uuid.UUID | None,
    link_by: uuid.UUID | None = None,
) -> None:
    """Write one side's word on a locked visit; with both it is confirmed, and the helper is told."""
    if side == "helper":
        visit.helper_at, visit.helper_by, visit.helper_how = clock.now(), by, how
    else:
        visit.household_at, visit.household_by, visit.household_how = clock.now(), by, how
        visit.link_by = link_by
    if visit.helper_at and visit.household_at:
        visit.state = "confirmed"
    db.session.flush()
    audit.record(actor, "visit.confirmed", "visit", visit.id, side=side, how=how)
    if visit.state == "confirmed":
        notices.tell_confirmed(actor, visit, there)


def dispute(actor: Actor, *, visit_id: uuid.UUID, reason: str) -> Visit:
    """Say that a visit was not so: the household, the helper about a note of others, or staff who rang either.

    Its minutes stop counting; it waits for staff. Raises Forbidden, NotFound, Conflict, DomainError.
    """
    permissions.require(actor, "visits.confirm")
    visit = locks.lock(Visit, visit_id)
    there = parties.seen_by(actor, visit.pairing_id)
    if there.is_helper(actor) and visit.noted_by == actor.account_id:
        raise Forbidden("own_note", N_("This is your own note: correct it or take it back instead."))
    own = there.is_helper(actor) or there.is_household(actor)
    write_dispute(actor, visit, reason=reason, how="account" if own else "call")
    return visit


def may_dispute(actor: Actor, visit: Visit, there: Parties) -> bool:
    """True when the actor may say that this visit was not so."""
    own_note = there.is_helper(actor) and visit.noted_by == actor.account_id
    return visit.state in ("noted", "confirmed") and not own_note


def write_dispute(actor: Actor, visit: Visit, *, reason: str, how: str) -> None:
    """Put a locked visit into dispute. Raises Conflict, DomainError."""
    if reason not in DISPUTE_REASONS:
        raise DomainError("reason", N_("Please choose what is not right."), field="reason")
    if visit.state not in ("noted", "confirmed"):
        raise Conflict(
            "closed",
            N_(
                "This visit is no longer open: it was confirmed, put right or taken back meanwhile. Its page shows what holds now."
            ),
        )
    visit.state = "disputed"
    visit.disputed_at, visit.disputed_by, visit.disputed_how = clock.now(), actor.account_id, how
    visit.dispute_reason = reason
    db.session.flush()
    audit.record(actor, "visit.disputed", "visit", visit.id, reason=reason, how=how)

"""Putting a visit right: a new visit with a reason takes its place, or it is taken back; nothing is overwritten."""

import uuid
from datetime import datetime

from services.core import audit, clock, locks, permissions
from services.core.actor import Actor
from services.core.db import db
from services.core.errors import N_, Conflict, DomainError, NotFound
from services.visits import duties, notes, parties
from services.visits.models import Visit
from services.visits.parties import Parties
from services.volunteers.models import Volunteer

CORRECTION_REASONS = {
    "wrong_time": N_("Another day or time"),
    "wrong_length": N_("Shorter or longer"),
    "wrong_outcome": N_("It went differently"),
    "answered_by_mistake": N_("The household answered by mistake"),
    "other": N_("Something else"),
}
# From these a visit may still be corrected or taken back.
OPEN = ("noted", "confirmed", "disputed", "attempt")


def correct_visit(
    actor: Actor,
    *,
    visit_id: uuid.UUID,
    reason: str,
    started_at: datetime,
    minutes: int,
    kind: str,
    outcome: str,
    note: str = "",
    helper_called: bool = False,
) -> Visit:
    """Note a visit anew in place of one that was wrong; both sides confirm the new one. Staff or its helper.

    Raises Forbidden, NotFound, Conflict, DomainError.
    """
    permissions.require(actor, "visits.note")
    if reason not in CORRECTION_REASONS:
        raise DomainError("reason", N_("Please choose what was not right."), field="reason")
    old, there = _open(actor, visit_id)
    visit = Visit(
        pairing_id=old.pairing_id,
        follow_up_id=old.follow_up_id,
        corrects_id=old.id,
        correction_reason=reason,
        started_at=started_at,
        minutes=0 if outcome == "absent" else minutes,
        kind=kind,
        outcome=outcome,
        note=note or None,
    )
    _close(actor, old, "corrected")
    notes.write(actor, visit, there, helper_called=helper_called)
    audit.record(actor, "visit.corrected", "visit", old.id, by=str(visit.id), reason=reason)
    return visit


def withdraw_visit(actor: Actor, *, visit_id: uuid.UUID) -> Visit:
    """Take back a visit that did not happen. Staff or its helper. Raises Forbidden, NotFound, Conflict."""
    permissions.require(actor, "visits.note")
    visit, _there = _open(actor, visit_id)
    _close(actor, visit, "withdrawn")
    audit.record(actor, "visit.withdrawn", "visit", visit.id)
    return visit


def may_correct(actor: Actor, visit: Visit, there: Parties) -> bool:
    """True when the actor may correct this visit or take it back."""
    return visit.state in OPEN and (parties.is_office(actor) or there.is_helper(actor))


def get_correctable(actor: Actor, visit_id: uuid.UUID) -> tuple[Visit, Parties]:
    """A visit the actor may correct, with its parties. Raises Forbidden, NotFound, Conflict."""
    permissions.require(actor, "visits.note")
    visit = locks.get(Visit, visit_id)
    there = parties.of_pairing(visit.pairing_id)
    _check(actor, visit, there)
    return visit, there


def _open(actor: Actor, visit_id: uuid.UUID) -> tuple[Visit, Parties]:
    there = parties.of_pairing(locks.get(Visit, visit_id).pairing_id)
    # In the order of `note_visit`: the helper first, then the visit.
    locks.lock(Volunteer, there.volunteer.id)
    visit = locks.lock(Visit, visit_id)
    _check(actor, visit, there)
    return visit, there


def _check(actor: Actor, visit: Visit, there: Parties) -> None:
    if not (parties.is_office(actor) or there.is_helper(actor)):
        raise NotFound()
    if visit.state not in OPEN:
        raise Conflict(
            "closed",
            N_(
                "This visit is no longer open: it was confirmed, put right or taken back meanwhile. Its page shows what holds now."
            ),
        )


def _close(actor: Actor, visit: Visit, state: str) -> None:
    visit.state, visit.closed_at, visit.closed_by = state, clock.now(), actor.account_id
    db.session.flush()
    duties.drop_concern(actor, visit, state)

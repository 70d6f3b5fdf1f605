"""Noting a visit: by the helper of the pairing, or by staff for a helper without a phone."""

import uuid
from datetime import datetime

from sqlalchemy import select

from services.communities import regions
from services.core import audit, clock, locks, permissions
from services.core.actor import Actor
from services.core.db import db
from services.core.errors import N_, Conflict, DomainError, NotFound
from services.core.free_text import without_id_numbers
from services.households.models import Household
from services.pairings import pairings
from services.pairings.models import Pairing
from services.visits import duties, notices, parties, plausible
from services.visits.models import Visit
from services.visits.parties import Parties
from services.volunteers.models import Volunteer


def note_visit(
    actor: Actor,
    *,
    pairing_id: uuid.UUID,
    started_at: datetime,
    minutes: int,
    kind: str,
    outcome: str,
    note: str = "",
    follow_up_id: uuid.UUID | None = None,
    helper_called: bool = False,
    submission: uuid.UUID | None = None,
) -> Visit:
    """Note what happened at a household; `minutes` of an attempt (nobody there) do not matter.

    The helper's own note is his side's confirmation; staff give `helper_called` when they rang him. The same
    `submission` again answers with the first visit. Raises Forbidden, NotFound, Conflict, DomainError.
    """
    there = note_for(actor, pairing_id)
    # One note of a helper at a time: two taps, or two notes of the same hour, meet here.
    locks.lock(Volunteer, there.volunteer.id)
    before = _sent_before(actor, submission, pairing_id)
    if before is not None:
        return before
    visit = Visit(
        pairing_id=pairing_id,
        started_at=started_at,
        minutes=0 if outcome == "absent" else minutes,
        kind=kind,
        outcome=outcome,
        note=note or None,
        submission=submission,
    )
    write(actor, visit, there, helper_called=helper_called)
    duties.answer(actor, visit, there, follow_up_id)
    return visit


def note_for(actor: Actor, pairing_id: uuid.UUID) -> Parties:
    """The pairing the actor is about to note a visit of. Raises Forbidden, NotFound, DomainError."""
    permissions.require(actor, "visits.note")
    there = parties.of_pairing(pairing_id)
    require_noter(actor, there)
    return there


def own_pairings(actor: Actor) -> list[Parties]:
    """The living pairings of the actor as a helper, the oldest first. Raises Forbidden."""
    permissions.require(actor, "visits.own")
    rows = db.session.execute(
        parties.joined(Pairing, Volunteer, Household)
        .where(Volunteer.account_id == actor.account_id, Pairing.ended_on.is_(None))
        .order_by(Pairing.started_on, Pairing.id)
    )
    return [Parties(pairing, volunteer, household) for pairing, volunteer, household in rows]


def require_noter(actor: Actor, there: Parties) -> None:
    """Raise NotFound for anybody but staff and the pairing's helper, and for him once it is over for a week."""
    if parties.is_office(actor):
        return
    if not there.is_helper(actor):
        raise NotFound()
    today = regions.today(actor.community_id)
    if pairings.state_on(there.pairing, today) == "ended":
        raise DomainError(
            "pairing_over", N_("This pairing has ended. Please tell the community office about the visit.")
        )


def write(actor: Actor, visit: Visit, there: Parties, *, helper_called: bool) -> None:
    """Check a new visit, note who says so and tell whom it concerns. Raises DomainError."""
    zone = regions.zone_of(actor.community_id)
    without_id_numbers(visit.note or "", field="note")
    plausible.check_choices(kind=visit.kind, outcome=visit.outcome, minutes=visit.minutes)
    plausible.check_time(there, visit.started_at, visit.minutes, zone)
    plausible.check_free(actor, there, visit, zone)
    visit.noted_by = actor.account_id
    visit.state = "attempt" if visit.outcome == "absent" else "noted"
    if there.is_helper(actor) or helper_called:
        visit.helper_at = clock.now()
        visit.helper_by = actor.account_id
        visit.helper_how = "account" if there.is_helper(actor) else "call"
    db.session.add(visit)
    db.session.flush()
    audit.record(actor, "visit.noted", "visit", visit.id, outcome=visit.outcome)
    notices.tell_noted(actor, visit, there)
    duties.raise_concern(actor, visit)


def _sent_before(actor: Actor, submission: uuid.UUID | None, pairing_id: uuid.UUID) -> Visit | None:
    if submission is None:
        return None
    found = db.session.scalars(select(Visit).where(Visit.submission == submission)).one_or_none()
    if found is not None and (found.noted_by != actor.account_id or found.pairing_id != pairing_id):
        raise Conflict("submission", N_("This form was sent before. Please open a new one."))
    return found

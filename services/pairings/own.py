"""A household as its helper has it, or who stands in for him today: for whom it is open, and the visit agreed on."""

import uuid
from datetime import date, time

from services.communities import regions
from services.core import audit, permissions
from services.core.actor import Actor
from services.core.errors import N_, Conflict, NotFound
from services.followups import absences, appointments
from services.followups.models import FollowUp
from services.pairings import pairings, parties
from services.pairings.models import Pairing
from services.pairings.parties import Parties


def household_of(actor: Actor, pairing_id: uuid.UUID) -> tuple[Parties[Pairing], str]:
    """A pairing for its helper ("living", or "recent" for a week after the end) or for who stands in ("standing_in").

    Raises Forbidden, NotFound for everybody else.
    """
    permissions.require(actor, "pairings.own")
    found = parties.one(Pairing, pairing_id)
    relation = pairings.relation_of(actor, found)
    if relation not in ("living", "recent", "standing_in"):
        raise NotFound()
    return found, relation


def stood_in(actor: Actor) -> list[Parties[Pairing]]:
    """The pairings in which the actor does something today in the helper's place, the oldest first. Raises Forbidden."""
    permissions.require(actor, "pairings.own")
    found = parties.of(pairings.living(ids=absences.subjects_in_charge(actor, "pairing")))
    return [one for one in found if one.side_of(actor) is None]


def plan_visit(actor: Actor, *, pairing_id: uuid.UUID, day: date, at: time) -> FollowUp:
    """Put the next visit in the helper's calendar; planning anew moves it.

    Raises Forbidden, NotFound for a pairing that is not his, Conflict when it has ended, DomainError.
    """
    account_id = _lock_own(actor, pairing_id)
    return appointments.agree(
        actor,
        plan_code="agreed_visit",
        subject_kind="pairing",
        subject_id=pairing_id,
        owner_id=account_id,
        day=day,
        at=at,
    )


def drop_visit(actor: Actor, *, pairing_id: uuid.UUID) -> None:
    """Take the planned visit out of the calendar, if there is one. Raises as `plan_visit`."""
    _lock_own(actor, pairing_id)
    if appointments.drop(actor, subject_kind="pairing", subject_id=pairing_id):
        audit.record(actor, "pairing.visit_dropped", "pairing", pairing_id)


def next_day(actor: Actor) -> date:
    """A day to offer for the next visit: tomorrow."""
    today = regions.today(actor.community_id)
    return today.fromordinal(today.toordinal() + 1)


def _lock_own(actor: Actor, pairing_id: uuid.UUID) -> uuid.UUID:
    permissions.require(actor, "pairings.own")
    assert actor.account_id is not None
    found = parties.locked(Pairing, pairing_id)
    parties.require_side(actor, found, "helper")
    if found.row.ended_on is not None:
        raise Conflict("ended", N_("This pairing has already ended."))
    return actor.account_id

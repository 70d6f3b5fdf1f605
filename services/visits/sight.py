"""What each side may see of the other on a visit's page, by the table of permissions."""

import uuid
from datetime import date

from services.core import audit, locks, permissions
from services.core.actor import Actor
from services.core.errors import Forbidden
from services.pairings import pairings
from services.visits import parties
from services.visits.models import Visit
from services.visits.parties import Parties


def household_name(actor: Actor, there: Parties, day: date) -> str:
    """The household's name, or "" when the actor may see its building only: for a helper the pairing decides."""
    if parties.is_office(actor) or there.is_household(actor):
        return there.household.name
    seen = permissions.visible("volunteer", pairings.state_on(there.pairing, day))
    return there.household.name if "name" in seen else ""


def own_note(actor: Actor, visit: Visit) -> str:
    """The visit's note when the actor wrote it himself, else ""; staff reveal it."""
    return (visit.note or "") if actor.account_id and visit.noted_by == actor.account_id else ""


def witness(actor: Actor, visit: Visit, there: Parties) -> str:
    """Who vouched for the household, for the office and for the household itself; "" for others and when there is none."""
    return (visit.witness or "") if parties.is_office(actor) or there.is_household(actor) else ""


def may_reveal_note(actor: Actor, visit: Visit) -> bool:
    """True when there is a note of somebody else that the actor may reveal."""
    return bool(visit.note) and parties.is_office(actor) and not own_note(actor, visit)


def reveal_note(actor: Actor, *, visit_id: uuid.UUID) -> str:
    """What was noted at the household, for staff; the audit row is flushed before it is given.

    Raises Forbidden, NotFound.
    """
    permissions.require(actor, "households.reveal")
    if not any("sensitive" in permissions.revealable(role, "any") for role in actor.roles):
        raise Forbidden()
    visit = locks.get(Visit, visit_id)
    there = parties.of_pairing(visit.pairing_id)
    # Recorded with the household, which sees who has looked at what is known of it.
    audit.record(actor, "visit.revealed", "household", there.household.id, visit=str(visit.id))
    return visit.note or ""

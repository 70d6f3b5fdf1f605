"""A helper pauses, goes on, leaves and comes back."""

import uuid

from services.communities import regions
from services.core import audit, locks, permissions
from services.core.actor import Actor
from services.core.db import db
from services.core.errors import N_, Conflict, Forbidden
from services.people import memberships
from services.volunteers import facts, profiles
from services.volunteers.models import Volunteer

# What may follow what; leaving is the office's to record, so that nobody's household is forgotten on the way.
_NEXT = {
    "active": ("paused", "left"),
    "paused": ("active", "left"),
    "left": ("active",),
}


def set_state(actor: Actor, *, volunteer_id: uuid.UUID, state: str) -> Volunteer:
    """Pause a helper, let him go on, record that he left or came back.

    Raises Forbidden, NotFound, Conflict when this state cannot follow the present one.
    """
    permissions.require(actor, "volunteers.write")
    volunteer = locks.lock(Volunteer, volunteer_id)
    if state not in _NEXT.get(volunteer.state, ()):
        raise Conflict("state", N_("This is no longer possible: the profile has changed meanwhile."))
    if volunteer.state == "left":
        facts.claim_phone(actor, volunteer)
    _keep_role(actor, volunteer, state)
    return _move(actor, volunteer, state)


def pause_own(actor: Actor, *, paused: bool) -> Volunteer:
    """Take a break, or go on: nothing new is proposed to a paused helper. Raises Forbidden, Conflict."""
    permissions.require(actor, "volunteers.own")
    own = profiles.own_volunteer(actor)
    if own is None or locks.lock(Volunteer, own.id).state not in ("active", "paused"):
        raise Forbidden(
            "no_profile",
            N_(
                "You have no open volunteer's profile in this community. To help again, register once more or ask the office."
            ),
        )
    return _move(actor, own, "paused" if paused else "active")


def _keep_role(actor: Actor, volunteer: Volunteer, state: str) -> None:
    if volunteer.account_id is None:
        return
    today = regions.today(actor.community_id)
    if state == "left":
        memberships.withdraw(actor, account_id=volunteer.account_id, role="volunteer", day=today)
    elif volunteer.state == "left":
        memberships.enrol(actor, account_id=volunteer.account_id, role="volunteer", since=today)


def _move(actor: Actor, volunteer: Volunteer, state: str) -> Volunteer:
    if volunteer.state != state:
        volunteer.state = state
        db.session.flush()
        audit.record(actor, "volunteer.state", "volunteer", volunteer.id, state=state)
    return volunteer

"""A helper the office registered gets a sign-in of his own, by a link the office hands over."""

import uuid

from services.communities import regions
from services.core import audit, locks, permissions
from services.core.actor import Actor
from services.core.db import db
from services.core.errors import N_, Conflict
from services.people import invitations
from services.people.models import Account
from services.volunteers import applications, profiles
from services.volunteers.models import Volunteer


def invite(actor: Actor, *, volunteer_id: uuid.UUID) -> str:
    """The secret of a one-time link for a helper without an account. Raises Forbidden, NotFound, Conflict."""
    permissions.require(actor, "people.invite")
    volunteer = _open(locks.lock(Volunteer, volunteer_id))
    audit.record(actor, "volunteer.invited", "volunteer", volunteer.id)
    return invitations.invite(actor, role="volunteer", subject_kind="volunteer", subject_id=volunteer.id)


def invited(secret: str) -> Volunteer:
    """The helper a living link was made for. Raises DomainError, Conflict, NotFound."""
    token = invitations.look_up(secret, role="volunteer")
    return _open(locks.lock(Volunteer, token.subject_id))


def join(
    actor: Actor, *, secret: str, name: str, login: str, password: str, language: str
) -> tuple[Account, Volunteer]:
    """Open an account (or sign in to the person's own) by a link and tie the profile to it.

    A registration of his own that still waits becomes one with the profile. Raises DomainError, Forbidden, Conflict.
    """
    volunteer = invited(secret)
    token = invitations.look_up(secret, role="volunteer")
    account = invitations.accept(
        actor,
        token=token,
        role="volunteer",
        name=name,
        login=login,
        password=password,
        language=language,
        day=regions.today(actor.community_id),
    )
    own = profiles.of_account(account.id)
    if own is not None and own.state not in ("pending", "declined"):
        raise Conflict(
            "registered", N_("You already have a volunteer's profile here. Open My profile to change it.")
        )
    if own is not None:
        applications.absorb(actor, volunteer, locks.lock(Volunteer, own.id))
    volunteer.account_id = account.id
    db.session.flush()
    applications.end_application(actor, account.id)
    audit.record(actor, "volunteer.account_linked", "volunteer", volunteer.id)
    return account, volunteer


def _open(volunteer: Volunteer) -> Volunteer:
    if volunteer.account_id is not None:
        raise Conflict(
            "has_account", N_("%(name)s already signs in, so no invitation is needed."), name=volunteer.name
        )
    if volunteer.state not in ("active", "paused"):
        raise Conflict("state", N_("This is no longer possible: the profile has changed meanwhile."))
    return volunteer

"""A household gets a sign-in of its own, by a link the office hands over."""

import uuid

from services.communities import regions
from services.core import audit, locks, permissions
from services.core.actor import Actor
from services.core.db import db
from services.core.errors import N_, Conflict
from services.households import registration
from services.households.models import Household
from services.people import invitations
from services.people.models import Account


def invite(actor: Actor, *, household_id: uuid.UUID) -> str:
    """The secret of a one-time link for a household without an account. Raises Forbidden, NotFound, Conflict."""
    permissions.require(actor, "people.invite")
    household = _open(locks.lock(Household, household_id))
    audit.record(actor, "household.invited", "household", household.id)
    return invitations.invite(actor, role="resident", subject_kind="household", subject_id=household.id)


def invited(secret: str) -> Household:
    """The household a living link was made for. Raises DomainError, Conflict, NotFound."""
    token = invitations.look_up(secret, role="resident")
    return _open(locks.lock(Household, token.subject_id))


def join(
    actor: Actor, *, secret: str, name: str, login: str, password: str, language: str
) -> tuple[Account, Household]:
    """Open an account (or sign in to the person's own) by a link and tie the household to it.

    Raises DomainError, Forbidden, Conflict when the account is another household's already.
    """
    household = invited(secret)
    account = invitations.accept(
        actor,
        token=invitations.look_up(secret, role="resident"),
        role="resident",
        name=name,
        login=login,
        password=password,
        language=language,
        day=regions.today(actor.community_id),
    )
    other = registration.of_account(account.id)
    if other is not None and other.state == "active":
        raise Conflict(
            "other_household",
            N_(
                "This account belongs to another household here. Please sign in with your own, or ask the community office."
            ),
        )
    household.account_id = account.id
    db.session.flush()
    audit.record(actor, "household.account_linked", "household", household.id)
    return account, household


def _open(household: Household) -> Household:
    if household.account_id is not None:
        raise Conflict(
            "has_account", N_("%(name)s already signs in, so no invitation is needed."), name=household.name
        )
    if household.state != "active":
        raise Conflict(
            "state", N_("This household is closed. If it needs help again, open it again on its page first.")
        )
    return household

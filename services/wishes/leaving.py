"""Somebody leaves: a household's wishes close, and what a helper or a unit's person has taken on is open again."""

import uuid
from datetime import date

from services.core import locks
from services.core.actor import Actor
from services.core.errors import N_, Conflict
from services.households.models import Household
from services.pairings import leaving as helpers
from services.pledges import leaving as homes
from services.pledges import units
from services.pledges.models import UnitPerson
from services.volunteers.models import Volunteer
from services.wishes import claims, wishes


def close_household(actor: Actor, *, household_id: uuid.UUID, reason: str, day: date) -> Household:
    """Close a household as of `day` with all that binds it: wishes, reservations, needs, pairings, proposals.

    Raises Forbidden, NotFound, DomainError, Conflict when something came to it at the same moment.
    """
    # Wishes are locked before their household, as everywhere in this area.
    wishes.close_all(actor, household_id)
    household = homes.close_household(actor, household_id=household_id, reason=reason, day=day)
    if wishes.unfulfilled(household_id):
        raise Conflict(
            "changed", N_("Somebody changed this at the same moment. Please look again and repeat.")
        )
    return household


def set_helper_state(actor: Actor, *, volunteer_id: uuid.UUID, state: str) -> Volunteer:
    """Change a helper's state; when he leaves, others can take on the wishes he has. Raises as `pairings.leaving` does."""
    volunteer = helpers.set_helper_state(actor, volunteer_id=volunteer_id, state=state)
    if state == "left" and volunteer.account_id is not None:
        claims.give_back_all(actor, volunteer.account_id)
    return volunteer


def remove_person(actor: Actor, *, person_id: uuid.UUID) -> UnitPerson:
    """Take somebody off his unit; others can take on the wishes he has, unless he is a helper too. Raises as `units` does."""
    account_id = locks.get(UnitPerson, person_id).account_id
    person = units.remove_person(actor, person_id=person_id)
    if account_id is not None and not claims.serves(account_id):
        claims.give_back_all(actor, account_id)
    return person

"""A household leaves: what is reserved for it goes back to its pledges before everything else about it ends."""

import uuid
from datetime import date

from sqlalchemy import select

from services.core.actor import Actor
from services.core.db import db
from services.core.errors import N_, Conflict
from services.households.models import Household
from services.pairings import leaving
from services.pledges import allocations, unit_pairings
from services.pledges.models import Allocation


def close_household(actor: Actor, *, household_id: uuid.UUID, reason: str, day: date) -> Household:
    """Close a household as of `day` with all that binds it: reservations, units that look after it, needs, pairings,
    proposals.

    Raises Forbidden, NotFound, DomainError, Conflict when something was reserved for it at the same moment.
    """
    # Pledges, in their order, and allocations are locked before needs, as everywhere in this area.
    for allocation_id in _reserved(household_id):
        allocations.release(actor, allocation_id=allocation_id, reason="not_needed")
    household = leaving.close_household(actor, household_id=household_id, reason=reason, day=day)
    # Its lock is held now, so no unit is paired with it meanwhile.
    unit_pairings.end_of_household(actor, household_id)
    if _reserved(household_id):
        raise Conflict(
            "changed", N_("Somebody changed this at the same moment. Please look again and repeat.")
        )
    return household


def _reserved(household_id: uuid.UUID) -> list[uuid.UUID]:
    statement = select(Allocation.id).where(
        Allocation.household_id == household_id, Allocation.state.in_(("offered", "reserved"))
    )
    return list(db.session.scalars(statement.order_by(Allocation.pledge_id, Allocation.id)))

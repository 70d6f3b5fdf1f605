"""Pairs that an office had before it began with Linli: entered with the day on which they began."""

import uuid
from datetime import date, timedelta

from services.communities import regions
from services.core import audit, locks, permissions
from services.core.actor import Actor
from services.core.db import db, new_id
from services.core.errors import N_, Conflict, DomainError
from services.followups import life
from services.followups.models import LIVING
from services.households.models import Household
from services.pairings import parties
from services.pairings.models import Pairing
from services.volunteers.models import Volunteer

# What was due longer ago counts as seen to; the rest is still asked for.
SETTLED = timedelta(days=7)


def enter_earlier(
    actor: Actor, *, volunteer_id: uuid.UUID, household_id: uuid.UUID, started_on: date
) -> Pairing:
    """Enter a pair that lives already; its follow-ups count from its first day, the first helper is the primary one.

    Raises Forbidden, NotFound, DomainError for a day to come, Conflict when one of the two has no room.
    """
    permissions.require(actor, "pairings.decide")
    household = locks.lock(Household, household_id)
    volunteer = locks.lock(Volunteer, volunteer_id)
    today = regions.today(actor.community_id)
    if started_on > today:
        raise DomainError("started_on", N_("This day is still to come."), field="started_on")
    if (
        not parties.household_has_room(household)
        or not parties.helper_has_room(volunteer)
        or parties.are_paired(volunteer.id, household.id)
    ):
        raise Conflict("no_room", N_("One of the two has no room for another pairing."))
    first = not parties.living_of(household_id=household.id)
    pairing = Pairing(
        id=new_id(),
        volunteer_id=volunteer.id,
        household_id=household.id,
        kind="primary" if first else "supporting",
        started_on=started_on,
    )
    db.session.add(pairing)
    db.session.flush()
    audit.record(actor, "pairing.entered", "pairing", pairing.id, kind=pairing.kind)
    life.start(
        actor,
        event="started",
        subject_kind="pairing",
        subject_id=pairing.id,
        day=started_on,
        owners={"helper": volunteer.account_id},
    )
    _settle(actor, pairing.id, today - SETTLED)
    return pairing


def _settle(actor: Actor, pairing_id: uuid.UUID, before: date) -> None:
    """Finish what was due before that day; a recurring one is made again each time, up to the present."""
    while past := [
        one
        for one in life.of_subjects("pairing", {pairing_id})
        if one.state in LIVING and one.due_on < before
    ]:
        for follow_up in past:
            life.finish(actor, follow_up_id=follow_up.id)

"""Who stands on which side of a visit, and who is asking."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Select, select

from services.core.actor import Actor
from services.core.db import db
from services.core.errors import NotFound
from services.households.models import Household
from services.pairings.models import Pairing
from services.visits.models import Visit
from services.volunteers.models import Volunteer

OFFICE = ("staff", "admin")


@dataclass(frozen=True)
class Parties:
    """The pairing a visit belongs to, with its helper and its household."""

    pairing: Pairing
    volunteer: Volunteer
    household: Household

    def is_helper(self, actor: Actor) -> bool:
        """True when the actor is the helper, whatever other roles he holds."""
        return actor.account_id is not None and actor.account_id == self.volunteer.account_id

    def is_household(self, actor: Actor) -> bool:
        """True when the actor is the household's own account."""
        return actor.account_id is not None and actor.account_id == self.household.account_id


def is_office(actor: Actor) -> bool:
    """True for the community's staff and administrators."""
    return actor.has(*OFFICE)


def joined(*what: type) -> Select:
    """A select of `what` among pairing, volunteer and household, joined; Visit may be the first."""
    statement: Select = select(*what).select_from(what[0])
    if Visit in what:
        statement = statement.join(
            Pairing, (Pairing.community_id == Visit.community_id) & (Pairing.id == Visit.pairing_id)
        )
    return statement.join(
        Volunteer,
        (Volunteer.community_id == Pairing.community_id) & (Volunteer.id == Pairing.volunteer_id),
    ).join(
        Household,
        (Household.community_id == Pairing.community_id) & (Household.id == Pairing.household_id),
    )


def of_pairings(pairing_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, Parties]:
    """The parties of several pairings, by pairing."""
    rows = db.session.execute(joined(Pairing, Volunteer, Household).where(Pairing.id.in_(set(pairing_ids))))
    return {pairing.id: Parties(pairing, volunteer, household) for pairing, volunteer, household in rows}


def of_visits(visit_ids: Iterable[uuid.UUID]) -> list[tuple[Visit, Parties]]:
    """Several visits with their parties."""
    rows = db.session.execute(
        joined(Visit, Pairing, Volunteer, Household).where(Visit.id.in_(set(visit_ids)))
    )
    return [(visit, Parties(pairing, helper, household)) for visit, pairing, helper, household in rows]


def of_pairing(pairing_id: uuid.UUID) -> Parties:
    """The parties of one pairing. Raises NotFound."""
    found = of_pairings([pairing_id])
    if pairing_id not in found:
        raise NotFound()
    return found[pairing_id]


def seen_by(actor: Actor, pairing_id: uuid.UUID) -> Parties:
    """The parties of a pairing, for those it concerns: the office, its helper, its household. Raises NotFound."""
    found = of_pairing(pairing_id)
    if not (is_office(actor) or found.is_helper(actor) or found.is_household(actor)):
        raise NotFound()
    return found

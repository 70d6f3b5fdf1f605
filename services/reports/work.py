"""What there is to do now, by role: counts of things that wait, each a list somewhere."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, select

from services.communities import regions
from services.core import clock, permissions
from services.core.actor import Actor
from services.core.db import db
from services.followups import absences
from services.followups.models import LIVING, FollowUp
from services.households.models import Household
from services.pairings.models import Pairing, Proposal
from services.pledges.models import Allocation, Pledge, UnitPerson
from services.reports import figures
from services.visits.models import Visit
from services.volunteers.models import Volunteer
from services.wishes import claims
from services.wishes.models import Wish, WishClaim

# In the order the office should look at them: what may hurt somebody first, then what somebody waits for.
FIRST = (
    "followups_escalated",
    "visits_disputed",
    "urgent_unpaired",
    "stops_asked",
    "followups_late",
    "messages_failed",
)
THEN = (
    "offers_waiting",
    "households_asking",
    "proposals_waiting",
    "volunteers_waiting",
    "visits_waiting",
    "offers_to_answer",
    "wishes_asked",
    "wishes_claimed",
    "wishes_fulfilled",
    "allocations_to_deliver",
    "households_without_consent",
    "households_unpaired",
)
OFFICE = FIRST + THEN


@dataclass(frozen=True)
class Waiting:
    """One kind of thing that waits, and how many."""

    code: str
    count: int


def by_role(actor: Actor) -> list[tuple[str, list[Waiting]]]:
    """What waits for the actor, for each role he has here. Nothing is asked of a role that has nothing to do."""
    found = []
    if actor.has("volunteer"):
        found.append(("volunteer", volunteer(actor)))
    if permissions.allowed(actor, "households.own"):
        found.append(("resident", resident(actor)))
    if permissions.allowed(actor, "pledges.own"):
        found.append(("unit", unit(actor)))
    if permissions.allowed(actor, "reports.community"):
        at = figures.moment(clock.now(), regions.zone_of(actor.community_id))
        found.append(("office", office(actor, at=at)))
    return found


def office(actor: Actor, *, at: figures.Moment) -> list[Waiting]:
    """What waits for the community's office, most urgent kind first, with zeros. Raises Forbidden."""
    permissions.require(actor, "reports.community")
    counted = figures.count(OFFICE, at)
    return [Waiting(code, figures.number(counted, code)) for code in OFFICE]


def volunteer(actor: Actor) -> list[Waiting]:
    """What waits for the actor as a helper: proposals to answer, follow-ups, those he stands in for, households."""
    permissions.require(actor, "volunteers.own")
    own = select(Volunteer.id).where(Volunteer.account_id == actor.account_id).scalar_subquery()
    return [
        _waiting(
            "own_proposals",
            Proposal,
            Proposal.volunteer_id == own,
            Proposal.state == "published",
            Proposal.helper_answer == "",
        ),
        _waiting(
            "own_followups", FollowUp, FollowUp.owner_id == actor.account_id, FollowUp.state.in_(LIVING)
        ),
        _waiting("standing_in", FollowUp, absences.standing_in(actor), FollowUp.state.in_(LIVING)),
        _waiting("own_pairings", Pairing, Pairing.volunteer_id == own, Pairing.ended_on.is_(None)),
        _wishes_taken_on(actor),
    ]


def resident(actor: Actor) -> list[Waiting]:
    """What waits for the actor's household: proposals to answer, visits to confirm."""
    permissions.require(actor, "households.own")
    # More than one row when a household came back: the closed ones keep their account.
    homes = select(Household.id).where(Household.account_id == actor.account_id)
    pairings = select(Pairing.id).where(Pairing.household_id.in_(homes))
    return [
        _waiting(
            "home_proposals",
            Proposal,
            Proposal.household_id.in_(homes),
            Proposal.state == "published",
            Proposal.household_answer == "",
        ),
        _waiting(
            "home_visits",
            Visit,
            Visit.pairing_id.in_(pairings),
            Visit.state == "noted",
            Visit.household_at.is_(None),
        ),
        _waiting("home_wishes", Wish, Wish.household_id.in_(homes), Wish.state == "fulfilled"),
    ]


def unit(actor: Actor) -> list[Waiting]:
    """What the actor's units have promised that waits to be handed over."""
    permissions.require(actor, "pledges.own")
    units = select(UnitPerson.unit_id).where(UnitPerson.account_id == actor.account_id)
    pledges = select(Pledge.id).where(Pledge.unit_id.in_(units))
    return [
        _waiting(
            "unit_allocations", Allocation, Allocation.pledge_id.in_(pledges), Allocation.state == "reserved"
        ),
        _waiting("unit_pledges", Pledge, Pledge.unit_id.in_(units), Pledge.state == "open"),
        _wishes_taken_on(actor),
    ]


def _wishes_taken_on(actor: Actor) -> Waiting:
    return _waiting("own_wishes", WishClaim, *claims.is_open(actor.account_id))


def _waiting(code: str, model: type, *conditions: ColumnElement[bool]) -> Waiting:
    statement = select(func.count()).select_from(model).where(*conditions)
    return Waiting(code, db.session.scalars(statement).one())

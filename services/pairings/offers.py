"""Offers: a helper says yes to a household before anybody asked. An offer is a proposal in the state "offered".

It takes a place on both sides like one that waits for an answer, so no run and no other helper comes between; the office
asks the household or declines, and until then the helper takes it back as easily as he made it.
"""

import uuid

from sqlalchemy import select

from matching import codes
from matching.rules import first_bar
from services.communities import regions
from services.core import audit, clock, locks, permissions
from services.core.actor import Actor
from services.core.db import db
from services.core.errors import N_, Conflict, DomainError, Forbidden, NotFound
from services.core.paging import Page, newest_first
from services.followups import life
from services.households.models import Household
from services.pairings import acceptance, pair_locks, parties, proposals, results, snapshot, telling
from services.pairings.models import STANDING, Proposal
from services.pairings.parties import Parties
from services.people import consents
from services.volunteers import profiles
from services.volunteers.models import Volunteer


def offer(actor: Actor, *, household_id: uuid.UUID) -> Proposal:
    """Offer to help a household, as `find` shows it; offering twice is offering once.

    Raises Forbidden, NotFound for a household that cannot be found, Conflict when it does not fit or somebody was first.
    """
    permissions.require(actor, "pairings.find")
    own = profiles.own_volunteer(actor)
    if own is None:
        raise Forbidden("no_profile", N_("You have no open profile here."))
    household = locks.lock(Household, household_id)
    volunteer = locks.lock(Volunteer, own.id)
    before = _between(volunteer.id, household.id)
    if before is not None and before.state == "offered":
        return before
    proposal = _fitting(actor, volunteer, household, before)
    if before is not None:
        before.state, before.reason = "withdrawn", "offered"
        db.session.flush()
    proposal.state = "offered"
    acceptance.decided_at(proposal, "helper", "yes", "account", actor)
    db.session.add(proposal)
    db.session.flush()
    life.start(
        actor,
        event="offered",
        subject_kind="proposal",
        subject_id=proposal.id,
        day=regions.today(actor.community_id),
        owners={},
    )
    audit.record(actor, "proposal.offered", "proposal", proposal.id)
    return proposal


def _between(volunteer_id: uuid.UUID, household_id: uuid.UUID) -> Proposal | None:
    """What is drafted, offered or asked between the two, locked."""
    return db.session.scalars(
        select(Proposal)
        .where(
            Proposal.volunteer_id == volunteer_id,
            Proposal.household_id == household_id,
            Proposal.state.in_(("draft", *STANDING)),
        )
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    ).one_or_none()


def _fitting(actor: Actor, volunteer: Volunteer, household: Household, before: Proposal | None) -> Proposal:
    if before is not None and before.state == "published":
        raise Conflict(
            "asked", N_("You are asked about this household already: please answer under My pairings.")
        )
    taken = snapshot.take_part(
        regions.today(actor.community_id), volunteer_id=volunteer.id, household_id=household.id
    )
    helper, home = taken.helper(volunteer.id), taken.household(household.id)
    if helper is None:
        raise Conflict(
            "helper_state", N_("You are on a break. Go on in your profile, then you can offer help.")
        )
    if home is None or pair_locks.is_left_out(household.id):
        raise NotFound()
    bar = first_bar(helper, home)
    if bar is not None and bar.code == codes.NO_PLACES and helper.places == 0:
        raise Conflict(
            "helper_full",
            N_(
                "You have no free place: take an offer back first, or say under My availability that you take more households."
            ),
        )
    if bar is not None and bar.code == codes.NO_PLACES:
        raise Conflict("taken", N_("Somebody else was first. Thank you; please look at the others."))
    if bar is not None:
        raise Conflict(
            "barred", N_("This no longer fits what you can do or when. Please look at the list again.")
        )
    kind = "supporting" if home.helped else "primary"
    return results.draft(taken, volunteer.id, household.id, kind=kind, run_id=None)


def take_back(actor: Actor, *, proposal_id: uuid.UUID) -> Proposal:
    """The helper's undo, as long as the office has not asked the household; doing it twice changes nothing.

    Raises Forbidden, NotFound for an offer that is not his own, Conflict when the office was first.
    """
    permissions.require(actor, "pairings.find")
    found = parties.locked(Proposal, proposal_id)
    parties.require_side(actor, found, "helper")
    proposal = found.row
    if (proposal.state, proposal.reason) == ("withdrawn", "taken_back"):
        return proposal
    if proposal.state != "offered":
        raise Conflict(
            "closed", N_("The office has answered your offer already: please look under My pairings.")
        )
    proposal.state, proposal.reason = "withdrawn", "taken_back"
    db.session.flush()
    life.close_subject(actor, subject_kind="proposal", subject_id=proposal.id, reason="withdrawn")
    audit.record(actor, "proposal.taken_back", "proposal", proposal.id)
    return proposal


def own(actor: Actor) -> list[Parties[Proposal]]:
    """The actor's offers that the office has not answered yet, oldest first. Raises Forbidden."""
    permissions.require(actor, "pairings.own")
    rows = db.session.scalars(
        select(Proposal)
        .where(
            Proposal.state == "offered",
            Proposal.volunteer_id.in_(select(Volunteer.id).where(Volunteer.account_id == actor.account_id)),
        )
        .order_by(Proposal.id)
    )
    return parties.of(rows)


def waiting(actor: Actor, *, after: str | None = None, limit: int = 50) -> Page[Proposal]:
    """Offers that wait for the office, newest first. Raises Forbidden."""
    permissions.require(actor, "pairings.decide")
    offered = select(Proposal).where(Proposal.state == "offered")
    return newest_first(offered, Proposal.id, after=after, limit=limit)


def accept(actor: Actor, *, proposal_id: uuid.UUID, how: str = "") -> Proposal:
    """Ask the household about an offer; or with `how` ("staff call", "paper") say that it has agreed: then they are paired.

    Comes back "lost" when there is no room any more. Raises Forbidden, NotFound, DomainError, Conflict when it is no longer open.
    """
    permissions.require(actor, "pairings.decide")
    if how and how not in proposals.STAFF_HOW:
        raise DomainError("how", N_("Please say how you know: by a call or on paper."), field="how")
    found = parties.locked(Proposal, proposal_id)
    proposal = found.row
    if proposal.state != "offered":
        raise Conflict("closed", N_("This offer is no longer open."))
    agreed = {found.household.id}
    if not consents.current(subject_kind="household", subject_ids=agreed, purpose="matching"):
        raise Conflict(
            "no_consent", N_("The household has not agreed to being matched: ask for consent first")
        )
    life.close_subject(actor, subject_kind="proposal", subject_id=proposal.id, reason="accepted")
    pair_locks.forget_pairs([(found.household.id, found.volunteer.id)])
    audit.record(actor, "proposal.taken_up", "proposal", proposal.id, how=how)
    if not acceptance.fits(found):
        acceptance.lose(actor, found)
        telling.taken(actor, found)
    elif how:
        proposal.state, proposal.published_at = "published", clock.now()
        return proposals.answer(actor, proposal_id=proposal.id, side="household", answer="yes", how=how)
    else:
        proposals.send(actor, found)
        telling.offer_passed_on(actor, found)
    return proposal

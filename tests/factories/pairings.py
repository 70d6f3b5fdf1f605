"""Runs, proposals and pairings, made as people make them: a run, published, both sides said yes."""

from sqlalchemy import select

from services.communities import regions
from services.core.actor import system
from services.core.db import db
from services.households.models import Household
from services.pairings import earlier, pair_locks, proposals, runs
from services.pairings.models import MatchingRun, Pairing, Proposal
from services.volunteers.models import Volunteer
from tests.factories import households, volunteers, world


def make_run(place: world.Place) -> MatchingRun:
    """A computed run over the community the session serves."""
    run = runs.request_run(place.actor("staff"))
    runs.compute(system(place.id), run.id)
    return run


def drafts(place: world.Place, run: MatchingRun) -> list[Proposal]:
    """The drafts of a run, the newest first."""
    return list(proposals.of_run(place.actor("staff"), run_id=run.id, state="draft").rows)


def lock_a_draft(place: world.Place, run: MatchingRun) -> Proposal:
    """A draft of the run, locked."""
    draft = drafts(place, run)[0]
    pair_locks.keep_pair(place.actor("staff"), proposal_id=draft.id)
    return draft


def make_couple(place: world.Place) -> tuple[Volunteer, Household]:
    """A helper and a household who sign in and fit each other; accounts "volunteer" and "resident" of the place."""
    return volunteers.make_helper(place), households.make_resident(place)


def make_two(place: world.Place, *, couple: bool) -> tuple[Volunteer, Household]:
    """Two who fit each other, with accounts when `couple`."""
    if couple:
        return make_couple(place)
    return volunteers.make_volunteer(place), households.make_household(place)


def make_proposal(place: world.Place, *, couple: bool = True) -> Proposal:
    """A published proposal between a helper and a household of their own (with accounts when `couple`)."""
    return publish_between(place, *make_two(place, couple=couple))


def publish_between(place: world.Place, volunteer: Volunteer, household: Household) -> Proposal:
    """The published proposal of two who fit each other and nobody better."""
    run = make_run(place)
    runs.publish(place.actor("staff"), run_id=run.id)
    return db.session.scalars(
        select(Proposal).where(
            Proposal.volunteer_id == volunteer.id,
            Proposal.household_id == household.id,
            Proposal.state == "published",
        )
    ).one()


def agree(place: world.Place, proposal: Proposal, *sides: str) -> Proposal:
    """Staff enter a yes for each side (both when none is named)."""
    for side in sides or ("helper", "household"):
        proposals.answer(
            place.actor("staff"), proposal_id=proposal.id, side=side, answer="yes", how="staff call"
        )
    return proposal


def make_pairing(place: world.Place, *, couple: bool = True) -> Pairing:
    """A living pairing that began today; helper and household sign in when `couple`."""
    proposal = agree(place, make_proposal(place, couple=couple))
    return db.session.scalars(select(Pairing).where(Pairing.proposal_id == proposal.id)).one()


def enter_pairing(place: world.Place, *, couple: bool = True) -> Pairing:
    """A living pairing that began today, entered by the office without a run, proposal or letter: quicker to make."""
    volunteer, household = make_two(place, couple=couple)
    return earlier.enter_earlier(
        place.actor("staff"),
        volunteer_id=volunteer.id,
        household_id=household.id,
        started_on=regions.today(place.id),
    )

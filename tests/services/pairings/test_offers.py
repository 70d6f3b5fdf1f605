"""Finding a household to help, offering, taking back, and what the office does with an offer."""

import uuid

import pytest
from sqlalchemy import select

from services.communities import regions
from services.core import permissions
from services.core.db import db
from services.core.errors import Conflict, DomainError, Forbidden, NotFound
from services.followups import life
from services.followups.models import LIVING
from services.households import registration
from services.messages.models import Message
from services.pairings import find, offers, pairings, proposals, snapshot
from services.pairings.models import Pairing, Proposal
from services.volunteers import states
from tests.factories import households, volunteers
from tests.factories import pairings as made


@pytest.fixture
def helper(here):
    return volunteers.make_helper(here)


@pytest.fixture
def home(here, helper):
    return households.make_resident(here)


def look(place, **how):
    return find.near(place.actor("volunteer"), **how)


def offer(place, home):
    return offers.offer(place.actor("volunteer"), household_id=home.id)


def told(template):
    return db.session.scalars(
        select(Message).where(Message.template == template, Message.channel == "inbox")
    ).all()


def aside(found):
    return {(one.code, one.count, one.what) for one in found.aside}


def test_a_helper_finds_what_he_could_do_and_why(here, helper, home):
    found = look(here)
    (fit,) = found.fits
    assert (fit.household_id, [need.kind for need in fit.needs]) == (home.id, ["company"])
    assert (found.number, found.kinds, found.full) == (1, {"company": 1}, False)
    assert fit.terms["needs_covered"] > 0


def test_what_does_not_fit_is_counted_by_what_is_in_the_way(here, helper, home):
    households.make_household(here, need="homework")
    households.make_household(here, need="haircut")
    households.make_household(here, gender_wish="female", need="haircut")
    households.make_household(here, gender_wish="female")
    households.make_household(here, consent_on=None)
    volunteers.make_volunteer(here)
    found = look(here)
    assert found.number == 1
    assert aside(found) == {("skill", 1, ("haircut",)), ("same_gender", 1, ()), ("several", 2, ())}


def test_only_a_paper_is_missing(here):
    volunteers.make_helper(here, skills={"homework": 1})
    households.make_household(here, need="homework")
    assert aside(look(here)) == {("check", 1, ("no_criminal_record",))}


def test_a_no_and_a_conflict_are_not_told_apart(here, helper, home):
    proposals.refuse(here.actor("staff"), proposal_id=offer(here, home).id, reason="do_not_get_on")
    found = look(here)
    assert (found.fits, aside(found)) == ([], {("set_apart", 1, ())})


def test_find_and_matching_agree(here, helper, home):
    """Whatever is found could be proposed, and nothing else."""
    for kind in ("company", "shopping", "haircut", "homework"):
        households.make_household(here, need=kind)
    taken = snapshot.take(regions.today(here.id))
    able = [taken.households[h].id for h in taken.table().household.tolist()]
    assert sorted(str(one.household_id) for one in look(here).fits) == sorted(able)
    assert len(able) == 3


def test_an_offer_takes_a_place_on_both_sides(here, helper, home):
    made_offer = offer(here, home)
    assert (made_offer.state, made_offer.helper_answer, made_offer.run_id) == ("offered", "yes", None)
    assert offer(here, home) is made_offer
    found = look(here)
    assert (found.full, found.fits) == (True, [])
    assert [one.row for one in offers.own(here.actor("volunteer"))] == [made_offer]
    with pytest.raises(Conflict) as full:
        offer(here, households.make_household(here))
    assert full.value.code == "helper_full"


def test_a_run_proposes_nobody_who_is_offered(here, helper, home):
    offer(here, home)
    made.make_run(here)
    assert not db.session.scalars(select(Proposal).where(Proposal.state == "draft")).all()


def test_an_offer_takes_the_place_of_a_draft(here, helper, home):
    made.make_run(here)
    draft = db.session.scalars(select(Proposal)).one()
    offer(here, home)
    assert (draft.state, draft.reason) == ("withdrawn", "offered")


def test_the_second_helper_hears_that_somebody_was_first(here, helper, home):
    offer(here, home)
    volunteers.make_helper(here)
    assert aside(look(here)) == {("helped", 1, ())}
    with pytest.raises(Conflict) as late:
        offer(here, home)
    assert late.value.code == "taken"


def test_undo_gives_both_places_back(here, helper, home):
    made_offer = offer(here, home)
    for _ in range(2):
        offers.take_back(here.actor("volunteer"), proposal_id=made_offer.id)
    assert made_offer.state == "withdrawn"
    assert look(here).number == 1
    assert not [one for one in life.of_subjects("proposal", {made_offer.id}) if one.state in LIVING]
    assert offer(here, home).id != made_offer.id


def test_the_office_asks_and_the_household_agrees(here, helper, home):
    made_offer = offer(here, home)
    staff = here.actor("staff")
    assert [one.id for one in offers.waiting(staff).rows] == [made_offer.id]
    assert offers.accept(staff, proposal_id=made_offer.id).state == "published"
    assert len(told("offer.passed_on")) == len(told("proposal.household")) == 1
    assert not told("proposal.helper")
    with pytest.raises(Conflict):
        offers.take_back(here.actor("volunteer"), proposal_id=made_offer.id)
    proposals.answer(here.actor("resident"), proposal_id=made_offer.id, side="household", answer="yes")
    assert db.session.scalars(select(Pairing)).one().volunteer_id == helper.id


def test_the_office_knows_that_the_household_agrees(here, helper, home):
    made_offer = offer(here, home)
    assert offers.accept(here.actor("staff"), proposal_id=made_offer.id, how="staff call").state == "accepted"
    assert made_offer.household_how == "staff call"
    assert not told("proposal.household")
    with pytest.raises(Conflict):
        offers.accept(here.actor("staff"), proposal_id=made_offer.id)


@pytest.mark.parametrize(("reason", "again"), [("not_now", 1), ("already_helped", 0)])
def test_the_office_declines_politely(here, helper, home, reason, again):
    made_offer = offer(here, home)
    proposals.refuse(here.actor("staff"), proposal_id=made_offer.id, reason=reason)
    assert len(told("offer.declined")) == 1
    assert not told("proposal.household.over")
    assert look(here).number == again


def test_a_full_household_ends_the_other_offers(here, helper, home):
    registration.update_household(here.actor("staff"), household_id=home.id, places=2)
    first = offer(here, home)
    volunteers.make_helper(here)
    second = offer(here, home)
    registration.update_household(here.actor("staff"), household_id=home.id, places=1)
    offers.accept(here.actor("staff"), proposal_id=first.id, how="paper")
    assert second.state == "lost"
    assert len(told("proposal.helper.taken")) == 1


def test_who_cannot_offer(here, helper, home):
    with pytest.raises(NotFound):
        offer(here, households.make_household(here, consent_on=None))
    with pytest.raises(NotFound):
        offers.offer(here.actor("volunteer"), household_id=uuid.uuid4())
    with pytest.raises(Conflict) as barred:
        offer(here, households.make_household(here, need="haircut"))
    assert barred.value.code == "barred"
    with pytest.raises(Forbidden):
        offers.offer(here.actor("staff"), household_id=home.id)
    states.pause_own(here.actor("volunteer"), paused=True)
    assert look(here) is None
    with pytest.raises(Conflict) as paused:
        offer(here, home)
    assert paused.value.code == "helper_state"


def test_an_offer_is_its_helpers_own(here, helper, home):
    made_offer = offer(here, home)
    volunteers.make_helper(here)
    with pytest.raises(NotFound):
        offers.take_back(here.actor("volunteer"), proposal_id=made_offer.id)
    with pytest.raises(NotFound):
        proposals.answer(here.actor("resident"), proposal_id=made_offer.id, side="household", answer="yes")
    with pytest.raises(DomainError):
        offers.accept(here.actor("staff"), proposal_id=made_offer.id, how="rumour")


def test_who_offered_may_know_the_place_alone(here, helper, home):
    offer(here, home)
    relation = pairings.relation(helper.id, home.id, regions.today(here.id))
    assert permissions.visible("volunteer", relation) == {"place"}
    assert not permissions.revealable("volunteer", relation)

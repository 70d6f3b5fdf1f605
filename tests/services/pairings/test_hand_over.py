"""A pairing goes to another helper in one step, and nothing is lost between the two."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import select

from services.communities import regions
from services.core.db import db
from services.core.errors import Conflict, DomainError, Forbidden, NotFound
from services.followups import life, plans
from services.followups.models import LIVING
from services.messages.models import Message
from services.pairings import hand_over, pairings, parties
from services.pairings.models import Pairing, Proposal
from tests.factories import households, volunteers, world
from tests.factories import pairings as made
from tests.factories import visits as made_visits


@pytest.fixture
def pairing(here):
    return made_visits.make_old_pairing(here)


@pytest.fixture
def taker(here, pairing):
    old = here.accounts["volunteer"]
    helper = volunteers.make_helper(here)
    here.accounts["taker"], here.accounts["volunteer"] = here.accounts["volunteer"], old
    return helper


def over(place, pairing, helper, role="staff", agreed=True):
    return hand_over.hand_over(
        place.actor(role), pairing_id=pairing.id, volunteer_id=helper.id, agreed=agreed
    )


def open_of(pairing):
    found = [one for one in life.of_subjects("pairing", {pairing.id}) if one.state in LIVING]
    named = plans.by_id({one.plan_id for one in found})
    return {named[one.plan_id].code: one for one in found}


def told(account):
    return db.session.scalars(
        select(Message.template)
        .where(Message.account_id == account.id, Message.channel == "inbox")
        .order_by(Message.id)
    ).all()


def test_the_old_one_ends_and_the_new_one_begins(here, pairing, taker):
    today = regions.today(here.id)
    new = over(here, pairing, taker)
    assert (pairing.ended_on, pairing.end_reason) == (today, "replaced")
    assert (new.household_id, new.volunteer_id, new.kind) == (pairing.household_id, taker.id, "primary")
    assert (new.started_on, new.ended_on) == (today, None)
    proposal = db.session.get_one(Proposal, (here.id, new.proposal_id))
    assert (proposal.state, proposal.helper_how, proposal.household_how) == (
        "accepted",
        "staff call",
        "staff call",
    )
    assert proposal.needs


def test_what_was_open_goes_on_with_its_days(here, pairing, taker):
    staff = here.actor("staff")
    first = open_of(pairing)
    life.finish(staff, follow_up_id=first["monthly_call"].id)
    life.finish(staff, follow_up_id=first["first_visit"].id)
    today = regions.today(here.id)
    later = first["first_contact"].due_on + timedelta(days=9)
    life.postpone(staff, follow_up_id=first["first_contact"].id, day=later, reason="ill")
    life.hand_over(staff, follow_up_id=first["half_year_review"].id, account_id=staff.account_id)
    before = {code: (one.due_on, one.owner_id) for code, one in open_of(pairing).items()}
    pairings.ask_to_stop(here.actor("volunteer"), pairing_id=pairing.id, reason="no_time")

    after = open_of(over(here, pairing, taker))

    assert not open_of(pairing)
    assert set(after) == {"first_contact", "first_visit", "monthly_call", "half_year_review"}
    for code in before:
        assert after[code].due_on == before[code][0], code
    # Of the second call, the day of the series stands; a new pair visits once at first.
    assert after["first_visit"].planned_on == today + timedelta(days=7)
    assert {code: one.owner_id for code, one in after.items()} == {
        "first_contact": taker.account_id,
        "first_visit": taker.account_id,
        "monthly_call": taker.account_id,
        "half_year_review": staff.account_id,
    }


def test_a_series_goes_on_after_it_is_done(here, pairing, taker):
    staff = here.actor("staff")
    life.finish(staff, follow_up_id=open_of(pairing)["monthly_call"].id)
    anchor = open_of(pairing)["monthly_call"].anchor_on
    new = over(here, pairing, taker)
    life.finish(staff, follow_up_id=open_of(new)["monthly_call"].id)
    following = open_of(new)["monthly_call"]
    assert (following.occurrence, following.anchor_on) == (1, anchor)


def test_everybody_is_told_once(here, pairing, taker):
    over(here, pairing, taker)
    assert told(here.accounts["volunteer"])[-1] == "pairing.helper.ended"
    assert told(here.accounts["resident"])[-1] == "pairing.household.taken_over"
    assert "pairing.household.ended" not in told(here.accounts["resident"])
    assert "pairing.helper.taken_over" in told(_account(taker))


def _account(helper):
    return world.accounts.get_account(helper.account_id)


def test_visits_stay_where_they_were(here, pairing, taker):
    visit = made_visits.make_confirmed(here, pairing)
    over(here, pairing, taker)
    assert visit.pairing_id == pairing.id


def test_who_may_take_over_is_decided_as_for_any_household(here, pairing, taker):
    volunteers.make_volunteer(here, skills={"haircut": 1})
    full = volunteers.make_volunteer(here, places=0)
    can, cannot = hand_over.takers(here.actor("staff"), pairing_id=pairing.id)
    assert [one.volunteer_id for one in can] == [taker.id]
    assert pairing.volunteer_id not in {one.volunteer_id for one in cannot}
    assert full.id in {one.volunteer_id for one in cannot}
    for wrong in (full, parties.one(Pairing, pairing.id).volunteer):
        with pytest.raises(DomainError) as refused:
            over(here, pairing, wrong)
        assert refused.value.field == "volunteer_id"
    assert pairing.ended_on is None


def test_both_are_asked_first_and_the_office_decides(here, pairing, taker):
    with pytest.raises(DomainError) as refused:
        over(here, pairing, taker, agreed=False)
    assert refused.value.field == "agreed"
    for role in ("volunteer", "resident"):
        with pytest.raises(Forbidden):
            over(here, pairing, taker, role=role)
    with pytest.raises(NotFound):
        hand_over.hand_over(
            here.actor("staff"), pairing_id=pairing.id, volunteer_id=world.some_id(), agreed=True
        )
    over(here, pairing, taker)
    with pytest.raises(Conflict):
        over(here, pairing, taker)


def test_a_supporting_helper_is_followed_by_a_supporting_one(here, pairing, taker):
    pairing.kind = "supporting"
    db.session.flush()
    assert over(here, pairing, taker).kind == "supporting"


def test_what_no_longer_fits_the_new_helper_is_lost(here, pairing, taker):
    other = households.make_household(here)
    taker.places = 2
    db.session.flush()
    proposal = made.publish_between(here, taker, other)
    taker.places = 1
    db.session.flush()
    with pytest.raises(DomainError):
        over(here, pairing, taker)
    taker.places = 2
    db.session.flush()
    over(here, pairing, taker)
    assert proposal.state == "published"


def test_two_at_once_hand_it_over_once(live_app):
    with live_app.app_context():
        place = world.make_place("live")
    with world.inside(live_app, place):
        pairing = made_visits.make_old_pairing(place)
        helpers = [volunteers.make_helper(place) for _ in range(2)]
    gate, results = threading.Barrier(2), []

    def run(helper):
        with world.inside(live_app, place):
            gate.wait(10)
            try:
                over(place, pairing, helper)
                results.append("done")
            except Conflict:
                results.append("ended")

    with ThreadPoolExecutor(2) as pool:
        for one in [pool.submit(run, helper) for helper in helpers]:
            one.result()
    assert sorted(results) == ["done", "ended"]
    with world.inside(live_app, place):
        assert len(pairings.living(household_ids={pairing.household_id})) == 1

"""A pairing's life: what the two are to each other, how it ends, who hears of it."""

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select

from services.communities import regions
from services.core import clock
from services.core.actor import system
from services.core.db import db
from services.core.errors import Conflict, DomainError, Forbidden, NotFound
from services.followups import advance, life, subjects
from services.followups.models import LIVING
from services.messages.models import Message
from services.pairings import leaving, pairings
from services.pairings.models import Proposal
from tests.factories import households, volunteers, world
from tests.factories import pairings as made


@pytest.fixture
def pairing(here):
    return made.make_pairing(here)


@pytest.fixture
def today(here):
    return regions.today(here.id)


def end(place, pairing, day, reason="need_met"):
    return pairings.end_pairing(place.actor("staff"), pairing_id=pairing.id, reason=reason, day=day)


def ends_told():
    return db.session.scalars(
        select(Message.template).where(Message.template.like("%.ended"), Message.channel == "inbox")
    ).all()


def test_relations_follow_the_pairing(here, today):
    volunteer, household = made.make_couple(here)
    ids = (volunteer.id, household.id)
    assert pairings.relation(*ids, today) == "none"
    proposal = made.publish_between(here, volunteer, household)
    assert pairings.relation(*ids, today) == "proposed"
    made.agree(here, proposal)
    assert pairings.relation(*ids, today) == "living"
    end(here, pairings.living()[0], today)
    assert pairings.relation(*ids, today) == "recent"
    assert pairings.relation(*ids, today + timedelta(days=7)) == "recent"
    assert pairings.relation(*ids, today + timedelta(days=8)) == "ended"


def test_an_end_closes_what_was_to_be_done_and_tells_both(here, pairing, today):
    end(here, pairing, today)
    assert (pairing.ended_on, pairing.end_reason) == (today, "need_met")
    assert not [one for one in life.of_subjects("pairing", {pairing.id}) if one.state in LIVING]
    assert sorted(ends_told()) == ["pairing.helper.ended", "pairing.household.ended"]
    with pytest.raises(Conflict):
        end(here, pairing, today)


@pytest.mark.parametrize("reason", ["deceased", "moved"])
def test_about_a_death_or_a_move_nobody_gets_a_letter(here, pairing, today, reason):
    end(here, pairing, today, reason)
    assert not ends_told()


@pytest.mark.parametrize("days", [-1, 1])
def test_the_last_day_lies_within_the_pairing(here, pairing, today, days):
    with pytest.raises(DomainError) as refused:
        end(here, pairing, today + timedelta(days=days))
    assert refused.value.field == "day"


def test_an_end_needs_a_coded_reason_and_the_office(here, pairing, today):
    with pytest.raises(DomainError):
        end(here, pairing, today, "because")
    with pytest.raises(Forbidden):
        pairings.end_pairing(here.actor("volunteer"), pairing_id=pairing.id, reason="need_met", day=today)


def test_an_ended_pair_can_be_proposed_again(here, pairing, today):
    end(here, pairing, today)
    assert made.make_run(here).covered == 1


def test_a_household_that_leaves_ends_everything(here, pairing, today):
    household = leaving.close_household(
        here.actor("staff"), household_id=pairing.household_id, reason="moved", day=today
    )
    assert (household.state, pairing.ended_on, pairing.end_reason) == ("moved", today, "moved")
    assert not pairings.living()
    with pytest.raises(DomainError):
        leaving.close_household(
            here.actor("staff"), household_id=household.id, reason="moved", day=today + timedelta(days=1)
        )


@pytest.mark.parametrize("reason", ["deceased", "moved"])
def test_a_household_that_died_or_moved_is_never_reminded_of(here, pairing, today, reason):
    before = db.session.scalars(select(Message.id)).all()
    leaving.close_household(here.actor("staff"), household_id=pairing.household_id, reason=reason, day=today)
    rows = life.of_subjects("pairing", {pairing.id})
    assert rows and all((row.state, row.next_at) == ("closed", None) for row in rows)
    with time_machine.travel(clock.now() + timedelta(days=400), tick=False):
        for row in rows:
            advance.advance(system(here.id), row.id)
    assert db.session.scalars(select(Message.id)).all() == before
    assert len(life.of_subjects("pairing", {pairing.id})) == len(rows)


def test_a_household_that_leaves_takes_back_what_was_asked(here, today):
    proposal = made.make_proposal(here)
    leaving.close_household(
        here.actor("staff"), household_id=proposal.household_id, reason="deceased", day=today
    )
    assert proposal.state == "withdrawn"
    templates = db.session.scalars(select(Message.template)).all()
    assert "proposal.helper.over" in templates
    assert "proposal.household.over" not in templates


def test_a_helper_who_leaves_ends_everything(here, today):
    volunteer = volunteers.make_helper(here, places=2)
    made.agree(here, made.publish_between(here, volunteer, households.make_household(here)))
    asked = made.publish_between(here, volunteer, households.make_resident(here))
    leaving.set_helper_state(here.actor("staff"), volunteer_id=volunteer.id, state="left")
    history = pairings.list_pairings(here.actor("staff"), state="ended").rows
    assert [one.end_reason for one in history] == ["helper_left"]
    assert volunteer.state == "left"
    assert asked.state == "withdrawn"
    assert "proposal.household.over" in db.session.scalars(select(Message.template)).all()
    with pytest.raises(Forbidden):
        leaving.set_helper_state(here.actor("volunteer"), volunteer_id=volunteer.id, state="left")


def test_a_helper_asks_to_stop_once(here, pairing):
    volunteer = here.actor("volunteer")
    for _ in range(2):
        pairings.ask_to_stop(volunteer, pairing_id=pairing.id, reason="health")
    assert pairing.stop_reason == "health"
    due = [one for one in life.of_subjects("pairing", {pairing.id}) if one.owner_id is None]
    assert len(due) == 2  # the review and this
    listed = pairings.list_pairings(here.actor("staff"), state="stop")
    assert [row.id for row in listed.rows] == [pairing.id]
    with pytest.raises(DomainError):
        pairings.ask_to_stop(volunteer, pairing_id=pairing.id, reason="because")


def test_only_its_own_helper_asks_to_stop(here, pairing):
    with pytest.raises(NotFound):
        pairings.ask_to_stop(here.actor("resident"), pairing_id=pairing.id, reason="health")
    world.add_member(here, "volunteer")
    with pytest.raises(NotFound):
        pairings.ask_to_stop(here.actor("volunteer"), pairing_id=pairing.id, reason="health")


def test_lists_by_state_household_and_helper(here, pairing, today):
    staff = here.actor("staff")
    assert len(pairings.list_pairings(staff, household_id=pairing.household_id).rows) == 1
    assert not pairings.list_pairings(staff, volunteer_id=world.some_id()).rows
    end(here, pairing, today)
    assert not pairings.list_pairings(staff, state="living").rows
    assert len(pairings.list_pairings(staff, state="ended").rows) == 1
    assert len(pairings.history(staff, household_id=pairing.household_id)) == 1


def test_one_sees_ones_own_pairings(here, pairing):
    for role in ("volunteer", "resident"):
        assert [one.row.id for one in pairings.own_pairings(here.actor(role))] == [pairing.id]
    world.add_member(here, "volunteer")
    assert not pairings.own_pairings(here.actor("volunteer"))


def test_a_follow_up_names_a_pairing_for_those_it_concerns(here, pairing):
    about = [("pairing", pairing.id)]
    for role in ("staff", "volunteer", "resident"):
        assert pairing.id in subjects.of(here.actor(role), about)
    world.add_member(here, "volunteer")
    assert not subjects.of(here.actor("volunteer"), about)
    proposal = db.session.scalars(select(Proposal)).one()
    assert subjects.of(here.actor("staff"), [("proposal", proposal.id)])
    assert not subjects.of(here.actor("resident"), [("proposal", proposal.id)])
    assert subjects.of(system(here.id), about)

"""I can, I cannot, taking it back: who hears of it, what stays, and what one does in another's place."""

from datetime import date

import pytest
from sqlalchemy import select

from services.core.db import db
from services.core.errors import Conflict, DomainError, NotFound
from services.followups import absences, answers, life, lists
from services.messages.models import Message
from tests.factories import followups, world
from tests.services.followups.test_absences import MONDAY, acting, at, november


@pytest.fixture
def look(session, north):
    """A helper's follow-up due on Thursday, a deputy named beside him, and a friend."""
    world.enter(north)
    members = {name: world.add_member(north, "volunteer") for name in ("volunteer", "deputy", "friend")}
    north.accounts.update(members)
    with at(MONDAY):
        yield followups.make_followups(
            north,
            day=MONDAY,
            helper=north.accounts["volunteer"].id,
            deputy=north.accounts["deputy"].id,
        )["look"]


def _told(north, name):
    rows = select(Message.template).where(
        Message.account_id == north.accounts[name].id, Message.channel == "inbox"
    )
    return [template.removeprefix("followup.") for template in db.session.scalars(rows.order_by(Message.id))]


def _said(north, row, name="volunteer"):
    entry = answers.given(acting(north, name), [row]).get(row.id)
    return entry and entry.action


def test_i_can_leaves_everything_as_it_is(look, north):
    before = (look.state, look.due_on, look.owner_id, look.next_at)
    for _ in range(2):
        answers.can(acting(north, "volunteer"), follow_up_id=look.id)
    assert (look.state, look.due_on, look.owner_id, look.next_at) == before
    assert _said(north, look) == "can"
    answers.take_back(acting(north, "volunteer"), follow_up_id=look.id)
    assert _said(north, look) is None
    assert _told(north, "staff") == _told(north, "deputy") == []


def test_i_cannot_reaches_the_deputy_who_finds_it_as_his(look, north):
    helper, deputy = acting(north, "volunteer"), acting(north, "deputy")
    assert look not in answers.in_charge(deputy, limit=9)
    for _ in range(2):
        answers.cannot(helper, follow_up_id=look.id, reason="ill")
    assert _told(north, "deputy") == ["cannot"]
    assert _told(north, "staff") == []
    assert (look.state, look.owner_id) == ("escalated", helper.account_id)
    assert look in answers.in_charge(deputy, limit=9)
    assert lists.find(deputy, wanted=lists.Wanted(owner=lists.STANDING_IN)).rows == [look]
    assert lists.counts(deputy, lists.Wanted(owner=lists.STANDING_IN))["open"] == 1
    assert lists.counts(deputy, lists.Wanted(owner=lists.MINE))["open"] == 0


def test_a_deputy_who_cannot_either_leaves_it_to_the_office(look, north):
    answers.cannot(acting(north, "volunteer"), follow_up_id=look.id, reason="ill")
    answers.cannot(acting(north, "deputy"), follow_up_id=look.id, reason="weather")
    assert _told(north, "staff") == ["cannot"]


def test_undone_it_is_as_before_and_those_told_hear_of_it(look, north):
    helper = acting(north, "volunteer")
    before = (look.state, look.next_at, look.escalated_at)
    answers.cannot(helper, follow_up_id=look.id, reason="ill")
    answers.take_back(helper, follow_up_id=look.id)
    assert (look.state, look.next_at, look.escalated_at) == before
    assert _told(north, "deputy") == ["cannot", "can_after_all"]
    answers.cannot(helper, follow_up_id=look.id, reason="weather")
    answers.can(helper, follow_up_id=look.id)
    assert (look.state, _said(north, look)) == ("open", "can")
    assert _told(north, "deputy") == ["cannot", "can_after_all"] * 2


def test_what_was_late_before_stays_late_when_undone(look, north):
    with at(november(20)):
        helper = acting(north, "volunteer")
        answers.cannot(helper, follow_up_id=look.id, reason="ill")
        answers.take_back(helper, follow_up_id=look.id)
        assert look.state == "escalated"


def test_an_answer_holds_for_its_day_alone(look, north):
    helper = acting(north, "volunteer")
    answers.can(helper, follow_up_id=look.id)
    life.postpone(helper, follow_up_id=look.id, day=date(2026, 11, 9), reason="weather")
    assert _said(north, look) is None


def test_reasons_are_those_of_the_list_and_what_is_over_is_over(look, north):
    helper = acting(north, "volunteer")
    with pytest.raises(DomainError):
        answers.cannot(helper, follow_up_id=look.id, reason="no wish")
    with pytest.raises(NotFound):
        answers.can(acting(north, "friend"), follow_up_id=look.id)
    with pytest.raises(NotFound):
        answers.can(north.actor("staff"), follow_up_id=look.id)
    life.finish(helper, follow_up_id=look.id)
    with pytest.raises(Conflict):
        answers.can(helper, follow_up_id=look.id)


def test_who_stands_in_while_somebody_is_away(look, north):
    helper, friend, deputy = (acting(north, name) for name in ("volunteer", "friend", "deputy"))
    absence = absences.register(
        north.actor("staff"),
        account_id=helper.account_id,
        since=MONDAY,
        until=november(10),
        deputy_id=friend.account_id,
    )
    assert absences.subjects_in_charge(friend, followups.KIND) == {look.subject_id}
    assert absences.subjects_in_charge(deputy, followups.KIND) == set()
    absence.deputy_id = None
    assert absences.subjects_in_charge(friend, followups.KIND) == set()
    assert absences.subjects_in_charge(deputy, followups.KIND) == {look.subject_id}
    with at(november(12)):
        assert absences.subjects_in_charge(deputy, followups.KIND) == set()

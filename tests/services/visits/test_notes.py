"""Noting a visit: who may, what is plausible, twice is once."""

import uuid
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from services.communities import regions
from services.core import clock
from services.core.db import db
from services.core.errors import Conflict, DomainError, Forbidden, NotFound
from services.followups import life
from services.messages.models import Message
from services.visits.models import Visit
from tests.factories import pairings, visits, volunteers, world


@pytest.fixture
def pairing(session, north):
    world.enter(north)
    return visits.make_old_pairing(north)


def _count():
    return db.session.scalar(select(func.count()).select_from(Visit))


def _messages(template):
    return db.session.scalars(
        select(Message).where(Message.template == template, Message.channel == "inbox")
    ).all()


def test_the_helpers_note_is_his_word_and_counts_only_with_the_households(pairing, north):
    visit = visits.make_visit(north, pairing)
    assert (visit.state, visit.helper_how) == ("noted", "account")
    assert visit.helper_by == visit.noted_by == north.accounts["volunteer"].id
    assert visit.household_at is None


def test_staff_note_for_the_helper_without_speaking_for_him(pairing, north):
    visit = visits.make_visit(north, pairing, role="staff")
    assert visit.helper_at is None
    rung = visits.make_visit(north, pairing, role="staff", ago=6, helper_called=True)
    assert (rung.helper_how, rung.helper_by) == ("call", north.accounts["staff"].id)


def test_another_helper_sees_no_pairing(pairing, north):
    other = volunteers.make_helper(north)
    assert other.id != pairing.volunteer_id
    with pytest.raises(NotFound):
        visits.make_visit(north, pairing)


def test_a_household_notes_nothing(pairing, north):
    with pytest.raises(Forbidden):
        visits.make_visit(north, pairing, role="resident")


def test_nobody_there_is_an_attempt_without_minutes(pairing, north):
    visit = visits.make_visit(north, pairing, outcome="absent", minutes=90)
    assert (visit.state, visit.minutes) == ("attempt", 0)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"minutes": 0}, "minutes"),
        ({"minutes": 721}, "minutes"),
        ({"minutes": -5}, "minutes"),
        ({"outcome": "great"}, "outcome"),
        ({"kind": "letter"}, "kind"),
    ],
)
def test_what_there_is_not_is_refused(pairing, north, changes, code):
    with pytest.raises(DomainError) as refusal:
        visits.make_visit(north, pairing, ago=20, **changes)
    assert refusal.value.code == code


@pytest.mark.parametrize(
    ("begun", "code"),
    [
        (timedelta(minutes=-54), "future"),
        (timedelta(days=3), "future"),
        (timedelta(days=-61), "too_old"),
        (timedelta(days=-40), "outside_pairing"),
    ],
)
def test_times_that_cannot_be_are_refused(pairing, north, begun, code):
    with pytest.raises(DomainError) as refusal:
        visits.make_visit(north, pairing, started_at=clock.now() + begun)
    assert refusal.value.code == code


def test_five_minutes_of_grace(pairing, north):
    assert visits.make_visit(north, pairing, started_at=clock.now() - timedelta(minutes=56)).id


def test_after_the_end_a_visit_of_before_may_be_noted_for_a_week(pairing, north):
    today = regions.today(north.id)
    pairing.ended_on = today - timedelta(days=2)
    with pytest.raises(DomainError, match="outside_pairing"):
        visits.make_visit(north, pairing)
    assert visits.make_visit(north, pairing, ago=24 * 5).id
    pairing.ended_on = today - timedelta(days=8)
    with pytest.raises(DomainError, match="pairing_over"):
        visits.make_visit(north, pairing, ago=24 * 10)
    assert visits.make_visit(north, pairing, role="staff", ago=24 * 10).id


def test_one_helper_is_in_one_place(pairing, north):
    first = visits.make_visit(north, pairing, ago=3)
    for begun in (-30, 0, 30):
        with pytest.raises(DomainError) as refusal:
            visits.make_visit(north, pairing, started_at=first.started_at + timedelta(minutes=begun))
        assert refusal.value.code == "overlap"
        assert f"{first.started_at:%M}" in refusal.value.params["when"]
        assert refusal.value.params["where"]
    assert visits.make_visit(north, pairing, started_at=first.started_at + timedelta(minutes=60)).id


def test_an_attempt_stands_in_nobodys_way(pairing, north):
    first = visits.make_visit(north, pairing)
    at = first.started_at + timedelta(minutes=10)
    assert visits.make_visit(north, pairing, started_at=at, outcome="absent").id


def test_sent_twice_is_one_visit(pairing, north):
    key = uuid.uuid4()
    first = visits.make_visit(north, pairing, submission=key)
    assert visits.make_visit(north, pairing, submission=key) is first
    assert _count() == 1


def test_a_submission_of_somebody_else_is_refused(pairing, north):
    key = uuid.uuid4()
    visits.make_visit(north, pairing, submission=key)
    with pytest.raises(Conflict):
        visits.make_visit(north, pairing, role="staff", submission=key)


def test_a_concern_is_told_to_staff_at_once_without_details(pairing, north):
    visit = visits.make_visit(north, pairing, outcome="concern", note="no heating")
    told = _messages("visit.concern")
    assert {message.account_id for message in told} == {
        north.accounts["staff"].id,
        north.accounts["admin"].id,
    }
    for message in told:
        assert "heating" not in str(message.params)
        assert message.path == f"/c/{north.code}/visits/{visit.id}"
    assert [one.owner_id for one in life.of_subjects("visit", {visit.id})] == [None]


def test_a_good_visit_tells_staff_nothing_and_asks_the_household(pairing, north):
    visits.make_visit(north, pairing)
    assert not _messages("visit.concern")
    assert [message.account_id for message in _messages("visit.waiting")] == [north.accounts["resident"].id]


def test_an_attempt_asks_the_household_nothing(pairing, north):
    visits.make_visit(north, pairing, outcome="absent")
    assert not _messages("visit.waiting")


def test_a_visit_answers_a_follow_up(pairing, north):
    first = life.of_subjects("pairing", {pairing.id})[0]
    visit = visits.make_visit(north, pairing, follow_up_id=first.id)
    assert visit.follow_up_id == first.id
    assert (first.state, first.done_by) == ("done", north.accounts["volunteer"].id)


def test_an_attempt_answers_nothing(pairing, north):
    first = life.of_subjects("pairing", {pairing.id})[0]
    visit = visits.make_visit(north, pairing, outcome="absent", follow_up_id=first.id)
    assert visit.follow_up_id == first.id
    assert first.state == "open"


def test_a_follow_up_of_another_pairing_is_not_answered(pairing, north):
    foreign = life.of_subjects("pairing", {pairings.make_pairing(north, couple=False).id})[0]
    with pytest.raises(DomainError, match="follow_up"):
        visits.make_visit(north, pairing, follow_up_id=foreign.id)

"""Pairs that lived before the office began with Linli."""

from datetime import timedelta

import pytest

from services.communities import regions
from services.core.errors import Conflict, DomainError
from services.followups import life
from services.pairings import earlier, pairings
from tests.factories import households, volunteers, world


@pytest.fixture
def couple(session, north):
    world.enter(north)
    return volunteers.make_volunteer(north, places=1), households.make_household(north)


def _enter(north, couple, days):
    helper, household = couple
    first = regions.today(north.id) - timedelta(days=days)
    return earlier.enter_earlier(
        north.actor("staff"), volunteer_id=helper.id, household_id=household.id, started_on=first
    )


def test_it_lives_from_its_own_first_day(north, couple):
    pairing = _enter(north, couple, 60)
    assert pairing.kind == "primary"
    assert pairing.started_on == regions.today(north.id) - timedelta(days=60)
    assert pairings.living() == [pairing]


def test_what_was_due_long_ago_is_settled_and_the_future_is_asked_for(north, couple):
    pairing = _enter(north, couple, 75)
    found = life.of_subjects("pairing", {pairing.id})
    before = regions.today(north.id) - timedelta(days=7)
    assert all(one.state == "done" for one in found if one.due_on < before)
    assert any(one.state == "done" for one in found)
    waiting = [one for one in found if one.state == "open"]
    assert waiting and all(one.due_on >= before for one in waiting)


def test_a_new_pair_keeps_its_first_follow_ups(north, couple):
    pairing = _enter(north, couple, 2)
    assert all(one.state == "open" for one in life.of_subjects("pairing", {pairing.id}))


def test_there_must_be_room_and_the_day_must_have_come(north, couple):
    with pytest.raises(DomainError):
        _enter(north, couple, -1)
    _enter(north, couple, 30)
    with pytest.raises(Conflict):
        _enter(north, couple, 30)
    with pytest.raises(Conflict):
        _enter(north, (couple[0], households.make_household(north)), 30)

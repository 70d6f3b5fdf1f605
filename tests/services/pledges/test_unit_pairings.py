"""A unit looks after the community or a household: contact by a rhythm, and nothing told of whom."""

import pytest

from services.core.errors import Conflict, DomainError, Forbidden, NotFound
from services.followups import life
from services.followups.models import LIVING
from services.pledges import leaving, unit_pairings
from tests.factories import pledges, world


@pytest.fixture
def unit(session, north):
    world.enter(north)
    return pledges.make_unit(north)


def _living(row):
    return [one for one in life.of_subjects("unit_pairing", [row.id]) if one.state in LIVING]


def test_contact_comes_by_the_rhythm_until_the_pairing_ends(unit, north):
    staff = north.actor("staff")
    row = unit_pairings.pair(staff, unit_id=unit.id, rhythm="quarterly")
    (first,) = _living(row)
    assert first.owner_id is None and (first.due_on - row.started_on).days in range(90, 100)
    life.finish(staff, follow_up_id=first.id)
    (second,) = _living(row)
    assert (second.due_on - first.due_on).days > 80
    assert unit_pairings.of_unit(staff, unit_id=unit.id)[0].next_on == second.due_on
    unit_pairings.end(staff, pairing_id=row.id, reason="unit_stops")
    assert _living(row) == [] and unit_pairings.of_unit(staff, unit_id=unit.id) == []
    with pytest.raises(Conflict):
        unit_pairings.end(staff, pairing_id=row.id, reason="unit_stops")


def test_a_pair_is_one_and_its_words_are_of_the_lists(unit, north):
    staff, home = north.actor("staff"), pledges.make_need(north).household_id
    for whom in (None, home):
        unit_pairings.pair(staff, unit_id=unit.id, rhythm="monthly", household_id=whom)
        with pytest.raises(Conflict):
            unit_pairings.pair(staff, unit_id=unit.id, rhythm="quarterly", household_id=whom)
    with pytest.raises(DomainError):
        unit_pairings.pair(staff, unit_id=pledges.make_unit(north).id, rhythm="hourly")


def test_the_unit_is_not_told_which_household(unit, north, south):
    staff, home = north.actor("staff"), pledges.make_need(north).household_id
    row = unit_pairings.pair(staff, unit_id=unit.id, rhythm="monthly", household_id=home)
    pledges.join_unit(north, unit)
    mine = north.actor("unit")
    (line,) = unit_pairings.of_unit(mine, unit_id=unit.id)
    assert line.household is None and "Secret" not in repr(line)
    assert unit_pairings.of_household(staff, household_id=home)[0].household.id == home
    with pytest.raises(Forbidden):
        unit_pairings.of_household(mine, household_id=home)
    with pytest.raises(Forbidden):
        unit_pairings.end(mine, pairing_id=row.id, reason="unit_stops")
    with pytest.raises(NotFound):
        unit_pairings.of_unit(mine, unit_id=pledges.make_unit(north).id)
    world.enter(south)
    with pytest.raises(NotFound):
        unit_pairings.end(south.actor("staff"), pairing_id=row.id, reason="unit_stops")


def test_a_household_that_closes_is_looked_after_no_more(unit, north):
    staff, home = north.actor("staff"), pledges.make_need(north).household_id
    row = unit_pairings.pair(staff, unit_id=unit.id, rhythm="monthly", household_id=home)
    leaving.close_household(staff, household_id=home, reason="moved", day=pledges.TODAY)
    assert row.ended_on == pledges.TODAY and _living(row) == []
    with pytest.raises(Conflict):
        unit_pairings.pair(staff, unit_id=unit.id, rhythm="monthly", household_id=home)

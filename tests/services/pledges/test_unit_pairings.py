"""A unit looks after the community or a household: contact by a rhythm, and nothing told of whom."""

import pytest

from services.core.errors import Conflict, DomainError, Forbidden, NotFound
from services.followups import life
from services.followups.models import LIVING
from services.pledges import leaving, unit_pairings
from services.pledges import projects as project_book
from services.register import merging, undoing
from tests.factories import pledges, projects, world


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


def test_a_project_has_a_unit_until_it_is_over(unit, north):
    staff, project = north.actor("staff"), projects.make_project(north)
    row = unit_pairings.pair(staff, unit_id=unit.id, rhythm="monthly", project_id=project.id)
    pledges.join_unit(north, unit)
    (line,) = unit_pairings.of_unit(north.actor("unit"), unit_id=unit.id)
    assert line.project == project and len(_living(row)) == 1
    assert [one.unit for one in unit_pairings.of_project(staff, project_id=project.id)] == [unit]
    with pytest.raises(Conflict):
        unit_pairings.pair(staff, unit_id=unit.id, rhythm="quarterly", project_id=project.id)
    with pytest.raises(DomainError):
        home = pledges.make_need(north).household_id
        unit_pairings.pair(staff, unit_id=unit.id, rhythm="monthly", project_id=project.id, household_id=home)
    project_book.finish(staff, project_id=project.id)
    assert row.ended_on == pledges.TODAY and _living(row) == []
    with pytest.raises(Conflict):
        unit_pairings.pair(staff, unit_id=unit.id, rhythm="monthly", project_id=project.id)


def test_two_households_of_one_unit_that_are_one_have_one_pairing(unit, north):
    staff = north.actor("staff")
    homes = [pledges.make_need(north).household_id for _ in range(2)]
    rows = [unit_pairings.pair(staff, unit_id=unit.id, rhythm="monthly", household_id=home) for home in homes]
    before = _living(rows[1])[0].next_at
    twin = merging.merge(staff, kind="household", kept_id=homes[0], other_id=homes[1])
    assert [line.pairing for line in unit_pairings.of_household(staff, household_id=homes[0])] == rows[:1]
    assert len(_living(rows[0])) == 1 and _living(rows[1]) == []
    undoing.undo(staff, twin_id=twin.id)
    assert [one.next_at for one in _living(rows[1])] == [before]
    assert [line.pairing for line in unit_pairings.of_household(staff, household_id=homes[1])] == rows[1:]

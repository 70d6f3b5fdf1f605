"""A step is followed up with whoever answers for the project, until it is done."""

from datetime import timedelta

import pytest

from services.communities import regions
from services.core.errors import Conflict, DomainError
from services.followups import life
from services.followups.models import LIVING
from services.pledges import milestones, projects
from tests.factories import world
from tests.factories.projects import facts, make_project, make_step


@pytest.fixture
def place(session, north):
    world.enter(north)
    return north


@pytest.fixture
def staff(place):
    return place.actor("staff")


@pytest.fixture
def project(place):
    return make_project(place)


@pytest.fixture
def today(place):
    return regions.today(place.id)


def living(step):
    return [one for one in life.of_subjects("milestone", [step.id]) if one.state in LIVING]


def test_a_step_is_followed_up_until_it_is_ticked(place, staff, project, today):
    step = make_step(place, project.id)
    assert [(one.owner_id, one.planned_on) for one in living(step)] == [(project.lead_id, step.due_on)]
    milestones.tick(staff, milestone_id=step.id, day=today, line="all bought")
    milestones.tick(staff, milestone_id=step.id, day=today)
    assert (living(step), step.done_on, step.line) == ([], today, "all bought")
    milestones.untick(staff, milestone_id=step.id)
    assert [one.occurrence for one in living(step)] == [1]


def test_its_follow_up_moves_with_its_day_and_the_person_in_charge(place, staff, project, today):
    step = make_step(place, project.id)
    later = step.due_on + timedelta(days=10)
    milestones.change(staff, milestone_id=step.id, title="Bought", due_on=later)
    other = world.add_member(place, "admin") if "admin" not in place.accounts else place.accounts["admin"]
    projects.change(staff, project_id=project.id, facts=facts(place, lead_id=other.id))
    assert [(one.owner_id, one.planned_on) for one in living(step)] == [(other.id, later)]


def test_over_it_is_not_followed_up_and_taken_up_again_it_is(place, staff, project):
    step = make_step(place, project.id)
    projects.stop(staff, project_id=project.id, reason="not_needed")
    assert living(step) == []
    with pytest.raises(Conflict):
        milestones.untick(staff, milestone_id=step.id)
    projects.take_up_again(staff, project_id=project.id)
    assert len(living(step)) == 1


def test_a_late_step_makes_its_project_late(place, staff, project, today):
    make_step(place, make_project(place).id)
    step = make_step(place, project.id, days=-3)
    assert [one.id for one in projects.page(staff, late=True)[0]] == [project.id]
    assert projects.counts(staff)["late"] == 1
    milestones.remove(staff, milestone_id=step.id)
    assert (projects.counts(staff)["late"], living(step)) == (0, [])


def test_what_a_step_may_not_be(place, staff, project, today):
    step = make_step(place, project.id)
    with pytest.raises(DomainError):
        milestones.tick(staff, milestone_id=step.id, day=today + timedelta(days=1))
    with pytest.raises(DomainError):
        milestones.add(staff, project_id=project.id, title=" ", due_on=today)
    milestones.tick(staff, milestone_id=step.id, day=today)
    with pytest.raises(Conflict):
        milestones.remove(staff, milestone_id=step.id)

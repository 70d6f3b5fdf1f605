"""Projects: what is reserved for them, what is missing, and when one may be called done."""

from datetime import timedelta

import pytest

from services.communities import regions
from services.core.actor import guest
from services.core.db import db
from services.core.errors import Conflict, DomainError, Forbidden, NotFound
from services.pledges import (
    allocations,
    deliveries,
    impact,
    market,
    milestones,
    progress,
    project_market,
    projects,
    uses,
)
from services.pledges.models import Balance, Unit
from tests.factories import pledges as make
from tests.factories import world
from tests.factories.projects import facts, make_part, make_project, make_step


@pytest.fixture
def place(session, north):
    world.enter(north)
    return north


@pytest.fixture
def staff(place):
    return place.actor("staff")


@pytest.fixture
def today(place):
    return regions.today(place.id)


@pytest.fixture
def pledge(place, today):
    return make.make_pledge(place, starts_on=today, ends_on=today + timedelta(days=300))


def far(staff, project):
    return progress.of(staff, [project])[0]


def give(staff, pledge, project, part=None, quantity=2):
    return allocations.allocate(
        staff,
        pledge_id=pledge.id,
        project_id=project.id,
        part_id=part.id if part else None,
        planned_on=pledge.starts_on,
        quantity=quantity,
    )


def free(pledge):
    return db.session.query(Balance).filter_by(pledge_id=pledge.id).one().free


def test_what_is_reserved_and_what_came_is_no_longer_missing(place, staff, pledge):
    project = make_project(place)
    part = make_part(place, project.id)
    first, second = (give(staff, pledge, project, part) for _ in range(2))
    deliveries.sign(staff, allocation_id=first.id, receiver="Office", how="typed")
    one = far(staff, project).parts[0]
    assert (one.delivered, one.reserved, one.missing, free(pledge)) == (2, 2, 4, 1)
    allocations.release(staff, allocation_id=second.id, reason="not_needed")
    assert (far(staff, project).parts[0].missing, free(pledge)) == (6, 3)


def test_besides_the_list_a_pledge_of_any_kind_is_given(place, staff, pledge, today):
    project = make_project(place)
    hours = make_part(place, project.id, kind="hours", quantity=600, measure="")
    with pytest.raises(DomainError):
        give(staff, pledge, project, hours)
    with pytest.raises(NotFound):
        give(staff, pledge, make_project(place), hours)
    give(staff, pledge, project)
    assert [use.whom for use in far(staff, project).given] == ["A new floor"]
    assert far(staff, project).parts[0].missing == 600


def test_a_need_or_a_project_is_chosen_and_not_neither(staff, pledge):
    with pytest.raises(DomainError):
        allocations.allocate(staff, pledge_id=pledge.id, planned_on=pledge.starts_on, quantity=1)


def test_stopped_gives_back_and_takes_nothing_more(place, staff, pledge):
    project = make_project(place)
    give(staff, pledge, project)
    projects.stop(staff, project_id=project.id, reason="not_enough")
    assert (project.state, free(pledge), list(far(staff, project).uses)) == ("stopped", 5, [])
    with pytest.raises(Conflict):
        give(staff, pledge, project)
    projects.take_up_again(staff, project_id=project.id)
    assert (project.state, project.stop_reason, project.ended_on) == ("under_way", "", None)


def test_done_once_every_step_is_ticked_and_nothing_is_to_come(place, staff, pledge, today):
    project = make_project(place)
    allocation = give(staff, pledge, project)
    with pytest.raises(Conflict):
        projects.finish(staff, project_id=project.id)
    deliveries.sign(staff, allocation_id=allocation.id, receiver="Office", how="typed")
    step = make_step(place, project.id)
    with pytest.raises(Conflict):
        projects.finish(staff, project_id=project.id)
    milestones.tick(staff, milestone_id=step.id, day=today)
    assert projects.finish(staff, project_id=project.id).ended_on == today
    with pytest.raises(Conflict):
        make_step(place, project.id)


def test_only_the_office_answers_for_a_project(place, staff):
    helper = world.add_member(place, "volunteer")
    with pytest.raises(DomainError):
        projects.create(staff, facts(place, lead_id=helper.id))
    with pytest.raises(Forbidden):
        projects.create(place.actor("volunteer"), facts(place))


def test_the_public_page_is_of_published_projects_alone(place):
    draft, shown = make_project(place), make_project(place, public=True)
    reader = guest(place.id)
    with pytest.raises(NotFound):
        progress.public(reader, draft.id)
    assert progress.public(reader, shown.id).project.id == shown.id
    assert [one.project.id for one in progress.published(reader)[0]] == [shown.id]


def test_a_unit_offers_what_is_missing_and_the_office_reserves_it(place, staff, pledge):
    project = make_project(place, public=True)
    part = make_part(place, project.id)
    make_part(place, make_project(place).id)
    make.join_unit(place, db.session.get_one(Unit, (place.id, pledge.unit_id)))
    unit = place.actor("unit")
    assert [one.part.part.id for one in project_market.lacking(unit)] == [part.id]
    assert [line.pledge.id for line in project_market.fitting(unit, part_id=part.id)] == [pledge.id]
    offered = project_market.offer(unit, part_id=part.id, pledge_id=pledge.id, quantity=3)
    assert project_market.offer(unit, part_id=part.id, pledge_id=pledge.id, quantity=3).id == offered.id
    assert (far(staff, project).parts[0].missing, free(pledge)) == (8, 5)
    assert give(staff, pledge, project, part, 3).id == offered.id
    assert (far(staff, project).parts[0].missing, offered.state) == (5, "reserved")
    assert [one.project.id for one in project_market.helped(unit)] == [project.id]
    assert [use.project for use in uses.of_unit(unit, unit_id=pledge.unit_id)[0]] == ["A new floor"]


def test_an_offer_for_a_project_is_taken_back_or_declined(place, staff, pledge):
    part = make_part(place, make_project(place, public=True).id)
    make.join_unit(place, db.session.get_one(Unit, (place.id, pledge.unit_id)))
    unit = place.actor("unit")
    one = project_market.offer(unit, part_id=part.id, pledge_id=pledge.id, quantity=1)
    market.take_back(unit, allocation_id=one.id)
    two = project_market.offer(unit, part_id=part.id, pledge_id=pledge.id, quantity=1)
    allocations.release(staff, allocation_id=two.id, reason="not_needed")
    assert (one.state, two.state, free(pledge)) == ("released", "released", 5)


def test_a_project_is_no_household(place, staff, pledge, today):
    project = make_project(place)
    allocation = give(staff, pledge, project)
    with pytest.raises(Conflict):
        deliveries.invite(staff, allocation_id=allocation.id)
    deliveries.sign(staff, allocation_id=allocation.id, receiver="Office", how="typed")
    year = impact.of_unit(staff, unit_id=pledge.unit_id, year=today.year)
    assert (year.handed_over, year.households, year.projects) == (1, 0, 1)


def test_a_part_goes_only_while_nothing_is_given_for_it(place, staff, pledge):
    project = make_project(place)
    used, unused = make_part(place, project.id), make_part(place, project.id)
    give(staff, pledge, project, used)
    progress.remove_part(staff, part_id=unused.id)
    with pytest.raises(Conflict):
        progress.remove_part(staff, part_id=used.id)
    assert [one.part.id for one in far(staff, project).parts] == [used.id]

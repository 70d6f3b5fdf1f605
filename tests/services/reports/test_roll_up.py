"""A region sees counts, never rows, and no small count."""

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select, text

from services.communities import regions
from services.core import clock, scope
from services.core.actor import Actor, system
from services.core.db import db
from services.core.errors import Forbidden
from services.reports import roll_up
from services.reports.models import Rollup, RollupSchedule
from tests.factories import households, world


def _official(region_id):
    return Actor(world.some_id(), None, frozenset({"official"}), region_id=region_id)


def _roll_up(place):
    world.enter(place)
    roll_up.begin(system(place.id))
    schedule = db.session.scalars(select(RollupSchedule)).one()
    roll_up.roll_up(system(place.id), schedule.id)
    db.session.commit()
    return schedule


@pytest.fixture
def counted(session, north, south):
    for place, number in ((north, 12), (south, 3)):
        world.enter(place)
        for _ in range(number):
            households.make_household(place)
        _roll_up(place)


def _sheet(region_id):
    scope.leave()
    scope.be_region(region_id)
    return roll_up.sheet(_official(region_id), region=regions.get_region(region_id))


def test_an_official_sees_the_own_region_only(counted, north, south):
    sheet = _sheet(north.region_id)
    assert [community.id for community in sheet.communities] == [north.id]
    assert sheet.cells[north.id, "households_in_need"] == 12
    assert {community for community, _ in sheet.cells} == {north.id}


def test_small_counts_are_not_told(counted, south):
    sheet = _sheet(south.region_id)
    assert sheet.cells[south.id, "households_in_need"] is None
    assert sheet.few("households_in_need")
    assert sheet.total("households_in_need") == 0
    assert sheet.parts["company"][south.id] is None


def test_a_region_sees_no_row_of_a_community(counted, north):
    scope.leave()
    scope.be_region(north.region_id)
    assert db.session.execute(text("SELECT count(*) FROM rollup")).scalar_one() > 0
    for table in ("household", "volunteer", "membership", "account", "message", "audit_entry"):
        assert db.session.execute(text(f"SELECT count(*) FROM {table}")).scalar_one() == 0, table


def test_only_officials(counted, north):
    with pytest.raises(Forbidden):
        roll_up.sheet(north.actor("admin"), region=regions.get_region(north.region_id))


def test_counting_twice_changes_nothing_until_it_is_due_again(counted, north):
    world.enter(north)
    schedule = db.session.scalars(select(RollupSchedule)).one()
    before = db.session.execute(
        select(Rollup.metric, Rollup.part, Rollup.value).order_by(Rollup.metric)
    ).all()
    households.make_household(north)
    roll_up.roll_up(system(north.id), schedule.id)
    assert (
        before
        == db.session.execute(select(Rollup.metric, Rollup.part, Rollup.value).order_by(Rollup.metric)).all()
    )
    with time_machine.travel(clock.now() + timedelta(hours=2), tick=False):
        roll_up.roll_up(system(north.id), schedule.id)
    rows = db.session.scalars(select(Rollup.value).where(Rollup.metric == "households_in_need")).all()
    assert 13 in rows

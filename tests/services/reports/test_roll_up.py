"""A region sees counts, never rows, and no small count."""

import random
from datetime import timedelta

import numpy
import pytest
import time_machine
from sqlalchemy import select, text

from services.communities import regions
from services.core import clock, scope
from services.core.actor import Actor, system
from services.core.db import db
from services.core.errors import Forbidden
from services.reports import roll_up, sheets
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
    return sheets.sheet(_official(region_id), region=regions.get_region(region_id))


def test_an_official_sees_the_own_region_only(counted, north, south):
    sheet = _sheet(north.region_id)
    assert [place.row.id for place in sheet.parts] == [north.id]
    assert sheet.told(sheet.parts[0], "households_in_need") == 12
    assert sheet.told(sheet.whole, "households_in_need") == 10  # rounded
    assert {place.row.id for place in sheet.rows()} == {north.id, north.region_id}


def test_small_counts_are_not_told(counted, south):
    sheet = _sheet(south.region_id)
    for place in sheet.rows():
        assert sheet.told(place, "households_in_need") is None
        assert sheet.told(place, "unmet_by_kind", "company") is None
        assert sheet.told(place, "households_paired") == 0


def test_a_sheet_stands_still_for_a_day(counted, north):
    world.enter(north)
    schedule = db.session.scalars(select(RollupSchedule)).one()
    with time_machine.travel(clock.now() + timedelta(days=1), tick=False):
        households.make_household(north)
        roll_up.roll_up(system(north.id), schedule.id)
        db.session.commit()
        assert _told(north) == 12
    with time_machine.travel(clock.now() + timedelta(days=2), tick=False):
        assert _told(north) == 13


def _told(place):
    sheet = _sheet(place.region_id)
    return sheet.told(sheet.parts[0], "households_in_need")


def test_own_kinds_are_told_together(session, north):
    world.enter(north)
    _tell(north, unmet_by_kind={"own_1": 9, "own_2": 5, "company": 20})
    sheet = _sheet(north.region_id)
    assert sheet.kinds() == ["company", "other"]
    assert sheet.told(sheet.parts[0], "unmet_by_kind", "other") == 14


def _tell(place, **metrics):
    """Have a community's job have counted this today."""
    now = clock.now()
    for metric, parts in {"households_unpaired": 0, **metrics}.items():
        for part, value in (parts if isinstance(parts, dict) else {"": parts}).items():
            db.session.add(
                Rollup(
                    metric=metric, part=part, day=clock.today("Asia/Shanghai"), value=value, computed_at=now
                )
            )
    db.session.commit()


def test_of_what_a_district_is_told_nothing_small_can_be_worked_out(session):
    """Every number of every page for a region comes from `told`; so no sum of those may give a withheld one."""
    operator = Actor(None, None, frozenset({"operator"}))
    scope.leave()
    district = regions.add_region(operator, kind="district", name="区", name_en="District")
    counts = random.Random(5)
    for street_name in ("北街", "东街", "安街"):
        street = regions.add_region(
            operator, kind="street", name=street_name, name_en=street_name, parent=district
        )
        for number in range(counts.randint(1, 5)):
            community = regions.add_community(
                operator,
                street=street,
                code=f"c{street.id}-{number}",
                name=f"{street_name}{number}",
                name_en=str(number),
            )
            db.session.commit()
            scope.enter(community.id)
            need, helpers = counts.randint(0, 60), counts.randint(0, 30)
            _tell(
                community,
                households_in_need=need,
                households_paired=counts.randint(0, need),
                volunteers=helpers,
                volunteers_helping=counts.randint(0, helpers),
                unmet_by_kind={kind: counts.randint(0, 25) for kind in ("company", "haircut", "own_1")},
            )
            scope.leave()
    sheet = _sheet(district.id)
    assert [street.row.name for street in sheet.parts] == ["安街", "北街", "东街"]
    cells = {cell for one in sheet.sums() for cell in one.cells}
    places = {place.key: place for place in sheet.rows()}
    hidden = {cell for cell in cells if sheet.told(places[cell[0]], *cell[1:]) is None}
    small = {cell for cell in cells if 0 < sheet._values[cell] <= 10}
    assert small and small <= hidden
    assert _solvable(sheet.sums(), sorted(hidden, key=str)) == []


def _solvable(sums, hidden):
    """The unknowns that the equations fix, by brute force: those whose own equation adds nothing to their rank."""
    matrix = numpy.array(
        [[(cell in one.parts) - (cell == one.total) for cell in hidden] for one in sums], dtype=float
    )
    rank = numpy.linalg.matrix_rank(matrix)
    alone = numpy.eye(len(hidden))
    return [
        cell
        for column, cell in enumerate(hidden)
        if numpy.linalg.matrix_rank(numpy.vstack([matrix, alone[column]])) == rank
    ]


def test_a_region_sees_no_row_of_a_community(counted, north):
    scope.leave()
    scope.be_region(north.region_id)
    assert db.session.execute(text("SELECT count(*) FROM rollup")).scalar_one() > 0
    for table in ("household", "volunteer", "membership", "account", "message", "audit_entry"):
        assert db.session.execute(text(f"SELECT count(*) FROM {table}")).scalar_one() == 0, table


def test_only_officials(counted, north):
    with pytest.raises(Forbidden):
        sheets.sheet(north.actor("admin"), region=regions.get_region(north.region_id))


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

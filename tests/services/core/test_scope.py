"""Two independent layers keep a community's rows apart."""

import pytest
from sqlalchemy import func, select, text, update
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.orm import aliased

from services.communities import regions
from services.communities.models import Building
from services.core import scope
from services.core.audit import AuditEntry
from services.core.db import db
from tests.factories import world


@pytest.fixture
def buildings(session, north, south):
    for place in (north, south):
        world.enter(place)
        regions.building(estate=place.code, number="1")
        db.session.commit()


def test_no_community_no_query(buildings):
    scope.leave()
    with pytest.raises(scope.ScopeError):
        db.session.scalars(select(Building)).all()


def test_no_community_no_row(buildings):
    scope.leave()
    db.session.add(Building(estate="x", number="2"))
    with pytest.raises(scope.ScopeError):
        db.session.flush()


def test_only_own_rows_by_orm(buildings, north):
    world.enter(north)
    assert [row.estate for row in db.session.scalars(select(Building))] == ["north"]


def test_only_own_rows_in_the_database(buildings, north, south):
    world.enter(north)
    seen = db.session.execute(text("SELECT estate FROM building")).scalars().all()
    assert seen == ["north"]
    changed = db.session.execute(
        text("UPDATE building SET estate = 'x' WHERE community_id = :id"), {"id": south.id}
    )
    assert changed.rowcount == 0


def test_the_database_refuses_a_row_of_another_community(buildings, north, south):
    world.enter(north)
    with pytest.raises(ProgrammingError, match="row-level security"):
        db.session.execute(
            text(
                "INSERT INTO building (community_id, id, estate, number, created_at) VALUES (:c, :i, 'x', '9', now())"
            ),
            {"c": south.id, "i": world.some_id()},
        )


def test_one_session_one_community(buildings, north, south):
    world.enter(north)
    with pytest.raises(scope.ScopeError):
        scope.enter(south.id)


def test_updates_carry_the_community(buildings, north, south):
    world.enter(north)
    db.session.execute(update(Building).values(estate="mine"))
    db.session.commit()
    world.enter(south)
    assert [row.estate for row in db.session.scalars(select(Building))] == ["south"]


def test_a_setting_that_is_no_id_is_refused(session):
    with pytest.raises(scope.ScopeError):
        scope.be_region("1'; drop table building; --")


def test_tables_are_found_wherever_they_hide():
    inner = select(Building.id).where(Building.estate == "x")
    hidden = [
        select(text("1")).where(inner.exists()),
        select(inner.subquery()),
        select(inner.scalar_subquery()),
        inner.union(inner),
        update(Building).values(estate="y"),
        select(AuditEntry.id).join(Building, Building.community_id == AuditEntry.community_id),
        select(aliased(Building)),
        select(func.count()).select_from(Building),
    ]
    for statement in hidden:
        assert "building" in scope.tables_of(statement), str(statement)

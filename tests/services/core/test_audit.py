"""The audit cannot be changed without being seen."""

import pytest
import sqlalchemy
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from services.core import audit
from services.core.db import db
from tests import conftest
from tests.factories import world


@pytest.fixture
def entries(session, north):
    world.enter(north)
    actor = north.actor("staff")
    return [audit.record(actor, "test.looked", "household", world.some_id(), field="phone") for _ in range(3)]


def test_entries_chain(entries, north):
    assert entries[1].previous == entries[0].hash
    assert audit.verify(north.id) is None


def test_entries_chain_around_what_was_taken_back(entries, north):
    staff = north.actor("staff")
    savepoint = db.session.begin_nested()
    audit.record(staff, "test.looked", "household", world.some_id())
    savepoint.rollback()
    with db.session.begin_nested():
        kept = [audit.record(staff, "test.looked", "household", world.some_id()) for _ in range(2)]
    last = audit.record(staff, "test.looked", "household", world.some_id())
    assert [one.previous for one in (*kept, last)] == [entries[2].hash, kept[0].hash, kept[1].hash]
    assert audit.verify(north.id) is None


def test_the_application_can_neither_change_nor_remove(entries):
    for statement in ("UPDATE audit_entry SET action = 'x'", "DELETE FROM audit_entry"):
        with pytest.raises(DBAPIError), db.session.begin_nested():
            db.session.execute(text(statement))


def test_the_verifier_names_the_first_entry_that_was_altered(live_app):
    with live_app.app_context():
        place = world.make_place("altered")
        world.enter(place)
        for _ in range(3):
            entry = audit.record(place.actor("staff"), "test.looked", "household", world.some_id())
        db.session.commit()
        name = db.engine.url.database
    owner = sqlalchemy.create_engine(conftest._url("ADMIN", name))
    with owner.begin() as connection:
        # Row-level security holds for an owner too, unless it is a superuser.
        connection.execute(text("SELECT set_config('linli.community_id', :id, true)"), {"id": str(place.id)})
        connection.execute(text("ALTER TABLE audit_entry DISABLE TRIGGER append_only"))
        connection.execute(
            text("UPDATE audit_entry SET details = '{\"x\": 1}' WHERE id = :id"), {"id": entry.id - 1}
        )
    owner.dispose()
    with live_app.app_context():
        world.enter(place)
        assert audit.verify(place.id) == entry.id - 1

"""Reading and importing in the background: once, for whom asked, whoever is killed in between."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import func, select

from app import queue, sweep
from services.core import clock
from services.core.actor import system
from services.core.db import db
from services.core.errors import Conflict, NotFound
from services.households.models import Household, Need
from services.ledgers import background, progress, uploads
from services.ledgers.models import LedgerImport
from services.people.models import Membership
from tests.factories import world

DATA = "户主姓名,小区,楼号,门牌\n张三,东里,10,101\n李四,东里,10,\n".encode()


@pytest.fixture
def staff(session, north):
    world.enter(north)
    return north.actor("staff")


def asked(staff, data=DATA):
    row = uploads.upload(staff, data=data, filename="台账.csv")
    return background.ask_reading(staff, import_id=row.id)


def work(row):
    for job in (background.begin, background.work):
        job(system(row.community_id), row.id)
    db.session.refresh(row)


def count(model):
    return db.session.scalar(select(func.count()).select_from(model))


def test_read_looked_at_and_imported_once(staff):
    row = asked(staff)
    assert background.ask_reading(staff, import_id=row.id).state == "reading"
    with pytest.raises(Conflict):
        uploads.choose_columns(staff, import_id=row.id, fields={})
    work(row)
    assert (row.state, row.counts["new"], row.counts["refused"]) == ("read", 1, 1)
    assert count(Household) == 0
    with pytest.raises(Conflict):
        background.ask_import(staff, import_id=row.id, digest="0" * 64)
    for _ in range(2):
        background.ask_import(staff, import_id=row.id, digest=row.plan)
    for _ in range(2):
        work(row)
    assert (row.state, row.content, count(Household)) == ("imported", None, 1)
    assert background.ask_import(staff, import_id=row.id, digest=row.plan).state == "imported"


def test_called_off_while_it_waits_and_not_after(staff, north):
    row = asked(staff)
    background.call_off(staff, import_id=row.id)
    assert row.state == "uploaded"
    background.ask_reading(staff, import_id=row.id)
    work(row)
    background.ask_import(staff, import_id=row.id, digest=row.plan)
    with pytest.raises(NotFound):
        background.call_off(north.actor("admin"), import_id=row.id)
    background.call_off(staff, import_id=row.id)
    assert row.state == "read"
    background.ask_import(staff, import_id=row.id, digest=row.plan)
    background.begin(system(north.id), row.id)
    with pytest.raises(Conflict):
        background.call_off(staff, import_id=row.id)


def test_what_changed_meanwhile_is_not_written_over(staff):
    first, second = (
        asked(staff, f"户主姓名,小区,楼号,门牌,需求\n张三,东里,10,101,{need}\n".encode())
        for need in ("理发", "送餐")
    )
    for row in (first, second):
        work(row)
        background.ask_import(staff, import_id=row.id, digest=row.plan)
    work(first)
    work(second)
    assert (first.state, second.state, second.error) == ("imported", "read", "ledger_changed")
    assert [need.kind for need in db.session.query(Need)] == ["haircut"]


def test_whoever_has_left_the_office_imports_nothing(staff, north):
    row = asked(staff)
    work(row)
    background.ask_import(staff, import_id=row.id, digest=row.plan)
    for membership in db.session.scalars(select(Membership).where(Membership.role == "staff")):
        db.session.delete(membership)
    db.session.flush()
    work(row)
    assert (row.state, row.error, count(Household)) == ("read", "forbidden", 0)


def test_a_file_at_which_the_worker_dies_is_given_back(staff, north):
    row = asked(staff)
    for _ in range(background.MOST_TRIES + 1):
        background.begin(system(north.id), row.id)
    assert (row.state, row.error) == ("uploaded", "failed")


def test_a_killed_worker_and_two_at_once(live_app, sweeper, monkeypatch):
    with live_app.app_context():
        place = world.make_place("north")
    staff = place.actor("staff")
    with world.inside(live_app, place):
        number = asked(staff).id

    def swept():
        with live_app.app_context():
            sweep.sweep(sweeper)
            for name in ("ledgers.begin", "ledgers.work"):
                queue.run(name, place.id, [str(number)])

    with world.inside(live_app, place):
        # Taken up by a worker that is killed: nothing of it is written, and its lease runs out.
        background.begin(system(place.id), number)
        row = db.session.get_one(LedgerImport, (place.id, number))
        row.lease_until = clock.now() - progress.LEASE
    monkeypatch.setattr(progress, "PAUSE", 0.0)
    swept()
    with world.inside(live_app, place):
        row = db.session.get_one(LedgerImport, (place.id, number))
        # The work itself counted: each of the rows was looked at, and everybody sees it.
        assert (row.state, row.total) == ("read", 6) and 0 < row.done <= row.total
        background.ask_import(staff, import_id=number, digest=row.plan)
    with ThreadPoolExecutor(2) as pool:
        for done in [pool.submit(swept) for _ in range(2)]:
            done.result()
    with world.inside(live_app, place):
        assert count(Household) == 1
        assert db.session.get_one(LedgerImport, (place.id, number)).state == "imported"

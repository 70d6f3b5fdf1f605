"""Wake-ups: what raises is put off and counted, the others are done."""

import uuid
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine

from app import queue
from services.core import jobs, locks
from services.core.db import Base
from services.core.errors import DomainError
from services.core.permissions import PERMISSIONS
from services.followups.models import FollowUp
from tests.factories import followups, world

NOW = datetime(2026, 11, 2, 1, tzinfo=UTC)


@pytest.fixture
def two(app, north):
    """Two follow-ups, for the first of which the job always fails."""
    with world.inside(app, north):
        rows = followups.make_followups(north, day=date(2026, 11, 2))
        return rows["look"].id, rows["survey"].id


@pytest.fixture
def failing(monkeypatch, two):
    done = []

    def work(actor, row_id):
        row = locks.lock(FollowUp, row_id)
        row.reminders = 9
        if row_id == two[0]:
            raise DomainError("x", "no")
        done.append(row_id)

    monkeypatch.setitem(
        jobs.JOBS, "followups.advance", jobs.Job("followups.advance", "followups.sweep", work)
    )
    return done


def run(app, north, ids):
    with app.app_context(), time_machine.travel(NOW, tick=False):
        return queue.run("followups.advance", north.id, [str(one) for one in ids])


def row(app, north, row_id):
    with world.inside(app, north):
        return locks.get(FollowUp, row_id)


def test_a_failing_row_is_undone_counted_and_put_off(app, north, two, failing):
    assert run(app, north, two) == 1
    assert failing == [two[1]]
    first = row(app, north, two[0])
    assert (first.reminders, first.attempts) == (0, 1)
    assert first.lease_until == NOW + timedelta(seconds=30)
    assert row(app, north, two[1]).reminders == 9


def test_ever_later_up_to_an_hour(app, north, two, failing):
    waits = []
    for _ in range(9):
        run(app, north, two[:1])
        waits.append((row(app, north, two[0]).lease_until - NOW).total_seconds())
    assert waits == [30, 60, 120, 240, 480, 960, 1920, 3600, 3600]


def test_a_row_that_is_not_there_harms_nobody(app, north, two, failing):
    assert run(app, north, [uuid.uuid4(), two[1]]) == 1


@pytest.mark.parametrize("one", jobs.SWEEPS, ids=lambda one: one.table)
def test_every_swept_table_can_be_put_off(one):
    columns = Base.metadata.tables[one.table].c
    assert {"lease_until", "attempts", one.order} <= set(columns.keys())
    assert jobs.JOBS[one.job].permission in PERMISSIONS

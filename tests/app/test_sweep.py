"""The sweep takes communities in turn, and no more than the worker can do."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from redis import Redis
from rq.serializers import JSONSerializer
from sqlalchemy import text

from app import queue
from app.sweep import sweep
from services.communities import regions
from services.core import jobs
from services.core.db import db
from services.pairings import runs
from tests.factories import followups, world


@pytest.fixture
def two(live_app):
    """A community with a storm of follow-ups due for weeks, and one with a single one due today."""
    with live_app.app_context():
        places = world.make_place("storm"), world.make_place("quiet")
    for place, gardens, days in ((places[0], 50, 30), (places[1], 1, 3)):
        with world.inside(live_app, place):
            planted = regions.today(place.id) - timedelta(days=days)
            for _ in range(gardens):
                followups.make_followups(place, day=planted)
            jobs.take_rings()
    return places


@pytest.fixture
def own_queue(live_app, worker_name):
    """A Redis database that no other test rings in, nor this one in another process."""
    shared = live_app.extensions["redis"]
    url = live_app.config["REDIS_URL"].replace("db=0", f"db={10 + int(worker_name[2:]) % 6}")
    assert url != live_app.config["REDIS_URL"]
    live_app.extensions["redis"] = Redis.from_url(url)
    live_app.extensions["redis"].flushdb()
    yield
    live_app.extensions["redis"].flushdb()
    live_app.extensions["redis"] = shared


def rung_for(name):
    """(job, community, number of rows) of each wake-up in a queue, the first first."""
    found = queue.queue(name)
    assert found.serializer is JSONSerializer
    return [(job.args[0], job.args[1], len(job.args[2])) for job in found.jobs]


def wake_ups(name):
    """(community, number of rows) of those for follow-ups."""
    return [(community, rows) for job, community, rows in rung_for(name) if job == "followups.advance"]


def test_a_storm_does_not_go_before_somebody_else(live_app, two, sweeper, own_queue):
    _, quiet = two
    with live_app.app_context():
        swept = sweep(sweeper)
        rung = wake_ups(queue.SWEPT)
    assert quiet.id in [community for community, _ in rung[:2]]
    assert all(rows <= queue.TOGETHER for _, rows in rung)
    assert sum(rows for community, rows in rung if community == quiet.id) == 1
    assert sum(rows for _, rows in rung) <= swept.claimed


def test_of_a_storm_only_so_much_is_claimed_that_others_wait_for_seconds(live_app, two, sweeper, own_queue):
    with live_app.app_context():
        assert sweep(sweeper).more
        # The last round begins before it is enough, and each table may ring for both communities.
        assert queue.ENOUGH < queue.waiting() <= queue.ENOUGH + 2 * len(jobs.SWEEPS)
        claimed = sum(rows for _, rows in wake_ups(queue.SWEPT))
        assert claimed < 150
        queue.queue(queue.SWEPT).empty()
        while sweep(sweeper).more:
            claimed += sum(rows for _, rows in wake_ups(queue.SWEPT))
            queue.queue(queue.SWEPT).empty()
        assert claimed + sum(rows for _, rows in wake_ups(queue.SWEPT)) == 151


def test_a_storm_in_one_table_does_not_go_before_another(live_app, two, sweeper, own_queue):
    _, quiet = two
    with world.inside(live_app, quiet):
        runs.request_run(quiet.actor("staff"))
        jobs.take_rings()
    with live_app.app_context():
        sweep(sweeper)
        rung = [(job, community) for job, community, _ in rung_for(queue.SWEPT)]
    storms = [number for number, (job, _) in enumerate(rung) if job == "followups.advance"]
    assert rung.index(("pairings.begin", quiet.id)) < storms[3]


def test_what_the_queue_cannot_take_is_not_claimed(live_app, two, sweeper, own_queue):
    with live_app.app_context():
        queue.ring_due("followups.advance", [(number, world.some_id()) for number in range(1, 40)])
        swept = sweep(sweeper)
    assert (swept.claimed, swept.more) == (0, True)


def test_a_lease_given_by_a_wrong_clock_does_not_hold(live_app, two, sweeper, own_queue):
    _, quiet = two
    with world.inside(live_app, quiet):
        db.session.execute(text("UPDATE follow_up SET lease_until = now() + interval '7 days'"))
    with live_app.app_context():
        sweep(sweeper)
        assert quiet.id in [community for community, _ in wake_ups(queue.SWEPT)]


def test_many_rows_of_one_transaction_ring_for_the_first_of_them(live_app, two, own_queue):
    storm, _ = two
    with world.inside(live_app, storm):
        for _ in range(100):
            jobs.ring("followups.advance", storm.id, world.some_id())
        queue.ring_all()
    with live_app.app_context():
        assert wake_ups(queue.BELL) == [(storm.id, queue.TOGETHER)]


def test_a_wake_up_by_the_sweep_gives_way_to_the_doorbell(live_app, two, own_queue, monkeypatch):
    storm, quiet = two
    name, rows, done = "followups.advance", [world.some_id() for _ in range(5)], []

    def work(actor, row_id):
        done.append(row_id)
        if len(done) == 2:
            queue.ring({(name, quiet.id): [world.some_id()]})

    monkeypatch.setitem(jobs.JOBS, name, jobs.Job(name, "followups.sweep", work))
    monkeypatch.setattr(queue, "get_current_job", lambda: SimpleNamespace(origin=queue.SWEPT), raising=False)
    with live_app.app_context():
        queue.ring_due(name, [(quiet.id, world.some_id())])
        assert queue.run(name, storm.id, [str(row) for row in rows]) == 2
        assert done == rows[:2]
        # The rest waits first in line, after the doorbell, under the lease it has.
        first, _ = queue.queue(queue.SWEPT).jobs
        assert first.args == [name, storm.id, [str(row) for row in rows[2:]]]
        queue.queue(queue.BELL).empty()
        assert queue.run(*first.args) == 3
    assert done == rows

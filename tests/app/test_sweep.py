"""The sweep takes communities in turn, and no more than the worker can do."""

from datetime import timedelta

import pytest
from redis import Redis
from rq.serializers import JSONSerializer
from sqlalchemy import text

from app import queue
from app.sweep import sweep
from services.communities import regions
from services.core import jobs
from services.core.db import db
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
def own_queue(live_app):
    """A Redis database that no other test rings in."""
    shared = live_app.extensions["redis"]
    url = live_app.config["REDIS_URL"].replace("db=0", "db=8")
    assert url != live_app.config["REDIS_URL"]
    live_app.extensions["redis"] = Redis.from_url(url)
    live_app.extensions["redis"].flushdb()
    yield
    live_app.extensions["redis"].flushdb()
    live_app.extensions["redis"] = shared


def wake_ups(name):
    """(community, number of rows) of each wake-up in a queue, the first first."""
    found = queue.queue(name)
    assert found.serializer is JSONSerializer
    return [(job.args[1], len(job.args[2])) for job in found.jobs if job.args[0] == "followups.advance"]


def test_a_storm_does_not_go_before_somebody_else(live_app, two, sweeper, own_queue):
    storm, quiet = two
    with live_app.app_context():
        swept = sweep(sweeper)
        rung = wake_ups(queue.SWEPT)
    assert quiet.id in [community for community, _ in rung[:2]]
    assert all(rows <= queue.TOGETHER for _, rows in rung)
    assert sum(rows for community, rows in rung if community == storm.id) == 150
    assert sum(rows for community, rows in rung if community == quiet.id) == 1
    assert not swept.more and sum(rows for _, rows in rung) <= swept.claimed


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

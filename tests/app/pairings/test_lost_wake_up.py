"""A run whose wake-up was lost, or whose worker died, is found by the sweep and computed."""

import pytest
from sqlalchemy import text

from app import queue
from app.sweep import sweep
from services.core import jobs
from services.core.db import db
from services.pairings import runs
from services.pairings.models import MatchingRun
from tests.factories import pairings, world


@pytest.fixture
def place(live_app):
    with live_app.app_context():
        return world.make_place("lost")


def claimed(live_app, sweeper):
    with live_app.app_context():
        return sweep(sweeper).claimed


def lapse(live_app, place):
    """The lease of every run is over."""
    with world.inside(live_app, place):
        db.session.execute(text("UPDATE matching_run SET lease_until = now() - interval '1 second'"))


def test_a_lost_wake_up_costs_one_sweep(live_app, place, sweeper):
    with world.inside(live_app, place):
        pairings.make_couple(place)
        run_id = runs.request_run(place.actor("staff")).id
        jobs.take_rings()
    assert claimed(live_app, sweeper) >= 1
    with live_app.app_context():
        assert queue.run("pairings.begin", place.id, [str(run_id)]) == 1
    assert claimed(live_app, sweeper) == 0  # somebody is at it
    lapse(live_app, place)  # … and was killed
    assert claimed(live_app, sweeper) == 1
    with live_app.app_context():
        assert queue.run("pairings.begin", place.id, [str(run_id)]) == 1
        assert queue.run("pairings.compute", place.id, [str(run_id)]) == 1
        assert queue.run("pairings.compute", place.id, [str(run_id)]) == 1
    with world.inside(live_app, place):
        run = db.session.get(MatchingRun, (place.id, run_id))
        assert (run.state, run.covered) == ("done", 1)
    lapse(live_app, place)
    assert claimed(live_app, sweeper) == 0

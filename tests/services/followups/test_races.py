"""Two at once: real commits, real locks."""

import contextlib
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from services.communities import regions
from services.core import locks
from services.core.actor import system
from services.core.db import db
from services.core.errors import DomainError
from services.followups import advance, bulk, deputies, editing, life, plans
from services.followups.models import LIVING, FollowUp, FollowUpEntry
from services.messages.models import Message
from tests.factories import followups, world


@pytest.fixture
def place(live_app):
    with live_app.app_context():
        return world.make_place("live")


def plant(app, place, days_ago):
    with world.inside(app, place):
        day = regions.today(place.id) - timedelta(days=days_ago)
        return followups.make_followups(place, day=day)["water"]


def together(app, place, *works):
    """Run the pieces of work at the same moment, each in its own transaction."""
    gate = threading.Barrier(len(works))

    def run(work):
        with world.inside(app, place):
            gate.wait(10)
            work()

    with ThreadPoolExecutor(len(works)) as pool:
        for done in [pool.submit(run, work) for work in works]:
            done.result()


def test_many_workers_tell_once(live_app, place):
    water = plant(live_app, place, 45)
    together(live_app, place, *[lambda: advance.advance(system(place.id), water.id)] * 8)
    with world.inside(live_app, place):
        keys = db.session.scalars(select(Message.key).where(Message.channel == "inbox")).all()
        actions = db.session.scalars(
            select(FollowUpEntry.action).where(FollowUpEntry.follow_up_id == water.id)
        ).all()
        series = db.session.scalars(select(FollowUp).where(FollowUp.plan_id == water.plan_id)).all()
    assert len(keys) == len(set(keys))
    assert sorted(actions) == ["escalated", "made"]
    assert sorted(row.occurrence for row in series) == [0, 1]


def test_finishing_twice_at_once_makes_one_successor(live_app, place):
    water = plant(live_app, place, 3)
    staff = place.actor("staff")
    together(live_app, place, *[lambda: life.finish(staff, follow_up_id=water.id)] * 6)
    with world.inside(live_app, place):
        rows = db.session.scalars(select(FollowUp).where(FollowUp.plan_id == water.plan_id)).all()
        done = db.session.scalars(select(FollowUpEntry).where(FollowUpEntry.action == "done")).all()
    assert sorted((row.occurrence, row.state) for row in rows) == [(0, "done"), (1, "open")]
    assert len(done) == 1


def test_no_occurrence_outlives_its_subject(live_app, place):
    staff = place.actor("staff")
    for _ in range(8):
        water = plant(live_app, place, 45)

        def end(subject=water.subject_id):
            life.close_subject(staff, subject_kind=followups.KIND, subject_id=subject, reason="moved")

        def work(row_id=water.id):
            advance.advance(system(place.id), row_id)

        together(live_app, place, work, end, work)
        with world.inside(live_app, place):
            rows = life.of_subjects(followups.KIND, [water.subject_id])
            assert [row for row in rows if row.state in LIVING] == []


def test_what_is_made_while_a_plan_changes_follows_the_change(live_app, place):
    old = plant(live_app, place, 0)
    changed = threading.Event()

    def change():
        plan = plans.get_plan(place.actor("staff"), plan_id=old.plan_id)
        terms = replace(editing.terms_of(plan), after_days=30, on_holiday="same")
        editing.update_plan(place.actor("staff"), plan_id=plan.id, terms=terms)
        changed.set()
        time.sleep(0.3)

    def make():
        changed.wait(10)
        day = regions.today(place.id)
        made.append(followups.make_followups(place, day=day)["water"].due_on - day)

    made = []
    together(live_app, place, change, make)
    assert made == [timedelta(days=30)]


def test_many_at_once_wait_for_each_other(live_app, place):
    staff = place.actor("staff")
    for _ in range(4):
        rows = [plant(live_app, place, 3).id for _ in range(5)]
        refused = []

        def finish(ids, refused=refused):
            try:
                bulk.finish(staff, follow_up_ids=ids)
            except bulk.Refused as error:
                refused.append(set(error.rows))
                db.session.rollback()

        together(live_app, place, lambda rows=rows: finish(rows), lambda rows=rows: finish(rows[::-1]))
        assert refused == [set(rows)]
        with world.inside(live_app, place):
            done = db.session.scalars(select(FollowUpEntry).where(FollowUpEntry.follow_up_id.in_(rows))).all()
        assert sorted(entry.action for entry in done) == ["done"] * 5 + ["made"] * 5


def test_naming_a_deputy_and_many_at_once_wait_for_each_other(live_app, place):
    staff = place.actor("staff")
    with world.inside(live_app, place):
        helper, deputy = (world.add_member(place, "volunteer").id for _ in "hd")
    for _ in range(6):
        with world.inside(live_app, place):
            day = regions.today(place.id) - timedelta(days=3)
            rows = [row.id for row in followups.make_followups(place, day=day, helper=helper).values()]

        def name(row_id):
            deputies.name_deputy(staff, follow_up_id=row_id, account_id=deputy)

        def note(rows=rows):
            bulk.hand_over(staff, follow_up_ids=rows[:2], account_id=deputy)

        # By the last of them: whoever held it and then asked for the first would block the other.
        def late(row_id=max(rows[:2])):
            with contextlib.suppress(DomainError):
                name(row_id)

        together(live_app, place, late, note, late)
        with world.inside(live_app, place):
            assert {locks.get(FollowUp, one).owner_id for one in rows[:2]} == {deputy}

"""Nothing is forgotten and nothing doubled, whatever people do and however the clock jumps."""

import itertools
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from services.communities import regions
from services.core import clock
from services.core.actor import system
from services.core.db import db
from services.core.errors import DomainError
from services.followups import advance, calendar, life, occurrences
from services.followups.models import LIVING, FollowUp, FollowUpEntry, Plan
from services.messages.models import Message
from tests.factories import followups, world

ZONE = "Asia/Shanghai"

# The second one's monthly series begins on a 31st.
STARTS = st.sampled_from([date(2026, 11, 2), date(2026, 12, 24)])
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("wait"), st.integers(1, 4)),
        st.tuples(st.just("wait"), st.integers(5, 40)),
        st.tuples(st.sampled_from(["finish", "postpone", "hand_over", "back"]), st.integers(0, 40)),
    ),
    max_size=12,
)


@pytest.fixture
def place(session, north):
    world.enter(north)
    for role in ("volunteer", "volunteer"):
        world.add_member(north, role)
    return north


def rows(subject):
    statement = select(FollowUp).where(FollowUp.subject_id == subject)
    return db.session.scalars(statement.order_by(FollowUp.plan_id, FollowUp.occurrence)).all()


def sweep(place, subject):
    """What worker and sweeper do until nothing is due, each job twice."""
    for _ in range(60):
        due = [row for row in rows(subject) if row.next_at and row.next_at <= clock.now()]
        if not due:
            return
        for row in due:
            advance.advance(system(place.id), row.id)
            before = trace(subject)
            advance.advance(system(place.id), row.id)
            assert trace(subject) == before
    raise AssertionError("the sweep never comes to rest")


def trace(subject):
    """Everything that must not change when a job runs once more."""
    ids = [row.id for row in rows(subject)]
    said = db.session.scalar(select(func.count()).where(Message.subject_id.in_(ids)))
    noted = db.session.scalar(select(func.count()).where(FollowUpEntry.follow_up_id.in_(ids)))
    states = [(row.id, row.state, row.due_on, row.reminders, row.next_at) for row in rows(subject)]
    return said, noted, states


def act(place, subject, what, number):
    """One thing somebody does to one of the follow-ups; a refusal is an answer too."""
    every = rows(subject)
    row = every[number % len(every)]
    staff = place.actor("staff")
    today = regions.today(place.id)
    try:
        if what == "finish":
            life.finish(staff, follow_up_id=row.id)
        elif what == "postpone":
            day = max(row.due_on, today) + timedelta(days=1 + number % 9)
            life.postpone(staff, follow_up_id=row.id, day=day, reason="other")
        elif what == "hand_over":
            taker = None if number % 2 else place.accounts["volunteer"].id
            life.hand_over(staff, follow_up_id=row.id, account_id=taker)
    except DomainError as refusal:
        assert refusal.code in {
            "over",
            "not_later",
            "too_late",
            "postponed_often",
            "same_owner",
            "no_candidate",
        }


def holds(subject):
    """What is true whenever the sweep has come to rest."""
    now = clock.now()
    for _, group in itertools.groupby(rows(subject), key=lambda row: row.plan_id):
        series = list(group)
        plan = plan_of(series[0])
        assert [row.occurrence for row in series] == list(range(len(series)))
        rhythm = occurrences.rhythm_of(plan, ZONE)
        event = occurrences.event_day(plan, series[0])
        days = [day for day in itertools.islice(calendar.series(rhythm, event), len(series)) if day.due]
        for row, day in zip(series, days, strict=True):
            assert row.planned_on == day.planned
            assert row.due_on >= day.due
        if plan.rule:
            last = series[-1]
            assert last.state in LIVING
            assert occurrences.successor_at(plan, last, ZONE) > now
    for row in rows(subject):
        check_told(row, now)


def plan_of(row):
    return db.session.get_one(Plan, (row.community_id, row.plan_id))


def check_told(row, now):
    plan = plan_of(row)
    if row.state in LIVING:
        days = occurrences.reminder_days(plan, row.due_on)
        assert row.reminders >= sum(calendar.moment(day, ZONE) <= now for day in days)
        late = calendar.moment(occurrences.late_day(plan, row.due_on), ZONE) <= now
        assert not late or row.state == "escalated"
        assert row.next_at > now
    keys = db.session.scalars(
        select(Message.key).where(Message.subject_id == row.id, Message.channel == "inbox")
    ).all()
    assert len(keys) == len(set(keys))


@settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(day=STARTS, steps=STEPS, asleep=st.booleans())
def test_no_occurrence_is_lost_or_doubled(place, day, steps, asleep):
    """`asleep`: no worker runs until the end, as after an outage."""
    subject = world.some_id()
    helper = place.accounts["volunteer"].id
    noon = datetime(day.year, day.month, day.day, 4, tzinfo=UTC)
    with time_machine.travel(noon, tick=False) as clock_hand:
        followups.make_followups(place, day=day, helper=helper, subject_id=subject)
        for number, (what, days) in enumerate([*steps, ("wait", 40), ("wait", 40), ("wait", 40)], start=1):
            if what == "wait":
                clock_hand.shift(timedelta(days=days, hours=days % 24))
            elif what == "back":
                clock_hand.shift(-timedelta(days=days % 8))
            else:
                act(place, subject, what, days)
            if what == "wait" and (not asleep or number > len(steps) + 2):
                sweep(place, subject)
                holds(subject)

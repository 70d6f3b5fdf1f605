"""A plan changes: what lies ahead moves, what has begun stays."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import select

from services.core.actor import system
from services.core.db import db
from services.core.errors import DomainError, Forbidden
from services.followups import advance, editing, life, occurrences, plans
from services.followups.models import FollowUp
from tests.factories import followups, world

MONDAY = date(2026, 11, 2)


def at(day):
    return time_machine.travel(datetime(day.year, day.month, day.day, 1, tzinfo=UTC), tick=False)


@pytest.fixture
def place(session, north):
    world.enter(north)
    world.add_member(north, "volunteer")
    return north


def plant(place, day=MONDAY, subject=None):
    with at(day):
        return followups.make_followups(
            place, day=day, helper=place.accounts["volunteer"].id, subject_id=subject
        )


def terms_of(row, **changed):
    return replace(editing.terms_of(plans.by_id({row.plan_id})[row.plan_id]), **changed)


def change(place, row, **changed):
    """Change the plan of a follow-up: how many moved, as it was said before."""
    terms = terms_of(row, **changed)
    said = editing.preview(place.actor("staff"), plan_id=row.plan_id, terms=terms).moves
    moved = editing.update_plan(place.actor("staff"), plan_id=row.plan_id, terms=terms)
    assert moved == said
    db.session.expire_all()
    return moved


def series(row):
    statement = select(FollowUp).where(FollowUp.plan_id == row.plan_id, FollowUp.subject_id == row.subject_id)
    return db.session.scalars(statement.order_by(FollowUp.occurrence)).all()


def entries(row, action):
    return [(one.from_on, one.to_on) for one in occurrences.history(row.id) if one.action == action]


def test_of_a_full_series_only_what_is_still_to_come_moves(place):
    """Done, closed, late, reminded of and postponed ones keep their day; each of the others has it in its history."""
    staff = place.actor("staff")
    gone = plant(place)["water"]
    with at(date(2026, 11, 5)):
        life.finish(staff, follow_up_id=gone.id)
    first, second = series(gone)
    late, reminded, postponed, closed = (plant(place)["water"] for _ in range(4))
    with at(date(2026, 11, 5)):
        life.postpone(staff, follow_up_id=postponed.id, day=date(2026, 11, 20), reason="ill")
        life.close_subject(staff, subject_kind=followups.KIND, subject_id=closed.subject_id, reason="moved")
    with at(date(2026, 11, 12)):
        advance.advance(system(place.id), late.id)
        fresh = plant(place, date(2026, 11, 12))["water"]
    with at(date(2026, 11, 8)):
        advance.advance(system(place.id), reminded.id)
    kept = {row.id: row.due_on for row in (first, late, reminded, postponed, closed)}
    assert [row.state for row in (first, second, late, reminded, postponed, closed, fresh)] == [
        "done", "open", "escalated", "reminded", "open", "closed", "open"
    ]  # fmt: skip
    with at(date(2026, 11, 13)):
        # From the 9th of each month, and seven days after, to each second Tuesday.
        assert change(place, fresh, rule="FREQ=MONTHLY;BYDAY=2TU", after_days=10) == 2
    assert {row.id: row.due_on for row in (first, late, reminded, postponed, closed)} == kept
    assert (second.due_on, fresh.due_on) == (date(2026, 12, 8), date(2026, 12, 8))
    assert entries(second, "moved") == [(date(2026, 12, 9), date(2026, 12, 8))]
    assert entries(fresh, "moved") == [(date(2026, 11, 19), date(2026, 12, 8))]
    assert not any(entries(row, "moved") for row in (first, late, reminded, postponed, closed))
    with at(date(2026, 12, 8)):
        life.finish(staff, follow_up_id=second.id)
        life.finish(staff, follow_up_id=postponed.id)
    assert [row.due_on for row in series(second)] == [date(2026, 11, 9), date(2026, 12, 8), date(2027, 1, 12)]
    # Of the new rule's days before the change none is made up for.
    for row in (late, reminded, postponed):
        assert series(row)[1].due_on == date(2026, 12, 8)


def test_a_change_that_moves_nothing_says_so(place):
    water = plant(place)["water"]
    with at(MONDAY):
        assert change(place, water, remind_days=3, late_days=9, late_to="admin") == 0
        assert change(place, water, rule="FREQ=WEEKLY") == 0  # the first day stays the first
        assert entries(water, "moved") == []


def test_nothing_moves_before_today_and_days_that_have_passed_are_not_made_up_for(place):
    with at(MONDAY):
        change(place, plant(place)["water"], after_days=60)
    water = plant(place)["water"]
    with at(date(2026, 12, 5)):
        assert change(place, water, after_days=7, rule="FREQ=WEEKLY") == 2
        # A Saturday: it falls due on the next working day, in place of all Mondays since the 9th of November.
        assert (water.planned_on, water.due_on) == (date(2026, 12, 7), date(2026, 12, 7))
        life.finish(place.actor("staff"), follow_up_id=water.id)
    assert [row.due_on for row in series(water)] == [date(2026, 12, 7), date(2026, 12, 14)]


def test_once_moves_to_today_at_the_earliest(place):
    look = plant(place)["look"]
    with at(MONDAY):
        change(place, look, after_days=30)
    with at(date(2026, 11, 20)):
        assert change(place, look, after_days=3) == 1
    assert look.due_on == date(2026, 11, 20)


def test_holidays_alone_move_too(place):
    with at(MONDAY):
        water = plant(place, date(2026, 11, 7))["water"]  # due on a Saturday
        assert water.due_on == date(2026, 11, 16)
        assert change(place, water, on_holiday="previous") == 1
        assert water.due_on == date(2026, 11, 13)
        assert change(place, water, on_holiday="same") == 1
        assert water.due_on == date(2026, 11, 14)
        assert change(place, water, on_holiday="skip") == 1
        assert water.due_on == date(2026, 11, 16)
        assert entries(water, "moved")[-1] == (date(2026, 11, 14), date(2026, 11, 16))


def test_a_series_that_went_on_after_a_pause_is_not_pulled_back(place):
    water = plant(place)["water"]
    with at(date(2026, 11, 9)):
        change(place, water, active=False)
        life.finish(place.actor("staff"), follow_up_id=water.id)
    with at(date(2027, 4, 20)):
        change(place, water, active=True)
        assert series(water)[-1].due_on == date(2027, 5, 10)
        assert change(place, water, on_holiday="previous") == 1
        assert series(water)[-1].due_on == date(2027, 5, 7)


def test_a_rule_that_has_ended_takes_nothing_away(place):
    water = plant(place)["water"]
    with at(date(2026, 11, 9)):
        life.finish(place.actor("staff"), follow_up_id=water.id)
        assert change(place, water, rule="FREQ=MONTHLY;COUNT=1") == 0
        second = series(water)[-1]
        assert (second.state, second.due_on) == ("open", date(2026, 12, 9))
        life.finish(place.actor("staff"), follow_up_id=second.id)
    assert len(series(water)) == 2


def test_what_moved_is_reminded_of_at_its_new_day(place):
    look = plant(place)["look"]
    with at(MONDAY):
        change(place, look, after_days=10)
        advance.advance(system(place.id), look.id)
    assert look.next_at.date() == look.due_on - timedelta(days=1)
    assert look.due_on == date(2026, 11, 12)


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"rule": "FREQ=HOURLY"}, "rule"),
        ({"rule": "FREQ=WEEKLY;BYDAY=SU", "on_holiday": "skip"}, "rule"),
        ({"rule": "FREQ=WEEKLY;UNTIL=20200101"}, "rule"),
        ({"on_holiday": "never"}, "on_holiday"),
        ({"late_to": "mayor"}, "late_to"),
        ({"owner": "unit"}, "owner"),
    ],
)
def test_terms_that_cannot_be(place, changed, field):
    look = plant(place)["look"]
    for ask in (editing.preview, editing.update_plan):
        with at(MONDAY), pytest.raises(DomainError) as refused:
            ask(place.actor("staff"), plan_id=look.plan_id, terms=terms_of(look, **changed))
        assert refused.value.field == field
    with pytest.raises(Forbidden):
        editing.preview(place.actor("volunteer"), plan_id=look.plan_id, terms=terms_of(look))


def test_a_rule_that_is_over_does_not_hinder_other_changes(place):
    water = plant(place)["water"]
    with at(MONDAY):
        change(place, water, rule="FREQ=WEEKLY;UNTIL=20261231")
    with at(date(2027, 3, 1)):
        change(place, water, active=False)
        change(place, water, active=True)
        assert "water" not in followups.make_followups(place, day=date(2027, 3, 1))

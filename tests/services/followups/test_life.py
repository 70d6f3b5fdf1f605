"""From the event to done: who is told what, and when."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import select

from services.core.actor import Actor, system
from services.core.db import db
from services.core.errors import Conflict, DomainError, Forbidden, NotFound
from services.followups import advance, deputies, editing, life, occurrences, plans
from services.followups.models import FollowUp
from services.messages.models import Message
from services.people import accounts, memberships
from tests.factories import followups, world

MONDAY = date(2026, 11, 2)


def nine(day):
    """Nine in the morning in Beijing."""
    return datetime(day.year, day.month, day.day, 1, tzinfo=UTC)


@pytest.fixture
def garden(session, north):
    world.enter(north)
    for role in ("volunteer", "unit"):
        world.add_member(north, role)
    deputy = world.add_member(north, "volunteer").id
    helper = world.add_member(north, "volunteer").id
    with time_machine.travel(nine(MONDAY), tick=False):
        made = followups.make_followups(north, day=MONDAY, helper=helper, deputy=deputy)
        db.session.commit()
    north.accounts["deputy"] = accounts.get_account(deputy)
    return made


def advance_at(place, follow_up, moment):
    with time_machine.travel(moment, tick=False):
        advance.advance(system(place.id), follow_up.id)


def told(account=None):
    rows = db.session.scalars(select(Message).where(Message.channel == "inbox").order_by(Message.id)).all()
    return [row.template for row in rows if account is None or row.account_id == account.id]


def at(moment):
    return time_machine.travel(moment, tick=False)


def rows_of(plan_row):
    statement = select(FollowUp).where(FollowUp.plan_id == plan_row.plan_id).order_by(FollowUp.occurrence)
    return db.session.scalars(statement).all()


def test_first_days(garden):
    assert {code: one.due_on for code, one in garden.items()} == {
        "look": date(2026, 11, 5),
        "water": date(2026, 11, 9),
        "survey": date(2026, 11, 12),
    }
    assert garden["look"].next_at == nine(date(2026, 11, 4))
    assert garden["survey"].owner_id is None


def test_starting_again_makes_nothing_new(garden, north):
    again = followups.make_followups(
        north, day=MONDAY + timedelta(days=9), subject_id=garden["look"].subject_id
    )
    assert {code: row.id for code, row in again.items()} == {code: row.id for code, row in garden.items()}


def test_remind_late_escalate(garden, north):
    look = garden["look"]
    advance_at(north, look, nine(date(2026, 11, 4)) - timedelta(seconds=1))
    assert told() == []
    advance_at(north, look, nine(date(2026, 11, 4)))
    assert (told(north.accounts["volunteer"]), look.state) == (["followup.reminder"], "reminded")
    assert look.next_at == nine(date(2026, 11, 5))
    advance_at(north, look, nine(date(2026, 11, 5)))
    assert told() == ["followup.reminder"] * 2
    assert look.next_at == nine(date(2026, 11, 7))
    advance_at(north, look, nine(date(2026, 11, 7)))
    assert (told(north.accounts["deputy"]), look.state) == (["followup.late"], "escalated")
    assert look.next_at == nine(date(2026, 11, 14))
    assert len(told()) == 3


def test_what_is_late_is_said_again_every_week_until_it_is_done(garden, north):
    look, staff = garden["look"], north.accounts["staff"]
    for day in (4, 5, 7, 13):
        advance_at(north, look, nine(date(2026, 11, day)))
    assert told(staff) == []
    for day in (14, 21):
        advance_at(north, look, nine(date(2026, 11, day)))
        advance_at(north, look, nine(date(2026, 11, day)))
    assert told(staff) == ["followup.late"] * 2
    assert told(north.accounts["deputy"]) == ["followup.late"]
    # Five weeks without a machine: said once, and then by the week again.
    advance_at(north, look, nine(date(2026, 12, 27)))
    assert told(staff) == ["followup.late"] * 3
    assert (look.escalations, look.next_at) == (7, nine(date(2027, 1, 2)))
    with at(nine(date(2026, 12, 28))):
        life.finish(north.actor("volunteer"), follow_up_id=look.id)
    advance_at(north, look, nine(date(2027, 1, 9)))
    assert told(staff) == ["followup.late"] * 3


def test_a_late_one_postponed_begins_anew(garden, north):
    look = garden["look"]
    for day in (7, 14):
        advance_at(north, look, nine(date(2026, 11, day)))
    with at(nine(date(2026, 11, 15))):
        life.postpone(north.actor("volunteer"), follow_up_id=look.id, day=date(2026, 11, 20), reason="ill")
    assert (look.state, look.escalations, look.next_at) == ("open", 0, nine(date(2026, 11, 19)))
    before = len(told(north.accounts["staff"]))
    for day in (19, 20, 22, 29):
        advance_at(north, look, nine(date(2026, 11, day)))
    assert told(north.accounts["staff"])[before:] == ["followup.late"]


def test_the_next_occurrence_speaks_for_one_that_is_late(garden, north):
    water = garden["water"]
    for day in (
        date(2026, 11, 8),
        date(2026, 11, 9),
        date(2026, 11, 11),
        date(2026, 12, 8),
        date(2026, 12, 16),
    ):
        for row in rows_of(water):
            advance_at(north, row, nine(day))
    first, second = rows_of(water)
    assert (first.state, second.state) == ("escalated", "escalated")
    about = db.session.scalars(
        select(Message.subject_id).where(Message.account_id == north.accounts["staff"].id)
    )
    assert first.id not in about.all()


def test_reminders_go_on_until_it_is_late(garden, north):
    look = garden["look"]
    with at(nine(date(2026, 11, 3))):
        change(north, look, remind_every=2, late_days=6)
    for day in range(3, 12):
        advance_at(north, look, nine(date(2026, 11, day)))
    entries = occurrences.history(look.id)
    days = [entry.created_at.day for entry in entries if entry.action == "reminded"]
    assert days == [4, 5, 7, 9]
    assert (look.state, told()) == ("escalated", ["followup.reminder"] * 4 + ["followup.late"])


@pytest.mark.parametrize("role", ["staff", "admin"])
def test_whom_a_late_one_is_told_to(garden, north, role):
    look = garden["look"]
    with at(nine(date(2026, 11, 3))):
        change(north, look, late_to=role)
    for day in (4, 5, 7, 14):
        advance_at(north, look, nine(date(2026, 11, day)))
    assert told(north.accounts[role]) == ["followup.late"] * 2
    assert told(north.accounts["deputy"]) == []


def test_after_an_outage_everything_is_said_once(garden, north):
    advance_at(north, garden["look"], nine(date(2026, 12, 24)))
    assert told(north.accounts["volunteer"]) == ["followup.reminder"]
    assert told(north.accounts["deputy"]) == ["followup.late"]


def test_months_missed_are_kept_and_only_the_newest_speaks(garden, north):
    water = garden["water"]
    now = nine(date(2027, 3, 10))
    for _ in range(9):
        for row in rows_of(water):
            advance_at(north, row, now)
    assert [row.planned_on for row in rows_of(water)] == [
        date(2026, 11, 9), date(2026, 12, 9), date(2027, 1, 9), date(2027, 2, 9), date(2027, 3, 9)
    ]  # fmt: skip
    assert [row.state for row in rows_of(water)] == ["escalated"] * 4 + ["reminded"]
    assert told() == ["followup.reminder"]


def test_the_office_owns_what_has_no_owner_and_hears_of_lateness_once(garden, north):
    advance_at(north, garden["survey"], nine(date(2026, 11, 11)))
    assert told(north.accounts["staff"]) == ["followup.reminder"]
    advance_at(north, garden["survey"], nine(date(2026, 12, 11)))
    assert told(north.accounts["staff"]) == ["followup.reminder", "followup.late"]
    assert told(north.accounts["volunteer"]) == []


def test_a_helper_who_left_is_not_waited_for(garden, north):
    account = north.accounts["volunteer"]
    (own,) = [
        m for m in memberships.members(north.actor("staff"), day=MONDAY).rows if m.account_id == account.id
    ]
    memberships.end(north.actor("admin"), membership_id=own.id, last_day=MONDAY)
    advance_at(north, garden["look"], nine(date(2026, 11, 4)))
    assert told(account) == []
    assert told(north.accounts["staff"]) == ["followup.reminder"]


def test_a_series_on_the_31st_keeps_it_though_postponed_into_the_next_month(session, north):
    world.enter(north)
    with at(nine(date(2026, 12, 24))):
        first = followups.make_followups(north, day=date(2026, 12, 24))["water"]
        life.postpone(north.actor("staff"), follow_up_id=first.id, day=date(2027, 1, 30), reason="ill")
    for _ in range(3):
        with at(nine(date(2027, 1, 30))):
            life.finish(north.actor("staff"), follow_up_id=rows_of(first)[-1].id)
    assert [row.planned_on for row in rows_of(first)] == [
        date(2026, 12, 31), date(2027, 1, 31), date(2027, 2, 28), date(2027, 3, 31)
    ]  # fmt: skip


def test_done_makes_the_next_of_a_recurring_plan(garden, north):
    with at(nine(date(2026, 11, 6))):
        life.finish(north.actor("volunteer"), follow_up_id=garden["water"].id, note="wet")
        life.finish(north.actor("volunteer"), follow_up_id=garden["water"].id)
    first, second = rows_of(garden["water"])
    assert (first.state, first.next_at) == ("done", None)
    assert (second.due_on, second.owner_id) == (date(2026, 12, 9), first.owner_id)
    assert [entry.action for entry in occurrences.history(first.id)] == ["made", "done"]
    advance_at(north, first, nine(date(2027, 1, 1)))
    assert told() == []


def test_postponed_is_open_again_with_a_limit(garden, north):
    look, helper = garden["look"], north.actor("volunteer")
    advance_at(north, look, nine(date(2026, 11, 8)))
    assert look.state == "escalated"
    with at(nine(date(2026, 11, 8))):
        for day in (10, 12, 16):
            life.postpone(helper, follow_up_id=look.id, day=date(2026, 11, day), reason="ill")
        with pytest.raises(DomainError, match="postponed_often"):
            life.postpone(helper, follow_up_id=look.id, day=date(2026, 11, 18), reason="ill")
    assert (look.state, look.due_on, look.postponed, look.escalated_at) == (
        "open",
        date(2026, 11, 16),
        3,
        None,
    )
    before = len(told())
    advance_at(north, look, nine(date(2026, 11, 15)))
    assert told()[before:] == ["followup.reminder"]


@pytest.mark.parametrize(
    ("day", "code"), [(date(2026, 11, 5), "not_later"), (date(2026, 11, 2), "not_later"), (date(2026, 12, 6), "too_late")]
)  # fmt: skip
def test_a_postponement_that_cannot_be(garden, north, day, code):
    with at(nine(date(2026, 11, 3))), pytest.raises(DomainError, match=code):
        life.postpone(north.actor("volunteer"), follow_up_id=garden["look"].id, day=day, reason="ill")


def test_handed_over_and_back(garden, north):
    look, staff = garden["look"], north.actor("staff")
    other = north.accounts["deputy"]
    with at(nine(date(2026, 11, 3))):
        life.hand_over(staff, follow_up_id=look.id, account_id=other.id)
        life.hand_over(staff, follow_up_id=look.id, account_id=None)
        life.hand_over(staff, follow_up_id=look.id, account_id=other.id)
        with pytest.raises(DomainError, match="same_owner"):
            life.hand_over(staff, follow_up_id=look.id, account_id=other.id)
    assert told(other) == ["followup.handed_over"] * 2
    advance_at(north, look, nine(date(2026, 11, 4)))
    assert told(other)[2:] == ["followup.reminder"]


def test_a_helper_gives_back_to_the_office_only(garden, north):
    helper = north.actor("volunteer")
    with pytest.raises(Forbidden):
        life.hand_over(helper, follow_up_id=garden["look"].id, account_id=north.accounts["deputy"].id)
    life.hand_over(helper, follow_up_id=garden["look"].id, account_id=None)
    assert told(north.accounts["staff"]) == ["followup.handed_over"]
    assert garden["look"].owner_id is None


def test_a_household_s_account_cannot_take_over(garden, north):
    with pytest.raises(DomainError, match="no_candidate"):
        life.hand_over(
            north.actor("staff"), follow_up_id=garden["look"].id, account_id=north.accounts["unit"].id
        )


def test_what_the_office_owns_is_not_given_to_helpers(garden, north):
    with pytest.raises(DomainError, match="no_candidate"):
        life.hand_over(
            north.actor("staff"), follow_up_id=garden["survey"].id, account_id=north.accounts["deputy"].id
        )


def test_others_cannot_touch_it(garden, north):
    with pytest.raises(NotFound):
        life.finish(north.actor("volunteer"), follow_up_id=garden["survey"].id)
    with pytest.raises(Forbidden):
        life.finish(north.actor("unit"), follow_up_id=garden["look"].id)
    deputy = Actor(north.accounts["deputy"].id, north.id, frozenset({"volunteer"}))
    assert life.finish(deputy, follow_up_id=garden["look"].id).state == "done"


def test_the_end_of_a_subject_ends_all_of_it_quietly(garden, north):
    subject = garden["look"].subject_id
    life.finish(north.actor("volunteer"), follow_up_id=garden["look"].id)
    closed = life.close_subject(
        north.actor("staff"), subject_kind=followups.KIND, subject_id=subject, reason="moved"
    )
    rows = life.of_subjects(followups.KIND, [subject])
    assert closed == 2
    assert [row.state for row in rows] == ["done", "closed", "closed"]
    for row in rows:
        advance_at(north, row, nine(date(2027, 5, 1)))
    assert told() == []
    assert len(life.of_subjects(followups.KIND, [subject])) == 3
    with pytest.raises(Conflict):
        life.finish(north.actor("staff"), follow_up_id=garden["water"].id)


def change(north, row, **terms):
    plan = plans.by_id({row.plan_id})[row.plan_id]
    terms = replace(editing.terms_of(plan), **terms)
    return editing.update_plan(north.actor("staff"), plan_id=row.plan_id, terms=terms)


def test_a_plan_out_of_use_makes_nothing_and_goes_on_from_today_when_it_is_back(garden, north):
    water = garden["water"]
    with at(nine(date(2026, 11, 9))):
        change(north, water, active=False)
        life.finish(north.actor("volunteer"), follow_up_id=water.id)
        assert len(rows_of(water)) == 1
        assert "water" not in followups.make_followups(north, day=MONDAY)
    with at(nine(date(2027, 4, 20))):
        change(north, water, active=True)
    assert [row.due_on for row in rows_of(water)] == [date(2026, 11, 9), date(2027, 5, 10)]


def test_a_plan_out_of_use_does_not_wake_what_has_ended(garden, north):
    water = garden["water"]
    with at(nine(date(2026, 11, 9))):
        change(north, water, active=False)
        life.finish(north.actor("volunteer"), follow_up_id=water.id)
        life.close_subject(
            north.actor("staff"), subject_kind=followups.KIND, subject_id=water.subject_id, reason="moved"
        )
        change(north, water, active=True)
    assert len(rows_of(water)) == 1


def test_a_longer_reminder_reaches_what_is_open(garden, north):
    with at(nine(date(2026, 11, 3))):
        change(north, garden["water"], remind_days=7)
        assert garden["water"] in rows_of(garden["water"])
        db.session.refresh(garden["water"])
        assert garden["water"].next_at == nine(date(2026, 11, 3))
        advance.advance(system(north.id), garden["water"].id)
    assert told(north.accounts["volunteer"]) == ["followup.reminder"]
    assert garden["water"].due_on == date(2026, 11, 9)


def test_the_office_names_another_deputy_who_is_told(garden, north):
    look, staff = garden["look"], north.actor("staff")
    other = world.add_member(north, "volunteer")
    changed = deputies.name_deputy(staff, follow_up_id=look.id, account_id=other.id)
    assert look in changed
    assert {row.owner_id for row in changed} == {look.owner_id}
    for day in (3, 4, 5, 6, 9, 10):
        advance_at(north, look, nine(date(2026, 11, day)))
    assert told(other) == ["followup.late"]
    assert told(north.accounts["deputy"]) == []
    with pytest.raises(DomainError, match="no_candidate"):
        deputies.name_deputy(staff, follow_up_id=look.id, account_id=north.accounts["unit"].id)
    with pytest.raises(Forbidden):
        deputies.name_deputy(north.actor("volunteer"), follow_up_id=look.id, account_id=other.id)


def test_the_staff_need_no_deputy(garden, north):
    staff = north.actor("staff")
    life.hand_over(staff, follow_up_id=garden["look"].id, account_id=None)
    with pytest.raises(DomainError, match="staff_own"):
        deputies.name_deputy(staff, follow_up_id=garden["look"].id, account_id=north.accounts["deputy"].id)

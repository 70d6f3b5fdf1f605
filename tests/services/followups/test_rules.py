"""Rules as calendars write them: what is understood, which days they give, when they end."""

import itertools
import time
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from dateutil.rrule import rrulestr
from hypothesis import HealthCheck, given, reject, settings
from hypothesis import strategies as st
from sqlalchemy import select

from services.core.db import db
from services.core.errors import DomainError
from services.followups import calendar, editing, life, plans, rules
from services.followups.models import FollowUp
from tests.factories import followups, world

DAYS = st.dates(date(1900, 1, 1), date(2100, 12, 31))
WEEKDAYS = st.lists(
    st.sampled_from(["MO", "TU", "WE", "TH", "FR", "SA", "SU"]), min_size=1, max_size=3, unique=True
)


def some(values, most=3):
    return st.lists(values, min_size=1, max_size=most, unique=True).map(
        lambda found: [str(one) for one in found]
    )


@st.composite
def typed_rules(draw):
    """A rule with any of the parts it may have."""
    frequency = draw(st.sampled_from(list(rules.FREQUENCIES)))
    parts = [f"FREQ={frequency}"]
    choices = {"BYDAY": WEEKDAYS, "BYMONTH": some(st.integers(1, 12))}
    if frequency != "WEEKLY":
        choices["BYMONTHDAY"] = some(st.integers(-31, 31).filter(bool))
    chosen = draw(st.sets(st.sampled_from(sorted(choices))))
    # Five has no common measure with weeks and years, so no rule is without days.
    parts.append(f"INTERVAL={draw(st.sampled_from([1, 5]) if chosen else st.integers(1, 8))}")
    for name in chosen:
        parts.append(f"{name}={','.join(draw(choices[name]))}")
    if (
        any(part.startswith(("BYDAY", "BYMONTHDAY")) for part in parts)
        and frequency != "DAILY"
        and draw(st.booleans())
    ):
        parts.append(f"BYSETPOS={draw(st.sampled_from([1, -1]))}")
    try:
        return rules.understand(";".join(parts))
    except DomainError:
        reject()


@given(typed_rules(), DAYS, st.integers(0, 3000))
@settings(deadline=None, max_examples=150)
def test_beginning_near_a_day_gives_what_walking_there_gives(rule, first, gap):
    after = first + timedelta(days=gap)
    walked = [day for day in rules.days(rule, first, years=12) if after < day]
    near = list(itertools.islice(rules.days(rule, first, after=after, years=2), 5))
    assert near == walked[: len(near)]
    assert all(day not in walked or day in near for day in walked[: len(near)])


@given(typed_rules(), DAYS)
@settings(deadline=None, max_examples=150)
def test_what_a_rule_says_is_what_icalendar_says(rule, first):
    if "BYDAY" not in rule and "BYMONTHDAY" not in rule and first.day > 28:
        first = first.replace(day=28)
    end = first + timedelta(days=900)
    ours = list(itertools.takewhile(lambda day: day <= end, rules.days(rule, first, years=3)))
    theirs = rrulestr(rule, dtstart=datetime(first.year, first.month, first.day))
    assert ours == [
        day.date()
        for day in theirs.between(
            datetime(first.year, first.month, first.day), datetime(end.year, end.month, end.day), inc=True
        )
    ]


@given(typed_rules(), DAYS, st.integers(1, 6), st.integers(0, 400))
@settings(deadline=None, max_examples=100)
def test_count_and_until_end(rule, first, count, gap):
    free = list(itertools.islice(rules.days(rule, first, years=9), 40))
    counted = list(itertools.islice(rules.days(f"{rule};COUNT={count}", first, years=9), 40))
    assert counted == free[:count]
    until = first + timedelta(days=gap)
    ended = list(itertools.islice(rules.days(f"{rule};UNTIL={until:%Y%m%d}", first, years=9), 40))
    assert ended == [day for day in free if day <= until]
    if len(counted) == count:
        assert not list(rules.days(f"{rule};COUNT={count}", first, after=counted[-1]))


@given(DAYS, st.integers(1, 24))
def test_a_month_has_its_day_or_its_last(first, months):
    rule = rules.understand(f"FREQ=MONTHLY;INTERVAL={months}")
    for number, day in enumerate(itertools.islice(rules.days(rule, first), 12)):
        month = first.month - 1 + number * months
        assert (day.year, day.month) == (first.year + month // 12, month % 12 + 1)
        assert day.day == first.day or (day + timedelta(days=1)).day == 1


def test_the_31st_is_a_short_month_s_last_day_and_comes_back():
    days = itertools.islice(rules.days("FREQ=MONTHLY", date(2026, 1, 31)), 4)
    assert list(days) == [date(2026, 1, 31), date(2026, 2, 28), date(2026, 3, 31), date(2026, 4, 30)]
    leap = itertools.islice(rules.days("FREQ=YEARLY", date(2028, 2, 29)), 5)
    assert list(leap) == [
        date(2028, 2, 29),
        *(date(year, 2, 28) for year in (2029, 2030, 2031)),
        date(2032, 2, 29),
    ]


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("", ""),
        ("rrule:byday=2tu; freq=monthly ;interval=1;", "FREQ=MONTHLY;BYDAY=2TU"),
        ("FREQ=WEEKLY;UNTIL=20271231;BYDAY=MO,TH", "FREQ=WEEKLY;BYDAY=MO,TH;UNTIL=20271231"),
        ("COUNT=5;FREQ=YEARLY;INTERVAL=2", "FREQ=YEARLY;INTERVAL=2;COUNT=5"),
    ],
)
def test_one_way_to_keep_a_rule(typed, kept):
    assert rules.understand(typed) == kept
    assert rules.understand(kept) == kept


@pytest.mark.parametrize(
    "typed",
    [
        "every week", "FREQ=HOURLY", "FREQ=SECONDLY", "INTERVAL=2", "FREQ=", "FREQ=DAILY;FREQ=DAILY", "FREQ=DAILY;BYHOUR=9",
        "FREQ=DAILY;INTERVAL=0", "FREQ=DAILY;INTERVAL=-1", "FREQ=YEARLY;INTERVAL=11", "FREQ=WEEKLY;BYDAY=2MO",
        "FREQ=MONTHLY;BYDAY=6MO", "FREQ=MONTHLY;BYDAY=0MO", "FREQ=MONTHLY;BYDAY=XX", "FREQ=MONTHLY;BYDAY=", "FREQ=MONTHLY;BYMONTHDAY=32",
        "FREQ=WEEKLY;BYMONTHDAY=3", "FREQ=YEARLY;BYMONTH=13", "FREQ=YEARLY;BYMONTH=-1", "FREQ=MONTHLY;BYSETPOS=1",
        "FREQ=MONTHLY;BYMONTHDAY=1;BYSETPOS=0", "FREQ=DAILY;COUNT=0", "FREQ=DAILY;COUNT=1000", "FREQ=DAILY;COUNT=3;UNTIL=20300101",
        "FREQ=DAILY;UNTIL=20300230", "FREQ=DAILY;UNTIL=20300101T000000Z", "FREQ=DAILY;UNTIL=00000101", "FREQ=DAILY;INTERVAL=²",
        "FREQ=DAILY;INTERVAL=١", "FREQ=YEARLY;BYWEEKNO=20", "FREQ=WEEKLY;WKST=SU", "DTSTART=20260101;FREQ=DAILY", "=", ";;=;",
        "FREQ=YEARLY;BYMONTHDAY=" + ",".join(["1"] * 200), "FREQ=DAILY;INTERVAL=\x00",
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "FREQ=DAILY;BYMONTH=4,6;BYMONTHDAY=-31",
    ],
)  # fmt: skip
def test_anything_else_is_refused_with_a_sentence(typed):
    with pytest.raises(DomainError) as refused:
        rules.understand(typed)
    assert refused.value.field == "rule"
    assert refused.value.message.endswith(".") or refused.value.message.endswith(".,")


@pytest.mark.parametrize(
    ("rule", "on_holiday"),
    [
        ("FREQ=MONTHLY;INTERVAL=12;BYMONTH=3", "next"),  # only what begins in March would have a day
        ("FREQ=DAILY;INTERVAL=7;BYDAY=MO", "next"),  # only what begins on a Monday
        ("FREQ=WEEKLY;BYDAY=SU", "skip"),
        ("FREQ=YEARLY;BYMONTH=10;BYMONTHDAY=1", "skip"),
        ("FREQ=MONTHLY;UNTIL=20261101", "next"),
    ],
)
def test_a_rule_without_days_is_refused(rule, on_holiday):
    rhythm = calendar.Rhythm(3, rules.understand(rule), on_holiday, "Asia/Shanghai")
    with pytest.raises(DomainError):
        calendar.check(rhythm, date(2026, 11, 2))


def test_many_answers_take_no_time():
    begun = time.perf_counter()
    for rule in (
        "FREQ=DAILY",
        "FREQ=WEEKLY;BYDAY=MO,TH",
        "FREQ=MONTHLY",
        "FREQ=MONTHLY;BYDAY=2TU",
        "FREQ=YEARLY",
    ):
        for number in range(100):
            after = date(2026, 1, 1) + timedelta(days=number)
            assert next(rules.days(rule, date(1950, 1, 31), after=after)) > after
    assert time.perf_counter() - begun < 2


TYPICAL = st.sampled_from(
    [
        "FREQ=WEEKLY", "FREQ=WEEKLY;INTERVAL=2;BYDAY=SA,MO", "FREQ=MONTHLY", "FREQ=MONTHLY;INTERVAL=2;COUNT=3", "FREQ=MONTHLY;BYDAY=2TU",
        "FREQ=MONTHLY;BYMONTHDAY=-1;UNTIL=20270331", "FREQ=YEARLY",
    ]
)  # fmt: skip


@pytest.fixture
def place(session, north):
    world.enter(north)
    return north


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(TYPICAL, st.sampled_from(calendar.ON_HOLIDAY), st.dates(date(2026, 11, 1), date(2026, 12, 31)))
def test_what_is_made_is_what_was_shown(place, rule, on_holiday, day):
    staff = place.actor("staff")
    plan = next(plan for plan in plans.ensure(staff, followups.KIND) if plan.code == "water")
    terms = editing.Terms(7, rule, on_holiday, "helper", 1, None, 2, "deputy", True)
    with time_machine.travel(datetime(day.year, day.month, day.day, 2, tzinfo=UTC), tick=False):
        editing.update_plan(staff, plan_id=plan.id, terms=terms)
        shown = [one.due for one in editing.preview(staff, plan_id=plan.id, terms=terms).days if one.due]
        subject = world.some_id()
        followups.make_followups(place, day=day, subject_id=subject)
        for _ in shown:
            for row in rows_of(plan, subject):
                life.finish(staff, follow_up_id=row.id)
    made = [row.due_on for row in rows_of(plan, subject)]
    assert made[: len(shown)] == shown
    assert len(made) == len(shown) + (len(shown) == 10)


def rows_of(plan, subject):
    statement = select(FollowUp).where(FollowUp.plan_id == plan.id, FollowUp.subject_id == subject)
    return db.session.scalars(statement.order_by(FollowUp.occurrence)).all()

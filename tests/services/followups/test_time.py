"""Which days a plan means."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.core import clock
from services.followups import calendar

DAYS = st.dates(date(1950, 1, 1), date(2099, 12, 31))


@pytest.mark.parametrize(
    ("day", "due"),
    [
        (date(2026, 2, 14), date(2026, 2, 14)),  # a Saturday worked for the Spring Festival
        (date(2026, 2, 15), date(2026, 2, 24)),  # the Spring Festival's first day
        (date(2026, 10, 1), date(2026, 10, 8)),
        (date(2026, 11, 7), date(2026, 11, 9)),  # an ordinary Saturday
        (date(2026, 11, 9), date(2026, 11, 9)),
    ],
)
def test_working_days_as_they_are_announced(day, due):
    assert calendar.due_day(day) == due


@given(DAYS)
def test_a_due_day_is_never_early_nor_far_and_stays_where_it_is(day):
    due = calendar.due_day(day)
    assert day <= due <= day + timedelta(days=12)
    assert calendar.due_day(due) == due


@given(DAYS, st.integers(1, 24), st.lists(st.integers(0, 1500), max_size=5))
def test_a_series_has_every_day_once_whatever_is_asked(first, months, gaps):
    series = [first]
    while len(series) < 12:
        series.append(calendar.next_in_series(first, months, series[-1]))
    for number, day in enumerate(series):
        month = first.month - 1 + number * months
        assert (day.year, day.month) == (first.year + month // 12, month % 12 + 1)
        assert day.day == first.day or (day + timedelta(days=1)).day == 1
    for gap in gaps:
        after = first + timedelta(days=gap)
        found = calendar.next_in_series(first, months, after)
        assert found > after
        assert [day for day in series if after < day < found] == []


def test_the_31st_is_a_short_month_s_last_day_and_comes_back():
    first = date(2026, 1, 31)
    assert calendar.next_in_series(first, 1, first) == date(2026, 2, 28)
    assert calendar.next_in_series(first, 1, date(2026, 2, 28)) == date(2026, 3, 31)


@given(DAYS, st.sampled_from(["Asia/Shanghai", "America/New_York", "Pacific/Apia", "UTC"]))
def test_nine_in_the_morning(day, zone):
    moment = calendar.moment(day, zone)
    assert abs(moment.astimezone(UTC) - datetime(day.year, day.month, day.day, 9, tzinfo=UTC)) < timedelta(
        hours=16
    )
    # Apia had no 30 December 2011.
    assert clock.day_of(moment.astimezone(UTC), zone) in (day, day + timedelta(days=1))


def test_the_summers_of_china():
    assert calendar.moment(date(1988, 7, 1), "Asia/Shanghai").astimezone(UTC).hour == 0
    assert calendar.moment(date(1992, 7, 1), "Asia/Shanghai").astimezone(UTC).hour == 1


def test_preview():
    days = calendar.preview(day=date(2026, 11, 22), after_days=7, every_months=1)
    assert days[:3] == [date(2026, 11, 30), date(2026, 12, 29), date(2027, 1, 29)]
    assert len(days) == 10
    assert calendar.preview(day=date(2026, 11, 22), after_days=3, every_months=None) == [date(2026, 11, 25)]

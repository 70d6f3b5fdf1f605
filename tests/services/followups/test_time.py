"""Which days a plan means, in every zone there is."""

import itertools
import os
import time
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.core import clock
from services.followups import calendar
from services.followups.calendar import Day, Rhythm

SHANGHAI = "Asia/Shanghai"
DAYS = st.dates(date(1900, 1, 1), date(2100, 12, 31))
ZONES = st.sampled_from(sorted(available_timezones() - {"localtime"}))
RULES = st.sampled_from(
    [
        "", "FREQ=DAILY", "FREQ=DAILY;INTERVAL=3", "FREQ=WEEKLY", "FREQ=WEEKLY;INTERVAL=2;BYDAY=SA,SU",
        "FREQ=MONTHLY", "FREQ=MONTHLY;INTERVAL=3;COUNT=4", "FREQ=MONTHLY;BYDAY=-1SU", "FREQ=YEARLY",
        "FREQ=YEARLY;BYMONTH=10;BYMONTHDAY=1,2,3,4,5,6,7,8",
    ]
)  # fmt: skip
RHYTHMS = st.builds(Rhythm, st.integers(0, 40), RULES, st.sampled_from(calendar.ON_HOLIDAY), ZONES)


@pytest.fixture(params=["UTC", "Asia/Shanghai", "America/New_York", "Pacific/Apia"], autouse=True)
def process_zone(request):
    """No answer depends on the zone of the machine."""
    before = os.environ.get("TZ")
    os.environ["TZ"] = request.param
    time.tzset()
    yield
    del os.environ["TZ"]
    if before is not None:
        os.environ["TZ"] = before
    time.tzset()


def by(rule="", on_holiday="next", after_days=0, zone=SHANGHAI):
    return Rhythm(after_days, rule, on_holiday, zone)


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
    assert calendar.start(by(), day) == Day(day, due)


@pytest.mark.parametrize(
    ("on_holiday", "due"),
    [
        ("next", date(2026, 11, 9)),
        ("previous", date(2026, 11, 6)),
        ("same", date(2026, 11, 7)),
        ("skip", None),
    ],
)
def test_what_becomes_of_a_saturday(on_holiday, due):
    saturday = date(2026, 11, 7)
    assert calendar.placed(by(on_holiday=on_holiday), saturday, date(2026, 11, 1)) == due


def test_nothing_moves_before_its_event():
    saturday = date(2026, 11, 7)
    assert calendar.start(by(on_holiday="previous"), saturday) == Day(saturday, date(2026, 11, 9))


def test_once_is_never_left_out():
    monday = date(2026, 11, 9)
    assert calendar.start(by(on_holiday="skip"), date(2026, 11, 7)) == Day(monday, monday)
    weekly = calendar.series(by("FREQ=WEEKLY", "skip"), date(2026, 11, 7))
    assert [day.due for day in itertools.islice(weekly, 3)] == [date(2026, 11, day) for day in (9, 16, 23)]
    yearly = calendar.series(by("FREQ=YEARLY", "skip"), date(2026, 10, 1))
    assert next(yearly).due == date(2026, 10, 8)


@pytest.mark.parametrize("on_holiday", calendar.ON_HOLIDAY)
def test_every_day_falls_on_each_working_day_once(on_holiday):
    shown = itertools.islice(calendar.series(by("FREQ=DAILY", on_holiday), date(2026, 9, 20)), 60)
    due = [day.due for day in shown if day.due]
    wanted = [date(2026, 9, 20) + timedelta(days=n) for n in range(60)]
    if on_holiday != "same":
        wanted = [day for day in wanted if calendar.is_working(day)]
    assert due[:20] == wanted[:20]
    assert len(due) == len(set(due))


@given(DAYS, st.sampled_from(["next", "previous", "skip"]), RULES)
def test_working_days_are_not_left(event, on_holiday, rule):
    rhythm = by(rule, on_holiday)
    for day in itertools.islice(calendar.series(rhythm, event), 12):
        if day.due is None:
            continue
        assert calendar.is_working(day.due)
        assert day.due >= event
        if day.due != day.planned:
            earlier, later = sorted((day.planned, day.due))
            between = [earlier + timedelta(days=n) for n in range((later - earlier).days)]
            assert not any(calendar.is_working(one) for one in between if one != day.due)
            assert on_holiday != "skip"


@given(DAYS, RHYTHMS)
def test_no_local_day_has_two_and_none_is_lost(event, rhythm):
    shown = list(itertools.islice(calendar.series(rhythm, event), 15))
    due = [day.due for day in shown if day.due]
    moments = [calendar.moment(day, rhythm.zone) for day in due]
    local = [clock.day_of(one.astimezone(UTC), rhythm.zone) for one in moments]
    assert local == due
    assert len(set(local)) == len(local)
    assert [one.astimezone(UTC) for one in moments] == sorted(one.astimezone(UTC) for one in moments)
    if rhythm.on_holiday == "same":
        # What is left out would have fallen together with another, for the zone has no such day.
        for day in shown:
            if day.due is None:
                assert not exists(day.planned, rhythm.zone)


def exists(day, zone):
    noon = datetime(day.year, day.month, day.day, 12, tzinfo=ZoneInfo(zone))
    return noon.astimezone(UTC).astimezone(ZoneInfo(zone)).date() == day


@given(DAYS, RHYTHMS)
def test_preview_start_and_one_after_another_agree(event, rhythm):
    shown = calendar.preview(rhythm, event)
    due = [day for day in shown if day.due]
    made = [calendar.start(rhythm, event)]
    while len(made) < len(due):
        made.append(calendar.following(rhythm, event, made[-1].planned))
    assert made[: len(due)] == due


def test_apia_had_no_30_december_2011():
    rhythm = by("FREQ=DAILY", "same", zone="Pacific/Apia")
    shown = list(itertools.islice(calendar.series(rhythm, date(2011, 12, 28)), 5))
    assert [day.due and day.due.day for day in shown] == [28, 29, 31, None, 1]
    assert calendar.start(by(zone="Pacific/Apia", on_holiday="same"), date(2011, 12, 30)).due.day == 31


def test_the_summers_of_china():
    assert calendar.moment(date(1988, 7, 1), SHANGHAI).astimezone(UTC).hour == 0
    assert calendar.moment(date(1992, 7, 1), SHANGHAI).astimezone(UTC).hour == 1
    for first in (date(1986, 5, 2), date(1991, 9, 13)):  # around midnights that were not, or were twice
        days = itertools.islice(calendar.series(by("FREQ=DAILY", "same"), first), 5)
        moments = [calendar.moment(day.due, SHANGHAI).astimezone(UTC) for day in days]
        gaps = [(later - sooner) / timedelta(hours=1) for sooner, later in itertools.pairwise(moments)]
        assert set(gaps) <= {23.0, 24.0, 25.0}


def test_preview():
    days = calendar.preview(by("FREQ=MONTHLY", after_days=7), date(2026, 11, 22))
    assert [day.due for day in days[:3]] == [date(2026, 11, 30), date(2026, 12, 29), date(2027, 1, 29)]
    assert len(days) == 10
    assert calendar.preview(by(after_days=3), date(2026, 11, 22)) == [
        Day(date(2026, 11, 25), date(2026, 11, 25))
    ]

"""Which days and moments a plan means: working days as the State Council sets them, nine in the morning, no day twice."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

import holidays
from dateutil.relativedelta import relativedelta

from services.core.errors import N_, DomainError
from services.followups import rules

MORNING = time(9)
ON_HOLIDAY = ("next", "previous", "same", "skip")
CHECKED_YEARS = 10
# Rows of a preview, those left out among them.
SHOWN = 30
# Holidays are announced a year ahead; beyond that the calendar knows weekends and the fixed feasts.
_china = holidays.country_holidays("CN")


@dataclass(frozen=True)
class Rhythm:
    """When a plan wants something: how long after the event, again by which rule, what becomes of a day on a holiday.

    The days are those of the IANA time zone `zone`.
    """

    after_days: int
    rule: str
    on_holiday: str
    zone: str

    def first(self, event: date) -> date:
        """The day from which the rule counts.

        When free days are left out that is a working day: each week from a Saturday would be never.
        """
        day = event + timedelta(days=self.after_days)
        return from_day(self, day) if self.on_holiday == "skip" else day


@dataclass(frozen=True)
class Day:
    """A day of a series as counted, and the day it falls due; None when it is left out."""

    planned: date
    due: date | None


def is_working(day: date) -> bool:
    """True when offices are open; weekends worked to make up for a holiday count as working days."""
    return bool(_china.is_working_day(day))


def placed(rhythm: Rhythm, day: date, not_before: date) -> date | None:
    """The day on which `day` falls due: itself, or on a holiday or free weekend what the plan says; None when it is left out.

    One rule for office and helpers alike: nobody is asked for a visit on New Year's Eve. It never lies before
    `not_before`: what cannot move to an earlier day moves to a later one.
    """
    if rhythm.on_holiday == "skip":
        return day if _fits(rhythm, day) else None
    step = -1 if rhythm.on_holiday == "previous" else 1
    while not _fits(rhythm, day):
        day += timedelta(days=step)
        if day < not_before:
            day, step = not_before, 1
    return day


def series(
    rhythm: Rhythm, event: date, *, after: date | None = None, years: int = rules.YEARS_AHEAD
) -> Iterator[Day]:
    """The days after an event on day `event`, in order, those later than `after`, the left out among them.

    Days that fall due on the same one are one: the later are left out.
    """
    reached = None if after is None else placed(rhythm, after, event) or after
    for day in rules.days(rhythm.rule, rhythm.first(event), after=after, years=years):
        due = placed(rhythm, day, event)
        if due is not None and (reached is None or due > reached):
            reached = due
            yield Day(day, due)
        else:
            yield Day(day, None)


def start(rhythm: Rhythm, event: date) -> Day | None:
    """The first day after an event; None when the rule has ended before.

    What would leave out every day keeps its first, on the next working day: nobody is forgotten by a rule.
    """
    found = next((day for day in series(rhythm, event) if day.due is not None), None)
    first = rhythm.first(event)
    if found is None and not rules.ended_before(rhythm.rule, first):
        found = Day(first, from_day(rhythm, first))
    return found


def from_day(rhythm: Rhythm, day: date) -> date:
    """The first day from `day` on that suits a plan."""
    while not _fits(rhythm, day):
        day += timedelta(days=1)
    return day


def following(rhythm: Rhythm, event: date, after: date, not_before: date = date.min) -> Day | None:
    """The next day of the series later than its day `after`, due on `not_before` or later; None when it has ended."""
    later = series(rhythm, event, after=after)
    return next((day for day in later if day.due is not None and day.due >= not_before), None)


def moment(day: date, zone: str) -> datetime:
    """Nine in the morning of `day` by the clocks of `zone`."""
    return datetime.combine(day, MORNING, ZoneInfo(zone))


def preview(rhythm: Rhythm, event: date, count: int = 10) -> list[Day]:
    """The first `count` days a plan gives for an event on day `event`, and those left out between them."""
    shown: list[Day] = []
    for day in islice(series(rhythm, event), SHOWN):
        shown.append(day)
        count -= day.due is not None
        if not count:
            break
    if not any(day.due for day in shown):
        first = start(rhythm, event)
        return [first] if first else []
    return shown


def check(rhythm: Rhythm, today: date) -> None:
    """Refuse a rule that is over, or gives no day within ten years for what happens today or soon.

    Raises DomainError, field "rule".
    """
    if rules.ended_before(rhythm.rule, rhythm.first(today)):
        raise DomainError("rule_over", N_("This rule ends before its first day."), field="rule")
    if rules.anchored(rhythm.rule):
        return
    rhythm = replace(rhythm, rule=rules.endless(rhythm.rule))
    # A pause longer than one suits some first days only: every weekday, month and year is tried.
    events = [today + timedelta(days=days) for days in range(7)]
    events += [today + relativedelta(months=months) for months in (*range(1, 12), 12, 24, 36, 48)]
    for event in events:
        if not any(day.due for day in series(rhythm, event, years=CHECKED_YEARS)):
            raise rules.no_day()


def _fits(rhythm: Rhythm, day: date) -> bool:
    return (rhythm.on_holiday == "same" or is_working(day)) and _exists(day, rhythm.zone)


def _exists(day: date, zone: str) -> bool:
    # A zone that changes sides of the date line leaves out a day: Apia had no 30 December 2011.
    return moment(day, zone).astimezone(UTC).astimezone(ZoneInfo(zone)).date() == day

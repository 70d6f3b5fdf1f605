"""Which days and moments a plan means: working days as the State Council sets them, nine in the morning, months that end early."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import holidays
from dateutil.relativedelta import relativedelta

MORNING = time(9)
# Holidays are announced a year ahead; beyond that the calendar knows weekends and the fixed feasts.
_china = holidays.country_holidays("CN")


def due_day(day: date) -> date:
    """`day`, or the next working day when it is a holiday or a free weekend; weekends worked to make up for a holiday count as working days.

    One rule for office and helpers alike: nobody is asked for a visit on New Year's Eve.
    """
    while not _china.is_working_day(day):
        day += timedelta(days=1)
    return day


def next_in_series(first: date, months: int, after: date) -> date:
    """The first day later than `after` of the series `first`, `first` + `months`, …; the 31st is a shorter month's last day."""
    steps = max(0, ((after.year - first.year) * 12 + after.month - first.month) // months)
    while (day := first + relativedelta(months=steps * months)) <= after:
        steps += 1
    return day


def moment(day: date, zone: str) -> datetime:
    """Nine in the morning of `day` by the clocks of `zone`."""
    return datetime.combine(day, MORNING, ZoneInfo(zone))


def preview(*, day: date, after_days: int, every_months: int | None, count: int = 10) -> list[date]:
    """The due days a plan gives for an event on `day`: one, or the first `count` of a recurring plan."""
    first = day + timedelta(days=after_days)
    if not every_months:
        return [due_day(first)]
    return [due_day(first + relativedelta(months=step * every_months)) for step in range(count)]

"""The periods in which a pledge renews, and how much a pledge promises in one of them."""

from datetime import date, timedelta

from services.core.week import HALF_HOURS_A_DAY
from services.pledges.models import Pledge

LATEST = date(2200, 1, 1)
PERIODS = ("", "day", "week", "month", "quarter", "year")


def begin(pledge: Pledge, day: date) -> date:
    """The first day of the pledge's period that `day` falls in; a pledge in all has one, from its start."""
    match pledge.period:
        case "":
            return pledge.starts_on
        case "day":
            return day
        case "week":
            return day - timedelta(days=day.weekday())
        case "month":
            return day.replace(day=1)
        case "quarter":
            return day.replace(month=day.month - (day.month - 1) % 3, day=1)
        case _:
            return day.replace(month=1, day=1)


def last(pledge: Pledge, start: date) -> date | None:
    """The last day of the period that begins on `start`; None when a pledge in all has no end."""
    days = {"day": 1, "week": 7, "month": 31, "quarter": 92, "year": 366}
    if pledge.period == "":
        return pledge.ends_on
    # The period after this one begins on the first day that belongs to another period.
    after = begin(pledge, start + timedelta(days=days[pledge.period]))
    return after - timedelta(days=1)


def current(pledge: Pledge, today: date) -> date:
    """A day of the period to look at today: today, or the nearest day of the pledge's own dates."""
    day = max(today, pledge.starts_on)
    return min(day, pledge.ends_on) if pledge.ends_on else day


def next_day(pledge: Pledge, today: date) -> date:
    """The first day from today on when something can be handed over: for a room, one with hours."""
    day = current(pledge, today)
    for offset in range(7):
        later = day + timedelta(days=offset)
        if pledge.week is None or (day_hours(pledge.week, later.weekday()) and covers(pledge, later)):
            return later
    return day


def promised(pledge: Pledge, start: date) -> int:
    """How much is promised in the period that begins on `start`.

    A venue promises the minutes of its weekly hours on those days of the week that lie within its dates.
    """
    if pledge.week is None:
        return pledge.promised
    minutes = 0
    for offset in range(7):
        day = start + timedelta(days=offset)
        if covers(pledge, day):
            minutes += 30 * (day_hours(pledge.week, offset)).bit_count()
    return minutes


def covers(pledge: Pledge, day: date) -> bool:
    """True when `day` lies within the pledge's dates."""
    return pledge.starts_on <= day <= (pledge.ends_on or LATEST)


def day_hours(week: int, weekday: int) -> int:
    """The half-hours of one day (0 is Monday) as a mask of 48 bits."""
    return week >> (weekday * HALF_HOURS_A_DAY) & ((1 << HALF_HOURS_A_DAY) - 1)

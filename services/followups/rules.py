"""On which days something comes again: a rule as iCalendar writes it (RRULE), counted in days, never in instants.

A rule says nothing of its first day; that is the subject's. Without parts beginning with BY it takes weekday and date
from there, and a first day on the 29th to 31st is a shorter month's last day.
"""

import functools
import re
from calendar import monthrange
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import islice
from typing import Any

from dateutil.relativedelta import relativedelta
from dateutil.rrule import DAILY, MO, MONTHLY, WEEKLY, YEARLY, rrule, weekdays

from services.core.errors import N_, DomainError

LENGTH = 200
FREQUENCIES = {"DAILY": DAILY, "WEEKLY": WEEKLY, "MONTHLY": MONTHLY, "YEARLY": YEARLY}
# No pause is longer than ten years.
LONGEST = {"DAILY": 3650, "WEEKLY": 520, "MONTHLY": 120, "YEARLY": 10}
MOST_TIMES = 999
ORDER = ("FREQ", "INTERVAL", "BYMONTH", "BYMONTHDAY", "BYDAY", "BYSETPOS", "COUNT", "UNTIL")
# How far a series is followed, when its days are rare: a 29 February every tenth year.
YEARS_AHEAD = 40
LEAP_YEAR = 2028

_BY = {"BYMONTH": (1, 12), "BYMONTHDAY": (-31, 31), "BYSETPOS": (-366, 366)}
_DAY = re.compile(r"([+-]?[0-9]{1,2})?(MO|TU|WE|TH|FR|SA|SU)")


@dataclass(frozen=True)
class Parsed:
    """A rule's parts: how often, which days, and when it ends."""

    frequency: str
    interval: int
    by: tuple[tuple[str, tuple[str, ...]], ...]
    count: int | None
    until: date | None

    def values(self, name: str) -> tuple[str, ...]:
        """The values of a part such as BYDAY; () without it."""
        return dict(self.by).get(name, ())


def understand(text: str) -> str:
    """A typed rule in the one way it is kept; "" (once) stays. Raises DomainError, field "rule"."""
    text = re.sub(r"\s", "", text).upper().removeprefix("RRULE:").rstrip(";")
    if text:
        parse(text)
    parts = [part for part in text.split(";") if part and part != "INTERVAL=1"]
    return ";".join(sorted(parts, key=lambda part: ORDER.index(part.partition("=")[0])))


@functools.lru_cache(maxsize=1000)
def parse(rule: str) -> Parsed:
    """A rule's parts. Raises DomainError, field "rule"."""
    parts: dict[str, str] = {}
    for part in rule.split(";"):
        name, _, value = part.partition("=")
        if name not in ORDER or name in parts or not value:
            raise _not_understood(part)
        parts[name] = value
    if len(rule) > LENGTH:
        raise DomainError("rule_long", N_("Please shorten this: it is too long."), field="rule")
    frequency = parts.get("FREQ", "")
    if frequency not in FREQUENCIES:
        raise DomainError(
            "rule_frequency",
            N_("Please say how often: FREQ=DAILY, FREQ=WEEKLY, FREQ=MONTHLY or FREQ=YEARLY."),
            field="rule",
        )
    by = tuple(
        (name, tuple(parts[name].split(","))) for name in ORDER if name.startswith("BY") and name in parts
    )
    for name, values in by:
        _check_by(frequency, name, values)
    _check_together(parts)
    parsed = Parsed(
        frequency,
        _whole("INTERVAL", parts.get("INTERVAL", "1"), 1, LONGEST[frequency]),
        by,
        _whole("COUNT", parts["COUNT"], 1, MOST_TIMES) if "COUNT" in parts else None,
        _until(parts["UNTIL"]) if "UNTIL" in parts else None,
    )
    _check_dates(parsed)
    return parsed


def days(rule: str, first: date, *, after: date | None = None, years: int = YEARS_AHEAD) -> Iterator[date]:
    """The days of a rule from `first` on, in order, those later than `after`; of "" the first day alone."""
    if not rule:
        yield from [first] if after is None or first > after else []
        return
    parsed = parse(rule)
    after = after if after is not None and after >= first else first - timedelta(days=1)
    # What is counted is counted from the start; anything else begins where it is asked for.
    start = first if parsed.count else _near(parsed, first, after)
    end = min(parsed.until or date.max, date(min(after.year + years, date.max.year), 12, 31))
    found: Iterable[datetime] = rrule(
        FREQUENCIES[parsed.frequency],
        dtstart=datetime.combine(start, time()),
        interval=parsed.interval,
        until=datetime.combine(end, time()),
        wkst=MO,
        **_which(parsed, first),
    )
    for moment in islice(found, parsed.count):
        if moment.date() > after:
            yield moment.date()


def ended_before(rule: str, day: date) -> bool:
    """True when the rule's own end lies before `day`."""
    until = parse(rule).until if rule else None
    return until is not None and until < day


def endless(rule: str) -> str:
    """The rule without its end."""
    return ";".join(part for part in rule.split(";") if not part.startswith(("COUNT=", "UNTIL=")))


def anchored(rule: str) -> bool:
    """True when the first day alone decides which days follow: nothing but how often, and when it ends."""
    return not rule or not parse(rule).by


def _near(parsed: Parsed, first: date, after: date) -> date:
    """A day to count from instead of `first`, in step with it: not later than any of its days after `after`."""
    if parsed.frequency in ("DAILY", "WEEKLY"):
        step = parsed.interval * (7 if parsed.frequency == "WEEKLY" else 1)
        return first + timedelta(days=max(0, (after - first).days // step - 1) * step)
    months = (after.year - first.year) * 12 + after.month - first.month
    step = parsed.interval * (12 if parsed.frequency == "YEARLY" else 1)
    steps = max(0, months // step - 1)
    if not steps:
        return first
    # Which days of the month or year is said in full, so the first of it is a start like any other.
    day = first.replace(day=1) + relativedelta(months=steps * step)
    return day.replace(month=1) if parsed.frequency == "YEARLY" else day


def _which(parsed: Parsed, first: date) -> dict[str, Any]:
    """The days that are meant, in dateutil's words; what a rule leaves open comes from its first day."""
    numbers = {
        name.lower(): [int(value) for value in parsed.values(name)] for name in _BY if parsed.values(name)
    }
    which: dict[str, Any] = numbers
    if parsed.values("BYDAY"):
        which["byweekday"] = [_weekday(value) for value in parsed.values("BYDAY")]
    elif parsed.frequency in ("MONTHLY", "YEARLY") and "bymonthday" not in numbers:
        if parsed.frequency == "YEARLY":
            numbers.setdefault("bymonth", [first.month])
        last = first.day > 28 and (parsed.frequency == "MONTHLY" or len(numbers["bymonth"]) == 1)
        which |= (
            {"bymonthday": list(range(28, first.day + 1)), "bysetpos": -1}
            if last
            else {"bymonthday": first.day}
        )
    return which


def _weekday(value: str) -> Any:
    found = _DAY.fullmatch(value)
    assert found is not None
    day = weekdays[("MO", "TU", "WE", "TH", "FR", "SA", "SU").index(found[2])]
    return day(int(found[1])) if found[1] else day


def _check_by(frequency: str, name: str, values: tuple[str, ...]) -> None:
    if name == "BYMONTHDAY" and frequency == "WEEKLY":
        raise _not_understood(f"{name}={','.join(values)}")
    for value in values:
        if name != "BYDAY":
            _whole(name, value, *_BY[name])
            continue
        found = _DAY.fullmatch(value)
        if found is None:
            raise _not_understood(f"BYDAY={value}")
        if found[1]:
            most = {"MONTHLY": 5, "YEARLY": 53}.get(frequency, 0)
            _whole("BYDAY", found[1], -most, most)


def _check_together(parts: dict[str, str]) -> None:
    if "COUNT" in parts and "UNTIL" in parts:
        raise DomainError(
            "rule_ends", N_("Please end the rule by COUNT or by UNTIL, not by both."), field="rule"
        )
    if "BYSETPOS" in parts and not {"BYDAY", "BYMONTHDAY"} & parts.keys():
        raise DomainError(
            "rule_position",
            N_("BYSETPOS chooses among the days of BYDAY or BYMONTHDAY: please add one."),
            field="rule",
        )


def _check_dates(parsed: Parsed) -> None:
    # dateutil looks for a 30 February until the year 9999.
    months, numbers = parsed.values("BYMONTH"), parsed.values("BYMONTHDAY")
    longest = max((monthrange(LEAP_YEAR, int(month))[1] for month in months), default=31)
    if numbers and min(abs(int(number)) for number in numbers) > longest:
        raise no_day()


def no_day() -> DomainError:
    """The refusal of a rule that gives no day."""
    return DomainError(
        "rule_no_day",
        N_("This rule gives no day within ten years, or not from every first day."),
        field="rule",
    )


def _whole(name: str, value: str, least: int, most: int) -> int:
    if not re.fullmatch(r"[+-]?[0-9]{1,4}", value) or not least <= int(value) <= most or int(value) == 0:
        raise _not_understood(f"{name}={value}")
    return int(value)


def _until(value: str) -> date:
    try:
        if re.fullmatch(r"[0-9]{8}", value):
            return date(int(value[:4]), int(value[4:6]), int(value[6:]))
    except ValueError:
        pass
    raise DomainError("rule_until", N_("Please write the last day as in UNTIL=20271231."), field="rule")


def _not_understood(part: str) -> DomainError:
    return DomainError(
        "rule_part",
        N_(
            "“%(part)s” is not understood here. A rule is made of FREQ, INTERVAL, BYMONTH, BYMONTHDAY, BYDAY, BYSETPOS and COUNT or UNTIL."
        ),
        field="rule",
        part=part[:40],
    )

"""A week of half-hours as one integer: bit 0 is Monday 00:00-00:30, bit 335 is Sunday 23:30-24:00.

What words without a clock mean, everywhere in the product: morning 8-12, noon 12-14, afternoon 14-18,
evening 18-21, all day (and a day named without a time) 8-20, any time = every day 8-20.
"""

import re
import unicodedata
from dataclasses import dataclass

HALF_HOURS_A_DAY = 48
HALF_HOURS_A_WEEK = 7 * HALF_HOURS_A_DAY
FULL_WEEK = (1 << HALF_HOURS_A_WEEK) - 1
ALL_DAY = (16, 40)

_DAY_NUMBER = {c: n for n, c in enumerate("一二三四五六日")} | {"天": 6} | {str(n + 1): n for n in range(7)}
_ENGLISH = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_DAY_SETS = {
    "周末": (5, 6), "双休日": (5, 6), "weekends": (5, 6), "weekend": (5, 6),
    "工作日": (0, 1, 2, 3, 4), "平日": (0, 1, 2, 3, 4), "weekdays": (0, 1, 2, 3, 4),
    "每天": tuple(range(7)), "每日": tuple(range(7)), "天天": tuple(range(7)), "daily": tuple(range(7)),
    "every day": tuple(range(7)),
}  # fmt: skip
_ANY_TIME = ("随时", "任何时间", "都可以", "any time", "anytime")
_PERIODS = {
    "全天": ALL_DAY, "整天": ALL_DAY, "白天": ALL_DAY, "all day": ALL_DAY,
    "早上": (16, 24), "上午": (16, 24), "morning": (16, 24), "中午": (24, 28), "noon": (24, 28),
    "下午": (28, 36), "afternoon": (28, 36), "傍晚": (36, 42), "晚上": (36, 42), "晚间": (36, 42), "evening": (36, 42),
}  # fmt: skip


def _either(words: object) -> str:
    return "|".join(sorted(map(re.escape, words), key=len, reverse=True))  # type: ignore[call-overload]


_TO = r"\s*(?:-|‐|–|—|―|−|~|〜|至|到)+\s*"
_WORD_DAY = r"(?:周|星期|礼拜)"
_ENGLISH_DAY = r"(?:day|sday|nesday|rsday|urday|s|rs)?(?![a-z])"


def _clock_pattern(n: int) -> str:
    return rf"(?P<h{n}>[01]?\d|2[0-4])(?:[:点时](?:(?P<m{n}>[0-5]\d)分?|(?P<half{n}>半))?)?"


_PERIOD = f"(?:{_either(_PERIODS)})s?"
_TOKEN = re.compile(
    rf"(?P<any>{_either(_ANY_TIME)})"
    rf"|(?P<set>{_either(_DAY_SETS)})"
    rf"|每?{_WORD_DAY}(?P<from>[一二三四五六日天1-7]){_TO}{_WORD_DAY}?(?P<to>[一二三四五六日天1-7])(?![\d:])"
    rf"|每?{_WORD_DAY}(?P<days>[一二三四五六日天]+|[1-7](?![\d:点时]))"
    rf"|(?P<efrom>{'|'.join(_ENGLISH)}){_ENGLISH_DAY}{_TO}(?P<eto>{'|'.join(_ENGLISH)}){_ENGLISH_DAY}"
    rf"|(?P<eday>{'|'.join(_ENGLISH)}){_ENGLISH_DAY}"
    rf"|(?P<clock>(?P<p1>{_PERIOD})?\s*{_clock_pattern(1)}{_TO}(?P<p2>{_PERIOD})?\s*{_clock_pattern(2)})(?![\d:])"
    rf"|(?P<period>{_PERIOD})"
    r"|(?P<filler>有空|有时间|均可|都行|可以|可|and|和|及|与|[\s、,&/]+)"
)


@dataclass(frozen=True)
class Week:
    """What was read: the half-hours, the clauses that were not understood, and whether minutes were cut to half-hours."""

    mask: int
    unread: tuple[str, ...] = ()
    rounded: bool = False


def half_hours(day: int, start: int, end: int) -> int:
    """The mask of one stretch: `day` 0 = Monday; `start` and `end` in half-hours since midnight."""
    if not (0 <= day < 7 and 0 <= start <= end <= HALF_HOURS_A_DAY):
        raise ValueError("not a stretch of one day")
    return ((1 << (end - start)) - 1) << (day * HALF_HOURS_A_DAY + start)


def read_week(text: str) -> Week:
    """Read times of a week as people write them. A clause (between semicolons) is understood whole or not at all."""
    mask, unread, rounded = 0, [], False
    for clause in re.split(r"[;。\n]", unicodedata.normalize("NFKC", text)):
        found = _read_clause(clause.strip().lower())
        if found is None:
            unread.append(clause.strip())
        else:
            mask |= found[0]
            rounded |= found[1]
    return Week(mask, tuple(unread), rounded)


def week_from_text(text: str) -> int:
    """The mask of `text`; ValueError when any of it is not understood."""
    week = read_week(text)
    if week.unread or week.rounded:
        raise ValueError("times not understood")
    return week.mask


def _read_clause(clause: str) -> tuple[int, bool] | None:
    mask, rounded, position = 0, False, 0
    days: list[int] = []
    timed = True  # whether the days collected so far already have a time
    while position < len(clause):
        token = _TOKEN.match(clause, position)
        if token is None:
            return None
        position = token.end()
        named = _days(token)
        if named is not None:
            days = named if timed else days + named
            timed = False
        stretch = _stretch(token)
        if stretch is not None:
            start, end, cut = stretch
            if start >= end:
                return None
            rounded |= cut
            timed = True
            for day in days or range(7):
                mask |= half_hours(day, start, end)
    if not timed:
        for day in days:
            mask |= half_hours(day, *ALL_DAY)
    return (mask, rounded) if mask or not clause else None


def _days(token: re.Match[str]) -> list[int] | None:
    if token["any"]:
        return list(range(7))
    if token["set"]:
        return list(_DAY_SETS[token["set"]])
    if token["days"]:
        return [_DAY_NUMBER[c] for c in token["days"]]
    if token["eday"]:
        return [_ENGLISH.index(token["eday"])]
    if token["from"]:
        return _day_range(_DAY_NUMBER[token["from"]], _DAY_NUMBER[token["to"]])
    if token["efrom"]:
        return _day_range(_ENGLISH.index(token["efrom"]), _ENGLISH.index(token["eto"]))
    return None


def _day_range(first: int, last: int) -> list[int]:
    return [day % 7 for day in range(first, last + 1 if last >= first else last + 8)]


def _stretch(token: re.Match[str]) -> tuple[int, int, bool] | None:
    if token["any"]:
        return (*ALL_DAY, False)
    if token["period"]:
        period = token["period"]
        return (*(_PERIODS.get(period) or _PERIODS[period.removesuffix("s")]), False)
    if not token["clock"]:
        return None
    if int(token["h1"]) < 7 and not token["p1"] and ":" not in token["clock"]:
        return 0, 0, False  # "3-5点" may be night or afternoon
    start = _minutes(token["h1"], token["m1"], token["half1"], token["p1"])
    end = _minutes(token["h2"], token["m2"], token["half2"], token["p2"] or token["p1"])
    if end > 24 * 60:
        return 0, 0, False
    # Inwards, so that nobody is asked for a minute they did not offer.
    return -(-start // 30), end // 30, bool(start % 30 or end % 30)


def _minutes(hour: str, minute: str | None, half: str | None, period: str | None) -> int:
    hours = int(hour)
    if period and _PERIODS.get(period, ALL_DAY)[0] >= 28 and hours < 12:
        hours += 12
    return hours * 60 + (30 if half else int(minute or 0))


def stretches(mask: int) -> list[list[tuple[int, int]]]:
    """For each day of the week its stretches as (start, end) in half-hours since midnight."""
    week = []
    for day in range(7):
        bits = (mask >> (day * HALF_HOURS_A_DAY)) & ((1 << HALF_HOURS_A_DAY) - 1)
        edges = bits ^ (bits << 1)
        marks = [n for n in range(HALF_HOURS_A_DAY + 1) if edges >> n & 1]
        week.append(list(zip(marks[::2], marks[1::2], strict=True)))
    return week


def text_from_week(mask: int, language: str = "zh") -> str:
    """The week in words ("zh" or "en"), days with the same hours together; `week_from_text` reads it back. Empty for 0."""
    if not 0 <= mask <= FULL_WEEK:
        raise ValueError("not a week")
    chinese = language.lower().startswith("zh")
    names = [f"周{c}" for c in "一二三四五六日"] if chinese else [d.title() for d in _ENGLISH]
    and_, to, end = ("、", "至", ";") if chinese else (", ", "–", "; ")
    days = stretches(mask)
    groups: list[list[int]] = []
    for day in range(7):
        if days[day]:
            if groups and groups[-1][-1] == day - 1 and days[day - 1] == days[day]:
                groups[-1].append(day)
            else:
                groups.append([day])
    parts = []
    for group in groups:
        label = names[group[0]] if len(group) == 1 else f"{names[group[0]]}{to}{names[group[-1]]}"
        if len(group) == 7:
            label = "每天" if chinese else "Every day"
        hours = and_.join(f"{_clock(start)}–{_clock(stop)}" for start, stop in days[group[0]])
        parts.append(f"{label} {hours}")
    return end.join(parts)


def _clock(half_hour: int) -> str:
    return f"{half_hour // 2}:{half_hour % 2 * 30:02d}"

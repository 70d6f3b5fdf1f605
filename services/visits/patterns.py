"""Patterns in a month's visits that somebody of the office should look at once; each a plain function over the month's rows.

A pattern says what is there and nothing about why: most have a good reason. Nothing is changed or held back by one.
"""

import uuid
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import pairwise
from math import hypot
from typing import Any

from services.pairings.models import Pairing
from services.visits.models import Visit

# From these numbers on a pattern is one.
CALLS_OF_ALL = 20
CALLS_OF_HELPER = 4
ROUND = 5
SAME = 8
LAST_DAYS = 2
# Metres in a minute by bicycle, as the crow flies.
PACE = 200


@dataclass(frozen=True)
class Row:
    """A visit of the month, by whom and where: `noted_on` by the community's calendar, `place` in metres when it is known."""

    visit: Visit
    pairing: Pairing
    noted_on: date
    place: tuple[float, float] | None

    @property
    def ended_at(self) -> datetime:
        """When it was over."""
        return self.visit.started_at + timedelta(minutes=self.visit.minutes)


@dataclass(frozen=True)
class Pattern:
    """One finding: what (`code`), about which helper or account, its facts and visits.

    `own` says that it is about these very visits, not about the month as a whole.
    """

    code: str
    about: uuid.UUID
    visits: tuple[Visit, ...]
    facts: Mapping[str, Any] = field(default_factory=dict)
    own: bool = False


def overlapping(rows: Sequence[Row]) -> list[Pattern]:
    """Visits of a helper at the same time: each that began before an earlier one was over, with the longest of those."""
    found = []
    for own in _by_helper(rows).values():
        lasting: Row | None = None
        for row in _in_order(own):
            if lasting is not None and row.visit.started_at < lasting.ended_at:
                found.append(_two("overlap", lasting, row))
            lasting = row if lasting is None else max(lasting, row, key=lambda one: one.ended_at)
    return found


def too_near(rows: Sequence[Row]) -> list[Pattern]:
    """Two visits of a helper in two buildings with less time between them than the way takes by bicycle."""
    found = []
    visited = _by_helper(row for row in rows if row.visit.kind == "visit").values()
    for before, after in (two for own in visited for two in pairwise(_in_order(own))):
        minutes = (after.visit.started_at - before.ended_at).total_seconds() / 60
        if before.place is None or after.place is None or minutes < 0:
            continue
        metres = hypot(before.place[0] - after.place[0], before.place[1] - after.place[1])
        if metres / PACE > minutes:
            found.append(_two("way", before, after, metres=round(metres), minutes=int(minutes)))
    return found


def calls_of_one_helper(rows: Sequence[Row]) -> list[Pattern]:
    """More than half of a helper's confirmed visits confirmed for the household by the same person's calls."""
    found = []
    for helper, own in _by_helper(row for row in rows if row.visit.state == "confirmed").items():
        for clerk, number in Counter(_caller(row) for row in own if _caller(row)).items():
            if number >= CALLS_OF_HELPER and number * 2 > len(own) and clerk is not None:
                visits = tuple(row.visit for row in own if _caller(row) == clerk)
                found.append(
                    Pattern(
                        "calls_of_helper", helper, visits, {"by": clerk, "number": number, "all": len(own)}
                    )
                )
    return found


def calls_of_one_caller(rows: Sequence[Row]) -> list[Pattern]:
    """Many visits confirmed for households by the same person's calls."""
    called: dict[uuid.UUID, list[Visit]] = defaultdict(list)
    for row in rows:
        caller = _caller(row)
        if caller is not None:
            called[caller].append(row.visit)
    return [
        Pattern("calls", caller, tuple(visits), {"by": caller, "number": len(visits)})
        for caller, visits in called.items()
        if len(visits) > CALLS_OF_ALL
    ]


def round_at_the_end(rows: Sequence[Row]) -> list[Pattern]:
    """Many visits of whole hours of a helper noted on the last two days of the month."""
    found = []
    for helper, own in _by_helper(rows).items():
        late = tuple(row.visit for row in own if row.visit.minutes % 60 == 0 and _is_last(row.noted_on))
        if len(late) >= ROUND:
            found.append(Pattern("month_end", helper, late, {"number": len(late)}))
    return found


def always_the_same(rows: Sequence[Row]) -> list[Pattern]:
    """All of a helper's many visits of the same length to the minute."""
    found = []
    for helper, own in _by_helper(rows).items():
        lengths = {row.visit.minutes for row in own}
        if len(own) >= SAME and len(lengths) == 1:
            facts = {"number": len(own), "minutes": lengths.pop()}
            found.append(Pattern("same_length", helper, tuple(row.visit for row in own), facts))
    return found


PATTERNS: tuple[Callable[[Sequence[Row]], list[Pattern]], ...] = (
    overlapping,
    too_near,
    calls_of_one_helper,
    calls_of_one_caller,
    round_at_the_end,
    always_the_same,
)


def _two(code: str, before: Row, after: Row, **facts: object) -> Pattern:
    return Pattern(code, before.pairing.volunteer_id, (before.visit, after.visit), facts, own=True)


def _by_helper(rows: Iterable[Row]) -> dict[uuid.UUID, list[Row]]:
    found: dict[uuid.UUID, list[Row]] = defaultdict(list)
    for row in rows:
        found[row.pairing.volunteer_id].append(row)
    return found


def _in_order(rows: Iterable[Row]) -> list[Row]:
    return sorted(rows, key=lambda row: (row.visit.started_at, row.visit.id))


def _caller(row: Row) -> uuid.UUID | None:
    return row.visit.household_by if row.visit.household_how == "call" else None


def _is_last(day: date) -> bool:
    return (day + timedelta(days=LAST_DAYS)).month != day.month

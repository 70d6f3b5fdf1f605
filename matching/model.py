"""What goes in: helpers, households and their needs, each checked when it is made."""

import itertools
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from matching import codes

HALF_HOURS_A_WEEK = 336
WHOLE_WEEK = (1 << HALF_HOURS_A_WEEK) - 1
MAX_HELPER_PLACES = 1_000
MAX_HOUSEHOLD_PLACES = 3
MAX_URGENCY = 5
MAX_LEVEL = 3
MAX_METRES = 10_000_000

Position = tuple[float, float]


class MatchingError(ValueError):
    """An input the engine cannot work with: which field of whom, and a code from ``codes.ERROR_CODES``."""

    def __init__(self, code: str, field: str, subject: str) -> None:
        super().__init__(f"{field} of {subject or 'the input'}: {code}")
        self.code = code
        self.field = field
        self.subject = subject


def require_whole(value: object, low: int, high: int, field: str, subject: str) -> None:
    """Refuse what is not a whole number in low..high (NaN and True are not)."""
    if isinstance(value, float) and math.isnan(value):
        raise MatchingError(codes.NOT_A_NUMBER, field, subject)
    if not isinstance(value, int) or isinstance(value, bool):
        raise MatchingError(codes.NOT_WHOLE, field, subject)
    if not low <= value <= high:
        raise MatchingError(codes.OUT_OF_RANGE, field, subject)


def require_position(position: Position | None, subject: str) -> None:
    """Refuse a position that is not two finite numbers of metres."""
    if position is None:
        return
    if len(position) != 2:
        raise MatchingError(codes.WRONG_SHAPE, "position", subject)
    for metres in position:
        if not isinstance(metres, int | float) or not math.isfinite(metres):
            raise MatchingError(codes.NOT_A_NUMBER, "position", subject)
        if abs(metres) > MAX_METRES:
            raise MatchingError(codes.OUT_OF_RANGE, "position", subject)


def require_id(value: object, field: str, subject: str = "") -> None:
    """Refuse an empty id or one that is not text."""
    if not isinstance(value, str) or not value:
        raise MatchingError(codes.BLANK, field, subject)


@dataclass(frozen=True, slots=True, eq=False)
class Helper:
    """One who helps.

    week: times offered, bit 0 = Monday 00:00–00:30 … bit 335 = Sunday 23:30–24:00.
    hours: half-hours a week still free (None: not stated, no limit). reach_m: farthest way in metres (None: no limit).
    places: households this helper can take in this run, those of ``keep`` included. load: households already cared for.
    checks: kinds of check in date. exclusions: household ids never to be paired. limits: circumstances not accepted.
    """

    id: str
    skills: Mapping[str, int]
    languages: frozenset[str] = frozenset()
    week: int = WHOLE_WEEK
    position: Position | None = None
    reach_m: int | None = None
    places: int = 1
    gender: str | None = None
    checks: frozenset[str] = frozenset()
    exclusions: frozenset[str] = frozenset()
    limits: frozenset[str] = frozenset()
    hours: int | None = None
    load: int = 0

    def __post_init__(self) -> None:
        require_id(self.id, "helper.id")
        for skill, level in self.skills.items():
            require_id(skill, "helper.skills", self.id)
            require_whole(level, 1, MAX_LEVEL, "helper.skills", self.id)
        require_whole(self.week, 0, WHOLE_WEEK, "helper.week", self.id)
        require_position(self.position, self.id)
        if self.reach_m is not None:
            require_whole(self.reach_m, 0, MAX_METRES, "helper.reach_m", self.id)
        require_whole(self.places, 0, MAX_HELPER_PLACES, "helper.places", self.id)
        if self.hours is not None:
            require_whole(self.hours, 0, HALF_HOURS_A_WEEK, "helper.hours", self.id)
        require_whole(self.load, 0, MAX_HELPER_PLACES, "helper.load", self.id)


@dataclass(frozen=True, slots=True, eq=False)
class Need:
    """One thing a household lacks.

    half_hours: what one helper is to give in a week. week: when it may be (None: any time). level 1–3, urgency 1–5.
    """

    skill: str
    level: int = 1
    half_hours: int = 1
    week: int | None = None
    urgency: int = 3

    def __post_init__(self) -> None:
        require_id(self.skill, "need.skill")
        require_whole(self.level, 1, MAX_LEVEL, "need.level", self.skill)
        require_whole(self.half_hours, 1, HALF_HOURS_A_WEEK, "need.half_hours", self.skill)
        require_whole(self.urgency, 1, MAX_URGENCY, "need.urgency", self.skill)
        if self.week is not None:
            require_whole(self.week, 0, WHOLE_WEEK, "need.week", self.skill)
            if self.week == 0:
                raise MatchingError(codes.EMPTY_WEEK, "need.week", self.skill)


@dataclass(frozen=True, slots=True, eq=False)
class Household:
    """One that is helped.

    languages: understood at home, best first (empty: no wish). same_gender: the gender a helper must have, or None.
    check_required: kinds of check a helper must have in date. places: how many helpers are wanted (0–3).
    wished_helper, good_history: helper ids that raise the score. declined: helper ids said no to, or who said no.
    urgency: 1–5, or None for the most urgent need's. helped: how many helpers it has for good, besides those it wants
    now; met: skills with which they meet its needs.
    """

    id: str
    needs: tuple[Need, ...]
    languages: tuple[str, ...] = ()
    position: Position | None = None
    same_gender: str | None = None
    check_required: frozenset[str] = frozenset()
    places: int = 1
    circumstances: frozenset[str] = frozenset()
    wished_helper: str | None = None
    good_history: frozenset[str] = frozenset()
    declined: frozenset[str] = frozenset()
    urgency: int | None = None
    helped: int = 0
    met: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        require_id(self.id, "household.id")
        if not self.needs:
            raise MatchingError(codes.NO_NEEDS, "household.needs", self.id)
        require_position(self.position, self.id)
        require_whole(self.places, 0, MAX_HOUSEHOLD_PLACES, "household.places", self.id)
        require_whole(self.helped, 0, MAX_HOUSEHOLD_PLACES - self.places, "household.helped", self.id)
        if self.urgency is not None:
            require_whole(self.urgency, 1, MAX_URGENCY, "household.urgency", self.id)

    @property
    def rank(self) -> int:
        """How urgent the household is, 1–5."""
        return self.urgency if self.urgency is not None else max(need.urgency for need in self.needs)


Row = TypeVar("Row", Helper, Household)


def sort_by_id(rows: Iterable[Row], field: str) -> tuple[Row, ...]:
    """The rows in the order of their ids, so that no answer hangs on the order they came in."""
    ordered = tuple(sorted(rows, key=lambda row: row.id))
    for before, row in itertools.pairwise(ordered):
        if before.id == row.id:
            raise MatchingError(codes.DUPLICATE, field, row.id)
    return ordered

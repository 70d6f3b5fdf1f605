"""What columns must look like before the engine works with them; each check names the field."""

from collections.abc import Iterable
from dataclasses import fields
from operator import lt
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from matching import codes
from matching.model import (
    HALF_HOURS_A_WEEK,
    MAX_HELPER_PLACES,
    MAX_HOUSEHOLD_PLACES,
    MAX_LEVEL,
    MAX_METRES,
    MAX_URGENCY,
    WHOLE_WEEK,
    MatchingError,
)

WORDS = 6  # 336 half-hours in words of 64 bits, Monday first
UNKNOWN = -(1 << 31)  # x of a home nobody has placed
NOBODY = -1  # a wished helper, a gender, a limit that is not there
MAX_KINDS = 64
MAX_SKILLS = 1 << 20

Words = NDArray[np.uint64]
Small = NDArray[np.int32]

LARGEST = (1 << 31) - 1
LIMITS = {
    "skill": (0, MAX_SKILLS - 1),
    "level": (1, MAX_LEVEL),
    "reach": (NOBODY, MAX_METRES),
    "hours": (NOBODY, HALF_HOURS_A_WEEK),
    "load": (0, MAX_HELPER_PLACES),
    "gender": (NOBODY, LARGEST),
    "need_skill": (0, MAX_SKILLS - 1),
    "need_level": (1, MAX_LEVEL),
    "need_half_hours": (1, HALF_HOURS_A_WEEK),
    "need_urgency": (1, MAX_URGENCY),
    "need_met": (0, 1),
    "helped": (0, MAX_HOUSEHOLD_PLACES),
    "urgency": (1, MAX_URGENCY),
    "wished": (NOBODY, LARGEST),
    "good": (0, LARGEST),
    "apart": (0, LARGEST),
}
LISTS = {
    "skill": "skill_start",
    "level": "skill_start",
    "need_skill": "need_start",
    "need_level": "need_start",
    "need_half_hours": "need_start",
    "need_urgency": "need_start",
    "need_week": "need_start",
    "need_met": "need_start",
    "good": "good_start",
    "apart": "apart_start",
}


def settle(columns: Any, side: str, most_places: int) -> None:
    """Give every column its type; refuse wrong lengths and what is out of range."""
    object.__setattr__(columns, "ids", texts(columns.ids, f"{side}.id"))
    rows = len(columns.ids)
    limits = {**LIMITS, "places": (0, most_places)}
    for column in fields(columns)[1:]:
        name, dtype = column.name, np.dtype(np.uint64 if column.type is Words else np.int32)
        found = whole(getattr(columns, name), dtype, f"{side}.{name}")
        length = rows
        if name.endswith("_start"):
            length = rows + 1
        elif name in LISTS:
            length = int(getattr(columns, LISTS[name])[-1])
        if found.shape != ((length, WORDS) if name.endswith("week") else (length,)):
            raise MatchingError(codes.WRONG_SHAPE, f"{side}.{name}", "")
        if name.endswith("_start") and (found[0] != 0 or np.any(found[1:] < found[:-1])):
            raise MatchingError(codes.WRONG_SHAPE, f"{side}.{name}", "")
        if name in limits:
            require_range(found, *limits[name], f"{side}.{name}")
        if name.endswith("week"):
            require_range(found[:, -1], 0, WHOLE_WEEK >> (64 * (WORDS - 1)), f"{side}.{name}")
        object.__setattr__(columns, name, found)
    known = columns.x != UNKNOWN
    require_range(columns.x[known], -MAX_METRES, MAX_METRES, f"{side}.x")
    require_range(columns.y[known], -MAX_METRES, MAX_METRES, f"{side}.y")


def whole(column: ArrayLike, dtype: np.dtype, field: str) -> NDArray:
    """The column as whole numbers of this type; refuses fractions, NaN, and what the type cannot hold."""
    found = np.asarray(column)
    if found.size and found.dtype.kind not in "iu":
        missing = found.dtype.kind == "f" and np.isnan(found).any()
        raise MatchingError(codes.NOT_A_NUMBER if missing else codes.NOT_WHOLE, field, "")
    if found.dtype != dtype:
        require_range(found, int(np.iinfo(dtype).min), int(np.iinfo(dtype).max), field)
    return np.require(found, dtype, ("C", "W"))


def texts(ids: Iterable[str], field: str) -> tuple[str, ...]:
    """The ids as text; refuses blank ones, twice the same, and any order but theirs."""
    found = tuple(ids.tolist() if isinstance(ids, np.ndarray) else ids)
    if not all(found) or not all(issubclass(kind, str) for kind in set(map(type, found))):
        raise MatchingError(codes.BLANK, field, "")
    if not all(map(lt, found, found[1:])):
        row = next(row for row in range(1, len(found)) if found[row - 1] >= found[row])
        code = codes.DUPLICATE if found[row - 1] == found[row] else codes.WRONG_SHAPE
        raise MatchingError(code, field, found[row])
    return found


def require_range(column: NDArray, low: int, high: int, field: str) -> None:
    """Refuse a column with a number outside low..high."""
    if column.size and not (low <= int(column.min()) and int(column.max()) <= high):
        raise MatchingError(codes.OUT_OF_RANGE, field, "")


def require_ascending(column: NDArray, starts: NDArray, field: str) -> None:
    """Refuse a list in which a number stands twice or behind a larger one."""
    falls = column[1:] <= column[:-1]
    falls[starts[(starts > 0) & (starts < len(column))] - 1] = False
    if falls.any():
        raise MatchingError(codes.DUPLICATE, field, "")

"""All eligible pairs, as arrays: rows are households, columns helpers (compressed rows)."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from matching import codes
from matching.model import MAX_HOUSEHOLD_PLACES, MAX_URGENCY, MatchingError
from matching.shape import LARGEST, Small, require_ascending, require_range, texts, whole

Whole = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Candidates:
    """Eligible pairs. Row h holds the pairs ``indptr[h]:indptr[h + 1]``, helpers ascending, each once.

    helper: index into ``helper_ids``. score: points. travel: metres, 0 when unknown. Ids are in ascending order.
    helped: places of the household that somebody fills already, for good (none when left out); they come before
    the ``household_places`` that are to be filled.
    """

    helper_ids: Sequence[str]
    household_ids: Sequence[str]
    helper_places: Small
    household_places: Small
    urgency: Small
    indptr: Whole
    helper: Small
    score: Small
    travel: Small
    helped: Small | None = None

    def __post_init__(self) -> None:
        if self.helped is None:
            object.__setattr__(self, "helped", np.zeros(len(self.household_places), np.int32))
        for name, kind in DTYPES.items():
            column = as_column(getattr(self, name), kind, f"candidates.{name}")
            object.__setattr__(self, name, column)
        object.__setattr__(self, "helper_ids", texts(self.helper_ids, "helper.id"))
        object.__setattr__(self, "household_ids", texts(self.household_ids, "household.id"))
        require_sizes(self)
        require_ranges(self)

    @property
    def household(self) -> Small:
        """The household's index of each pair."""
        return np.repeat(np.arange(len(self.household_ids), dtype=np.int32), np.diff(self.indptr))

    def helped_by(self, rows: Whole) -> Whole:
        """How many of these rows (ascending) are each household's."""
        return np.diff(np.searchsorted(rows, self.indptr))

    @property
    def filled(self) -> Small:
        """Places somebody fills already, per household."""
        assert self.helped is not None
        return self.helped

    def __len__(self) -> int:
        return int(self.helper.size)


DTYPES = {
    "helper_places": np.int32,
    "household_places": np.int32,
    "helped": np.int32,
    "urgency": np.int32,
    "indptr": np.int64,
    "helper": np.int32,
    "score": np.int32,
    "travel": np.int32,
}


def as_column(found: ArrayLike, kind: type, field: str) -> NDArray:
    """The column in its type; numbers it cannot hold are refused as an overflow."""
    try:
        column = whole(found, np.dtype(kind), field)
    except MatchingError as refused:
        code = codes.OVERFLOW if refused.code == codes.OUT_OF_RANGE else refused.code
        raise MatchingError(code, field, "") from None
    if column.ndim != 1:
        raise MatchingError(codes.WRONG_SHAPE, field, "")
    return column


def require_sizes(table: Candidates) -> None:
    """The arrays fit together as compressed rows."""
    households, pairs = len(table.household_ids), table.helper.size
    sizes = (
        ("helper_places", table.helper_places.size, len(table.helper_ids)),
        ("household_places", table.household_places.size, households),
        ("helped", table.filled.size, households),
        ("urgency", table.urgency.size, households),
        ("indptr", table.indptr.size, households + 1),
        ("score", table.score.size, pairs),
        ("travel", table.travel.size, pairs),
    )
    for name, found, expected in sizes:
        if found != expected:
            raise MatchingError(codes.WRONG_SHAPE, f"candidates.{name}", "")
    if table.indptr[0] != 0 or table.indptr[-1] != pairs or np.any(np.diff(table.indptr) < 0):
        raise MatchingError(codes.WRONG_SHAPE, "candidates.indptr", "")


def require_ranges(table: Candidates) -> None:
    """Places, urgencies, travel and helper indexes are what they can be; a pair stands once."""
    require_range(table.helper_places, 0, LARGEST, "candidates.helper_places")
    require_range(table.household_places, 0, MAX_HOUSEHOLD_PLACES, "candidates.household_places")
    require_range(table.filled, 0, MAX_HOUSEHOLD_PLACES, "candidates.helped")
    require_range(
        table.filled + table.household_places, 0, MAX_HOUSEHOLD_PLACES, "candidates.household_places"
    )
    require_range(table.urgency, 1, MAX_URGENCY, "candidates.urgency")
    require_range(table.helper, 0, len(table.helper_ids) - 1, "candidates.helper")
    require_range(table.travel, 0, LARGEST, "candidates.travel")
    require_ascending(table.helper, table.indptr, "candidates.helper")

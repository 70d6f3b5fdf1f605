"""All eligible pairs, as arrays: rows are households, columns helpers (compressed rows)."""

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matching import codes
from matching.model import MAX_HOUSEHOLD_PLACES, MAX_URGENCY, Helper, Household, MatchingError, sort_by_id
from matching.rules import RULES, Rule, barred, distance
from matching.scores import DEFAULT_WEIGHTS, Weights, score_terms

Whole = NDArray[np.int64]
PairRow = tuple[int, int, int, int]


@dataclass(frozen=True, slots=True, eq=False)
class Candidates:
    """Eligible pairs. Row h holds the pairs ``indptr[h]:indptr[h + 1]``, helpers ascending, each once.

    helper: index into ``helper_ids``. score: points. travel: metres, 0 when unknown. Ids are in ascending order.
    """

    helper_ids: tuple[str, ...]
    household_ids: tuple[str, ...]
    helper_places: Whole
    household_places: Whole
    urgency: Whole
    indptr: Whole
    helper: Whole
    score: Whole
    travel: Whole

    def __post_init__(self) -> None:
        for name in ("helper_places", "household_places", "urgency", "indptr", "helper", "score", "travel"):
            column = np.asarray(getattr(self, name))
            if column.ndim != 1 or (column.size and column.dtype.kind != "i"):
                raise MatchingError(codes.NOT_WHOLE, f"candidates.{name}", "")
            object.__setattr__(self, name, column.astype(np.int64))
        require_ids(self.helper_ids, "helper")
        require_ids(self.household_ids, "household")
        require_sizes(self)
        require_ranges(self)

    @property
    def household(self) -> Whole:
        """The household's index of each pair."""
        return np.repeat(np.arange(len(self.household_ids), dtype=np.int64), np.diff(self.indptr))

    def __len__(self) -> int:
        return int(self.helper.size)


def require_ids(ids: Sequence[str], side: str) -> None:
    """Ids ascend and none comes twice."""
    for before, after in itertools.pairwise(ids):
        if before == after:
            raise MatchingError(codes.DUPLICATE, f"{side}.id", after)
        if before > after:
            raise MatchingError(codes.WRONG_SHAPE, f"{side}.id", after)


def require_sizes(table: Candidates) -> None:
    """The arrays fit together as compressed rows."""
    households, pairs = len(table.household_ids), table.helper.size
    sizes = (
        ("helper_places", table.helper_places.size, len(table.helper_ids)),
        ("household_places", table.household_places.size, households),
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
    limits = (
        ("helper_places", table.helper_places, 0, None),
        ("household_places", table.household_places, 0, MAX_HOUSEHOLD_PLACES),
        ("urgency", table.urgency, 1, MAX_URGENCY),
        ("helper", table.helper, 0, len(table.helper_ids) - 1),
        ("travel", table.travel, 0, None),
    )
    for name, column, low, high in limits:
        if column.size and (column.min() < low or (high is not None and column.max() > high)):
            raise MatchingError(codes.OUT_OF_RANGE, f"candidates.{name}", "")
    same_row = np.diff(table.household) == 0
    if np.any(same_row & (np.diff(table.helper) <= 0)):
        raise MatchingError(codes.DUPLICATE, "candidates.helper", "")


def candidates(
    helpers: Iterable[Helper],
    households: Iterable[Household],
    rules: Sequence[Rule] = RULES,
    weights: Weights = DEFAULT_WEIGHTS,
) -> Candidates:
    """All pairs no rule bars, with score and travel; the same table whatever order the rows come in.

    Raises MatchingError for an id that comes twice.
    """
    the_helpers = sort_by_id(helpers, "helper.id")
    the_households = sort_by_id(households, "household.id")
    by_skill: dict[str, list[int]] = {}
    for j, helper in enumerate(the_helpers):
        for skill in helper.skills:
            by_skill.setdefault(skill, []).append(j)
    rows: list[PairRow] = []
    for h, household in enumerate(the_households):
        skilled = sorted({j for need in household.needs for j in by_skill.get(need.skill, ())})
        for j in skilled:
            row = pair_row(h, j, the_households[h], the_helpers[j], rules, weights)
            if row is not None:
                rows.append(row)
    return assemble(the_helpers, the_households, rows)


def pair_row(
    h: int, j: int, household: Household, helper: Helper, rules: Sequence[Rule], weights: Weights
) -> PairRow | None:
    """(household index, helper index, score, travel) of an eligible pair; None for a barred one."""
    if barred(helper, household, rules) is not None:
        return None
    return h, j, sum(score_terms(helper, household, weights).values()), distance(helper, household) or 0


def assemble(
    helpers: Sequence[Helper], households: Sequence[Household], rows: Sequence[PairRow]
) -> Candidates:
    """The table of these rows, which come ordered by household, then helper; both sides ordered by id."""
    table = np.array(rows, dtype=np.int64).reshape(-1, 4)
    counts = np.bincount(table[:, 0], minlength=len(households))
    return Candidates(
        helper_ids=tuple(helper.id for helper in helpers),
        household_ids=tuple(household.id for household in households),
        helper_places=np.array([helper.places for helper in helpers], dtype=np.int64),
        household_places=np.array([household.places for household in households], dtype=np.int64),
        urgency=np.array([household.rank for household in households], dtype=np.int64),
        indptr=np.concatenate(([0], np.cumsum(counts))).astype(np.int64),
        helper=table[:, 1],
        score=table[:, 2],
        travel=table[:, 3],
    )

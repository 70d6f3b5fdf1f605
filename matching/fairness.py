"""Who carries how much: load and ways of the helpers, and whose first choice was not to be had."""

from collections import Counter
from dataclasses import dataclass

import numpy as np

from matching.answer import Solution
from matching.table import Whole


@dataclass(frozen=True, slots=True)
class Fairness:
    """How a pairing spreads.

    load: households per helper, those of before included → helpers. idle: helpers who could help somebody and help nobody.
    ways: metres of the shortest, the middle and the longest way. choices: 1 when a household's first helper is the best
    it could have had, 2 the second best … → households.
    """

    load: dict[int, int]
    idle: int
    ways: tuple[int, int, int]
    choices: dict[int, int]


def fairness(solution: Solution, load: Whole | None = None) -> Fairness:
    """The report of a pairing; load: households each helper has besides, in the order of the table."""
    table = solution.table
    helpers = len(table.helper_ids)
    given = np.bincount(table.helper[solution.rows], minlength=helpers)
    whole = given if load is None else given + load
    able = (np.bincount(table.helper, minlength=helpers) > 0) & (table.helper_places > 0)
    metres = table.travel[solution.rows]
    ways = (int(metres.min()), int(np.median(metres)), int(metres.max())) if metres.size else (0, 0, 0)
    return Fairness(
        load=dict(sorted(Counter(whole.tolist()).items())),
        idle=int((able & (whole == 0)).sum()),
        ways=ways,
        choices=dict(sorted(Counter(choices(solution).values()).items())),
    )


def choices(solution: Solution) -> dict[str, int]:
    """Per household with a new first helper: how many of its possible helpers have at least as many points and a
    shorter way, or more points, plus one.
    """
    table = solution.table
    first = solution.rows[solution.place == 1]
    found = {}
    for row, h in zip(first.tolist(), np.searchsorted(table.indptr, first, side="right") - 1, strict=True):
        own = slice(int(table.indptr[h]), int(table.indptr[h + 1]))
        better = table.score[own] > table.score[row]
        nearer = (table.score[own] == table.score[row]) & (table.travel[own] < table.travel[row])
        found[table.household_ids[h]] = 1 + int((better | nearer).sum())
    return found

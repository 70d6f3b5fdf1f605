"""The best pairing by looking at every set of pairs, compared level by level without any weights."""

from itertools import product

import numpy as np

from matching.table import Candidates

Levels = tuple[tuple[int, ...], int, int]


def levels_of(table: Candidates, rows: list[int], living: set[int], keep_gain: int) -> Levels | None:
    """(covered places per class, points, minus metres) of a set of rows; None when somebody is over places."""
    helped = (
        np.bincount(table.household[rows], minlength=len(table.household_ids))
        if rows
        else np.zeros(len(table.household_ids), int)
    )
    helping = (
        np.bincount(table.helper[rows], minlength=len(table.helper_ids))
        if rows
        else np.zeros(len(table.helper_ids), int)
    )
    if np.any(helped > table.household_places) or np.any(helping > table.helper_places):
        return None
    classes = [(place, urgency) for place in (1, 2, 3) for urgency in (5, 4, 3, 2, 1)]
    coverage = tuple(
        int(((table.urgency == urgency) & (helped >= place)).sum()) for place, urgency in classes
    )
    kept = len(living.intersection(rows))
    points = sum(int(table.score[row]) for row in rows) + keep_gain * kept
    return coverage, points, kept - sum(int(table.travel[row]) for row in rows)


def best_levels(table: Candidates, living: set[int] = frozenset(), keep_gain: int = 0) -> Levels:
    """The strictly best levels over every subset of the pairs."""
    best = None
    for chosen in product((False, True), repeat=len(table)):
        rows = [row for row, taken in enumerate(chosen) if taken]
        levels = levels_of(table, rows, living, keep_gain)
        if levels is not None and (best is None or levels > best):
            best = levels
    return best

"""What if: how one pairing differs from another."""

import numpy as np

from matching.answer import Change, Solution, Totals
from matching.levels import id_pair
from matching.table import Candidates, Whole


def compare(before: Solution, after: Solution) -> Change:
    """What the second answer has more and less than the first; the two may be about different people."""
    old = {(pair.helper_id, pair.household_id) for pair in before.pairs}
    new = {(pair.helper_id, pair.household_id) for pair in after.pairs}
    return Change(
        added=tuple(sorted(new - old)),
        removed=tuple(sorted(old - new)),
        coverage=coverage_change(before.totals, after.totals),
        points=after.totals.score - before.totals.score,
        travel=after.totals.travel - before.totals.travel,
    )


def difference(table: Candidates, rows: Whole, of: Totals, others: Whole, of_others: Totals) -> Change:
    """The same for two sets of rows of one table."""
    return Change(
        added=tuple(sorted(id_pair(table, int(row)) for row in np.setdiff1d(others, rows))),
        removed=tuple(sorted(id_pair(table, int(row)) for row in np.setdiff1d(rows, others))),
        coverage=coverage_change(of, of_others),
        points=of_others.score - of.score,
        travel=of_others.travel - of.travel,
    )


def coverage_change(before: Totals, after: Totals) -> dict[tuple[int, int], int]:
    """(place, urgency) → places more that are covered, the first places and the most urgent first."""
    old = {(level.place, level.urgency): level.covered for level in before.coverage}
    new = {(level.place, level.urgency): level.covered for level in after.coverage}
    levels = sorted(old.keys() | new.keys(), key=lambda level: (level[0], -level[1]))
    return {level: more for level in levels if (more := new.get(level, 0) - old.get(level, 0))}

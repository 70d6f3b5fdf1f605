"""The objective: strict levels written as exact whole numbers, one worth per place and one gain per pair.

In order: a household's first place before anybody's second and the most urgent first; then points (and kept pairs);
then metres travelled. With F the most pairs there can be, T = F·(furthest way + 1) + 1 puts one point above all
travel together, and B = 2·F·(largest gain) + 1 puts one place above all points together.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from matching import codes
from matching.answer import IdPair, Level, Totals
from matching.candidates import Candidates, Whole
from matching.model import MAX_HOUSEHOLD_PLACES, MAX_URGENCY, MatchingError, require_whole

LIMIT = 1 << 60  # every sum of three such numbers stays inside 64 bits
MAX_KEEP_GAIN = 1_000_000


@dataclass(frozen=True, slots=True, eq=False)
class Objective:
    """gain: what each pair of the table brings. worth: what covering place u of household h brings, ``worth[h][u]``."""

    gain: Whole
    worth: tuple[tuple[int, ...], ...]


def place_class(place: int, urgency: int) -> int:
    """15 for the first place of a most urgent household … 1 for the third place of a least urgent one."""
    return (MAX_HOUSEHOLD_PLACES - place) * MAX_URGENCY + urgency


def living_pairs(table: Candidates, keep: Iterable[IdPair]) -> tuple[Whole, tuple[IdPair, ...]]:
    """Rows of the table that live today, and the living pairs that are no longer eligible (both ordered)."""
    helper_index = {name: j for j, name in enumerate(table.helper_ids)}
    household_index = {name: h for h, name in enumerate(table.household_ids)}
    rows: list[int] = []
    lost: list[IdPair] = []
    for helper_id, household_id in sorted(set(keep)):
        row = find_row(table, household_index.get(household_id, -1), helper_index.get(helper_id, -1))
        if row is None:
            lost.append((helper_id, household_id))
        else:
            rows.append(row)
    return np.array(sorted(rows), dtype=np.int64), tuple(lost)


def find_row(table: Candidates, h: int, j: int) -> int | None:
    """Where the pair of household index h and helper index j stands in the table, if it does."""
    if h < 0 or j < 0:
        return None
    start, end = int(table.indptr[h]), int(table.indptr[h + 1])
    row = start + int(np.searchsorted(table.helper[start:end], j))
    return row if row < end and table.helper[row] == j else None


def objective(table: Candidates, keep: Iterable[IdPair] = (), keep_gain: int = 0) -> Objective:
    """The table's gains and worths.

    A living pair counts ``keep_gain`` points more and one metre less, so that a tie keeps it.
    Raises MatchingError ("overflow") when the levels do not fit into 64 bits together.
    """
    require_whole(keep_gain, 0, MAX_KEEP_GAIN, "keep_gain", "")
    living, _ = living_pairs(table, keep)
    degree = np.bincount(table.helper, minlength=len(table.helper_ids))
    most = max(
        1,
        min(
            int(np.minimum(table.helper_places, degree).sum()), int(table.household_places.sum()), len(table)
        ),
    )
    furthest = int(table.travel.max(initial=0))
    step = most * (furthest + 1) + 1
    largest_score = max(int(table.score.max(initial=0)), -int(table.score.min(initial=0)))
    top_gain = (largest_score + (keep_gain if living.size else 0)) * step + furthest + 1
    if (place_class(1, MAX_URGENCY) + 2) * (2 * most * top_gain + 1) >= LIMIT:
        raise MatchingError(codes.OVERFLOW, "candidates.score", "")
    gain = table.score * step - table.travel
    gain[living] += keep_gain * step + 1
    unit = 2 * most * int(np.abs(gain).max(initial=0)) + 1
    worth = tuple(
        tuple(place_class(place, int(urgency)) * unit for place in range(1, int(places) + 1))
        for places, urgency in zip(table.household_places, table.urgency, strict=True)
    )
    return Objective(gain=gain, worth=worth)


def order_of_places(table: Candidates, rows: Iterable[int], living: frozenset[int]) -> list[int]:
    """One household's chosen rows in the order of its places: living ones first, then the best."""
    return sorted(
        rows, key=lambda row: (row not in living, -int(table.score[row]), int(table.travel[row]), row)
    )


def totals(table: Candidates, rows: Sequence[int], keep: Iterable[IdPair] = ()) -> Totals:
    """What the chosen rows of the table amount to, level by level."""
    living, lost = living_pairs(table, keep)
    chosen = np.array(sorted(rows), dtype=np.int64)
    helped = np.bincount(table.household[chosen], minlength=len(table.household_ids))
    coverage = []
    for place in range(1, MAX_HOUSEHOLD_PLACES + 1):
        for urgency in range(MAX_URGENCY, 0, -1):
            wanting = (table.urgency == urgency) & (table.household_places >= place)
            if wanting.any():
                covered = int((wanting & (helped >= place)).sum())
                coverage.append(Level(place, urgency, int(wanting.sum()), covered))
    broken = np.setdiff1d(living, chosen)
    return Totals(
        coverage=tuple(coverage),
        score=sum(table.score[chosen].tolist()),
        travel=sum(table.travel[chosen].tolist()),
        kept=int(living.size - broken.size),
        broken=tuple(sorted(id_pair(table, int(row)) for row in broken)),
        lost=lost,
    )


def id_pair(table: Candidates, row: int) -> IdPair:
    """(helper id, household id) of a row."""
    h = int(np.searchsorted(table.indptr, row, side="right")) - 1
    return table.helper_ids[int(table.helper[row])], table.household_ids[h]


def exact_sum(column: Whole) -> int:
    """The sum of 64-bit numbers as an exact whole number of any size."""
    high, low = column >> 32, column & 0xFFFFFFFF
    return (int(high.sum()) << 32) + int(low.sum())


def value_of(table: Candidates, goal: Objective, rows: Sequence[int]) -> int:
    """What the chosen rows are worth together."""
    chosen = np.array(rows, dtype=np.int64)
    helped = np.bincount(table.household[chosen], minlength=len(table.household_ids)).tolist()
    return exact_sum(goal.gain[chosen]) + sum(
        sum(worth[:count]) for worth, count in zip(goal.worth, helped, strict=True)
    )


def dual_bound(table: Candidates, goal: Objective, prices: Whole, surplus: Whole) -> int:
    """No pairing can be worth more than this, whatever the prices are, as long as none is negative.

    Each helper's places at their price, each pair at what it brings above price and surplus, each place at what its
    worth exceeds the household's surplus. Numbers must be smaller than ``LIMIT`` in size.
    """
    over = goal.gain - prices[table.helper] - surplus[table.household]
    return (
        sum(
            places * price
            for places, price in zip(table.helper_places.tolist(), prices.tolist(), strict=True)
        )
        + exact_sum(np.maximum(over, 0))
        + sum(
            max(0, worth + own)
            for places, own in zip(goal.worth, surplus.tolist(), strict=True)
            for worth in places
        )
    )

"""The objective: strict levels written as exact whole numbers, one worth per place and one gain per pair.

In order: a household's first place before anybody's second and the most urgent first; then points (and kept pairs);
then metres travelled. With F the most pairs there can be, T = F·(furthest way + 1) + 1 puts one point above all
travel together, and B = 2·F·(largest gain) + 1 puts one place above all points together.
"""

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from typing import Any

import numpy as np

from matching import codes
from matching.answer import IdPair, Level, Totals
from matching.model import MAX_HOUSEHOLD_PLACES, MAX_URGENCY, MatchingError, require_whole
from matching.shape import Small
from matching.table import Candidates, Whole

LIMIT = 1 << 60  # every sum of three such numbers stays inside 64 bits
MAX_KEEP_GAIN = 1_000_000
CHUNK = 1 << 18  # pairs that are summed up at a time, so that they stay in the processor's cache
THREADS = 2


@dataclass(frozen=True, slots=True, eq=False)
class Objective:
    """A pair brings ``score · point - travel``; covering a place brings its class times ``unit``.

    score, travel: the table's, with what keeping a living pair is worth.
    """

    score: Small
    travel: Small
    point: int
    unit: int

    @property
    def gain(self) -> Whole:
        """What each pair of the table brings."""
        return self.score.astype(np.int64) * self.point - self.travel


def place_class(place: int, urgency: int) -> int:
    """15 for the first place of a most urgent household … 1 for the third place of a least urgent one."""
    return (MAX_HOUSEHOLD_PLACES - place) * MAX_URGENCY + urgency


def living_pairs(table: Candidates, keep: Iterable[IdPair]) -> tuple[Whole, tuple[IdPair, ...]]:
    """Rows of the table that live today, and the living pairs that are no longer eligible (both ordered)."""
    living = sorted(set(keep))
    if not living:
        return np.zeros(0, np.int64), ()
    helper_index = {name: j for j, name in enumerate(table.helper_ids)}
    household_index = {name: h for h, name in enumerate(table.household_ids)}
    rows: list[int] = []
    lost: list[IdPair] = []
    for helper_id, household_id in living:
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


def most_pairs(table: Candidates) -> int:
    """F: more pairs than this there cannot be."""
    return max(1, min(int(table.helper_places.sum()), int(table.household_places.sum()), len(table)))


def objective(table: Candidates, keep: Iterable[IdPair] = (), keep_gain: int = 0) -> Objective:
    """The table's gains and worths.

    A living pair counts ``keep_gain`` points more and one metre less, so that a tie keeps it.
    Raises MatchingError ("overflow") when the levels do not fit into 64 bits together.
    """
    require_whole(keep_gain, 0, MAX_KEEP_GAIN, "keep_gain", "")
    living, _ = living_pairs(table, keep)
    score, travel = table.score, table.travel
    if living.size:
        score, travel = score.copy(), travel.copy()
        if int(score[living].max()) + keep_gain >= 1 << 31:
            raise MatchingError(codes.OVERFLOW, "candidates.score", "")
        score[living] += keep_gain
        travel[living] -= 1
    most, furthest = most_pairs(table), int(table.travel.max(initial=0))
    point, unit = scales(most, furthest, int(score.max(initial=0)), int(score.min(initial=0)))
    return Objective(score, travel, point, unit)


def scales(most: int, furthest: int, highest: int, lowest: int) -> tuple[int, int]:
    """(metres a point counts, what a step of class counts) for at most ``most`` pairs with such points and metres."""
    point = most * (furthest + 1) + 1
    unit = 2 * most * (max(highest, -lowest) * point + furthest + 1) + 1
    if (place_class(1, MAX_URGENCY) + 2) * unit >= LIMIT:
        raise MatchingError(codes.OVERFLOW, "candidates.score", "")
    return point, unit


def classes(table: Candidates) -> Whole:
    """(households, 3): the class of each household's next, second next … place to fill, 0 where there is none."""
    number = np.arange(MAX_HOUSEHOLD_PLACES)
    place = table.filled[:, None] + number + 1
    worth: Any = (MAX_HOUSEHOLD_PLACES - place) * MAX_URGENCY + table.urgency[:, None]
    found: Any = np.where(number < table.household_places[:, None], worth, 0)
    return found.astype(np.int64)


def order_of_places(table: Candidates, rows: Whole, living: Whole) -> Whole:
    """The place of each chosen row at its household: living ones first, then the best."""
    helped = table.helped_by(rows)
    household = np.repeat(np.arange(helped.size), helped)
    first = np.cumsum(helped) - helped
    place: Any = np.arange(rows.size) - first[household] + 1
    several = np.flatnonzero(helped[household] > 1)
    among = rows[several]
    fresh = ~np.isin(among, living) if living.size else np.ones(among.size, bool)
    order = np.lexsort((among, table.travel[among], -table.score[among], fresh, household[several]))
    place[several[order]] = place[several]
    return place + table.filled[household]


def totals(table: Candidates, rows: Whole, keep: Iterable[IdPair] = ()) -> Totals:
    """What the chosen rows of the table amount to, level by level."""
    living, lost = living_pairs(table, keep)
    helped = table.helped_by(rows)
    wanted, size = classes(table), place_class(1, MAX_URGENCY) + 1
    filled = np.arange(MAX_HOUSEHOLD_PLACES) < helped[:, None]
    asked = np.bincount(wanted.ravel(), minlength=size).tolist()
    given = np.bincount(wanted[filled].ravel(), minlength=size).tolist()
    coverage = [
        Level(place, urgency, asked[of], given[of])
        for place in range(1, MAX_HOUSEHOLD_PLACES + 1)
        for urgency in range(MAX_URGENCY, 0, -1)
        if asked[of := place_class(place, urgency)]
    ]
    broken = living[~np.isin(living, rows)] if living.size else living
    return Totals(
        coverage=tuple(coverage),
        score=int(table.score[rows].sum(dtype=np.int64)),
        travel=int(table.travel[rows].sum(dtype=np.int64)),
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


def value_of(table: Candidates, goal: Objective, rows: Whole) -> int:
    """What the chosen rows are worth together."""
    helped = table.helped_by(rows)
    filled = np.arange(MAX_HOUSEHOLD_PLACES) < helped[:, None]
    points, metres = (
        int(goal.score[rows].sum(dtype=np.int64)),
        int(goal.travel[rows].sum(dtype=np.int64)),
    )
    return points * goal.point - metres + int(classes(table)[filled].sum()) * goal.unit


def dual_bound(table: Candidates, goal: Objective, prices: Whole, surplus: Whole) -> int:
    """No pairing can be worth more than this, whatever the prices are, as long as none is negative.

    Each helper's places at their price, each pair at what it brings above price and surplus, each place at what its
    worth exceeds the household's surplus. Numbers must be smaller than ``LIMIT`` in size.
    """
    wanted = classes(table)
    places = np.where(wanted > 0, np.maximum(wanted * goal.unit + surplus[:, None], 0), 0)
    dear = np.flatnonzero(prices)
    return (
        sum(a * b for a, b in zip(table.helper_places[dear].tolist(), prices[dear].tolist(), strict=True))
        + exact_sum(places.ravel())
        + above_prices(table, goal, prices, surplus)
    )


def above_prices(table: Candidates, goal: Objective, prices: Whole, surplus: Whole) -> int:
    """What all pairs bring above price and surplus, together."""
    cuts = np.searchsorted(table.indptr, np.arange(0, len(table), CHUNK))
    spans = list(pairwise(np.unique([0, *cuts, len(table.household_ids)]).tolist()))
    points, surplus_points = narrow(prices // goal.point), narrow(surplus // goal.point)
    one = partial(span_above_prices, table, goal, prices, surplus, points, surplus_points)
    if len(spans) <= THREADS:
        return sum(one(span) for span in spans)
    with ThreadPoolExecutor(THREADS) as pool:
        return sum(pool.map(one, spans))


def narrow(column: Whole) -> Whole | Small:
    """The column in 32 bits, if the sum of two such numbers fits there: half the memory to read."""
    small = column.size == 0 or (int(column.min()) >= -(1 << 30) and int(column.max()) < 1 << 30)
    return column.astype(np.int32) if small else column


def span_above_prices(
    table: Candidates,
    goal: Objective,
    prices: Whole,
    surplus: Whole,
    points: Whole | Small,
    surplus_points: Whole | Small,
    span: tuple[int, int],
) -> int:
    """The same for the households of a span; the points are prices and surplus in whole points, rounded down."""
    first, last = span
    pairs = slice(int(table.indptr[first]), int(table.indptr[last]))
    sizes = np.diff(table.indptr[first : last + 1])
    # A pair with fewer points than price and surplus have together is not above them (a way is at least -1 metre,
    # of a kept pair); the few others are added up exactly.
    own: Any = np.repeat(surplus_points[first:last], sizes)
    lowest = own + points.take(table.helper[pairs])
    close = np.flatnonzero(goal.score[pairs] >= lowest) + pairs.start
    over = goal.score[close].astype(np.int64) * goal.point - goal.travel[close] - prices[table.helper[close]]
    over -= surplus[np.searchsorted(table.indptr, close, side="right") - 1]
    return exact_sum(over[over > 0])

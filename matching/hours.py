"""Weekly hours over several households: a second layer on top of the pairing, with a bound of its own.

That a helper's households together take no more half-hours than he has is a knapsack, and the whole is NP-hard. First
pairs are given up one by one, everybody paired again exactly each time, until all fits. Then Lagrange's relaxation
(Held, Wolfe and Crowder 1974): at given surpluses of the households every helper alone picks what he can do at most, by
dynamic programming over his places and half-hours, and no pairing that fits is worth more than the sum. Steps along the
subgradient make the sum smaller. What is left between the two is the gap.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from matching import codes
from matching.answer import IdPair, Solution, Totals
from matching.flow import Flow, compiled, gain, worth
from matching.levels import Objective, classes, exact_sum, objective, totals, value_of
from matching.live import Live
from matching.model import MatchingError
from matching.shape import NOBODY, Small
from matching.solve import solve, start, with_columns
from matching.table import Candidates, Whole

STEPS = 60  # along the subgradient
STALL = 5  # steps without a better bound, then shorter ones
FIRST_STEP = 4  # points


@dataclass(frozen=True, slots=True, eq=False)
class Timed:
    """A pairing in which everybody has the time. rows, totals: as of a solution. solution: the same with its proof that
    nothing is better among all pairs but those that are ``gone``.

    value: what it is worth. bound: no pairing that fits is worth more, as the surplus proves. gap: what lies between, as
    a share of the bound; proven: not one point lies between.
    """

    table: Candidates
    rows: Whole
    totals: Totals
    solution: Solution
    gone: tuple[IdPair, ...]
    surplus: Whole
    value: int
    bound: int
    gap: float
    proven: bool


def within_hours(table: Candidates, half_hours: Small, hours: Small, steps: int = STEPS) -> Timed:
    """Pair so that nobody's households together take more half-hours a week than he has.

    half_hours: per row of the table, what the pair takes; hours: per helper, NOBODY for no limit. Raises MatchingError for
    arrays of another length or numbers below what they can be.
    """
    require_half_hours(table, half_hours, hours)
    live, gone = give_up(table, half_hours, hours)
    rows = np.flatnonzero(live.flow.made[: len(table)] == 1)
    goal, surplus = objective(table), solve(table).surplus
    value = value_of(table, goal, rows)
    bound, surplus = tighten(table, goal, half_hours, hours, surplus, value, steps)
    gap, proven = (bound - value) / max(1, abs(bound)), bound - value < goal.point
    return Timed(table, rows, totals(table, rows), live.solution(), gone, surplus, value, bound, gap, proven)


def require_half_hours(table: Candidates, half_hours: Small, hours: Small) -> None:
    """One number for each pair and each helper, in range."""
    for column, size, low, field in (
        (half_hours, len(table), 0, "half_hours"),
        (hours, len(table.helper_ids), NOBODY, "hours"),
    ):
        if column.shape != (size,) or column.dtype.kind != "i":
            raise MatchingError(codes.WRONG_SHAPE, field, "")
        if size and int(column.min()) < low:
            raise MatchingError(codes.OUT_OF_RANGE, field, "")


def give_up(table: Candidates, half_hours: Small, hours: Small) -> tuple[Live, tuple[IdPair, ...]]:
    """(the best pairing of those that fit, the pairs that must not be made for that).

    Of a helper with too much the pair goes whose household loses least by it, for each half-hour that it frees. In the
    end each pair that went is tried once more: it may fit again now.
    """
    live = Live(table)
    gone = fit(live, half_hours, hours)
    for pair in tuple(gone):
        live.allow(*pair)
        if over_hours(live, half_hours, hours).size:
            live.forbid(*pair)
        else:
            gone.remove(pair)
    # Of several that are equally good, what came back with a pair allowed and forbidden need not fit.
    return live, tuple(sorted(gone + fit(live, half_hours, hours)))


def fit(live: Live, half_hours: Small, hours: Small) -> list[IdPair]:
    """Forbid pairs until everybody's fit into his hours: those forbidden."""
    gone: list[IdPair] = []
    over = over_hours(live, half_hours, hours)
    while over.size:
        for j in over.tolist():
            excess = int(half_hours[held(live.flow, j)].sum()) - int(hours[j])
            while excess > 0:
                mine = held(live.flow, j).tolist()
                freed = {e: min(excess, int(half_hours[e])) for e in mine if half_hours[e] > 0}
                e = min(freed, key=lambda e: loss(live.flow, e) / freed[e])
                pair = live.helper_ids[j], live.household_ids[int(live.flow.household[e])]
                live.forbid(*pair)
                gone.append(pair)
                excess = int(half_hours[held(live.flow, j)].sum()) - int(hours[j])
        over = over_hours(live, half_hours, hours)
    return gone


@compiled
def loss(flow: Any, e: int) -> int:
    """What the household loses at least when this pair is not to be: against its next best offer, or an empty place."""
    h = flow.household[e]
    best = -worth(flow, h, flow.filled[h] - 1)
    for k in range(flow.row_start[h], flow.row_end[h]):
        if flow.made[k] == 0:
            best = max(best, gain(flow, k) - flow.price[flow.helper[k]])
    return gain(flow, e) - flow.price[flow.helper[e]] - best


def held(flow: Flow, j: int) -> Small:
    """The edges of helper j's pairs."""
    first = int(flow.held_start[j])
    return flow.held[first : first + int(flow.load[j])]


def over_hours(live: Live, half_hours: Small, hours: Small) -> Whole:
    """The helpers whose pairs take more than they have."""
    rows = np.flatnonzero(live.flow.made[: half_hours.size] == 1)
    taken = np.bincount(live.flow.helper[rows], weights=half_hours[rows], minlength=hours.size)
    return np.flatnonzero((hours != NOBODY) & (taken > hours))


def tighten(
    table: Candidates,
    goal: Objective,
    half_hours: Small,
    hours: Small,
    surplus: Whole,
    value: int,
    steps: int,
) -> tuple[int, Whole]:
    """(the lowest bound found, the surplus that proves it)."""
    flow = with_columns(start(table, goal))
    bound, step = bound_with_hours(table, goal, flow, half_hours, hours, surplus)
    best, best_surplus, now, size, stalled = bound, surplus, surplus, FIRST_STEP * goal.point, 0
    for _ in range(steps):
        if best - value < goal.point or not step.any():
            break
        now = now - step * size
        bound, step = bound_with_hours(table, goal, flow, half_hours, hours, now)
        stalled += 1
        if bound < best:
            best, best_surplus, stalled = bound, now, 0
        elif stalled == STALL:
            bound, step = bound_with_hours(table, goal, flow, half_hours, hours, best_surplus)
            now, size, stalled = best_surplus, max(1, size // 2), 0
    return best, best_surplus


def bound_with_hours(
    table: Candidates, goal: Objective, flow: Flow, half_hours: Small, hours: Small, surplus: Whole
) -> tuple[int, Whole]:
    """(what no pairing within the hours can exceed, places wanted less helpers offered per household) at this surplus."""
    wanted = classes(table)
    above = np.where(wanted > 0, wanted * goal.unit + surplus[:, None], 0)
    profit = np.zeros(len(table.helper_ids), np.int64)
    offered = np.zeros(len(table.household_ids), np.int32)
    degree = flow.column_end - flow.column_start
    states = (np.minimum(flow.room, degree) + 1) * (np.maximum(hours, 0) + 1)
    most = np.zeros(int(states.max(initial=1)), np.int64)
    taken = np.zeros(int((states * degree).max(initial=1)), np.uint8)
    best_sets(flow, half_hours, hours, surplus, profit, offered, most, taken)
    bound = exact_sum(np.maximum(above, 0).ravel()) + exact_sum(profit)
    return bound, (above > 0).sum(axis=1) - offered


@compiled
def best_sets(
    flow: Any, half_hours: Any, hours: Any, surplus: Any, profit: Any, offered: Any, most: Any, taken: Any
) -> None:
    """Write what each helper can bring at most at this surplus, and add one for each household of that choice.

    most[p · width + w]: the most with p places and w half-hours; taken: whether an edge came to it, one such table an edge.
    """
    for j in range(flow.room.size):
        first, end = flow.column_start[j], flow.column_end[j]
        room = min(flow.room[j], end - first)
        width = max(hours[j], 0) + 1
        states = (room + 1) * width
        for state in range(states):
            most[state] = 0
        for k in range(first, end):
            e = flow.column[k]
            own = gain(flow, e) - surplus[flow.household[e]]
            cost = 0 if hours[j] < 0 else half_hours[e]
            table = (k - first) * states
            for state in range(states - 1, width - 1, -1):
                before = state - width - cost
                better = own > 0 and state % width >= cost and most[before] + own > most[state]
                taken[table + state] = better
                if better:
                    most[state] = most[before] + own
        state = states - 1
        profit[j] = most[state]
        for k in range(end - 1, first - 1, -1):
            if room > 0 and state >= width and taken[(k - first) * states + state]:
                e = flow.column[k]
                offered[flow.household[e]] += 1
                state -= width + (0 if hours[j] < 0 else half_hours[e])

"""The best pairing, exactly.

First what can be covered at all (:mod:`matching.cover`): where helpers are short it says at which class of places their
prices must stand. Then, where it is tight, a rough auction (:mod:`matching.bidding`), and always shortest paths
(:mod:`matching.paths`) for every place still empty and every helper's place still dear. The first two only save time.
"""

from collections.abc import Iterable
from typing import Any

import numpy as np

from matching.answer import IdPair, Solution
from matching.bidding import bid, keep_what_holds
from matching.cover import CLASSES, cover
from matching.flow import Flow, Ints, best_offer, compiled
from matching.levels import (
    Objective,
    dual_bound,
    living_pairs,
    objective,
    order_of_places,
    totals,
    value_of,
)
from matching.model import MAX_HOUSEHOLD_PLACES, MAX_URGENCY
from matching.paths import fill, release
from matching.table import Candidates, Whole

TIGHT = 0.8  # from this share of the helpers' places on, bidding pays
STEPS = 128  # into so many steps an auction divides the range of points


def solve(table: Candidates, keep: Iterable[IdPair] = (), keep_gain: int = 0) -> Solution:
    """The best pairing of all eligible pairs, with its proof.

    keep: living (helper id, household id) pairs, whose places are counted in the table; one is broken only for a
    higher level or a gain of more than ``keep_gain`` points. Raises MatchingError when the numbers do not fit.
    """
    living_ids = tuple(sorted(set(keep)))
    goal = objective(table, living_ids, keep_gain)
    flow = start(table, goal)
    find_best(flow)
    return solution_of(table, goal, np.flatnonzero(flow.made), flow.price, flow.surplus, living_ids)


def solution_of(
    table: Candidates,
    goal: Objective,
    rows: Whole,
    prices: Ints,
    surplus: Ints,
    living_ids: Iterable[IdPair],
) -> Solution:
    """These rows of the table as an answer with its proof."""
    living, _ = living_pairs(table, living_ids)
    return Solution(
        table=table,
        rows=rows,
        place=order_of_places(table, rows, living),
        totals=totals(table, rows, living_ids),
        point=goal.point,
        unit=goal.unit,
        prices=prices,
        surplus=surplus,
        value=value_of(table, goal, rows),
        bound=dual_bound(table, goal, prices, surplus),
    )


def start(table: Candidates, goal: Objective) -> Flow:
    """Nobody paired, all prices zero."""
    n, m, edges = len(table.helper_ids), len(table.household_ids), len(table)
    # One slot more than can be used: a pair is made before the one it replaces is parted.
    used = np.minimum(table.helper_places, np.bincount(table.helper, minlength=n))
    slots = np.concatenate(([0], np.cumsum(used + 1)))
    none, nodes = np.zeros(0, np.int64), n + m
    return Flow(
        row_start=table.indptr[:-1],
        row_end=table.indptr[1:],
        column_start=none,
        column_end=none,
        column=np.zeros(0, np.int32),
        helper=table.helper,
        household=table.household,
        score=goal.score,
        travel=goal.travel,
        point=goal.point,
        unit=goal.unit,
        urgency=table.urgency,
        helped=table.filled,
        places=table.household_places,
        room=table.helper_places,
        price=np.zeros(n, np.int64),
        surplus=np.zeros(m, np.int64),
        filled=np.zeros(m, np.int32),
        pairs=np.zeros((m, MAX_HOUSEHOLD_PLACES + 1), np.int32),
        held_start=slots[:-1],
        held=np.zeros(slots[-1], np.int32),
        load=np.zeros(n, np.int32),
        made=np.zeros(edges, np.uint8),
        distance=np.zeros(nodes, np.int64),
        seen=np.zeros(nodes, np.int32),
        settled=np.zeros(nodes, np.int32),
        by=np.zeros(nodes, np.int32),
        order=np.zeros(nodes, np.int32),
        heap=np.zeros(nodes, np.int32),
        spot=np.full(nodes, -1, np.int32),
        log=none,
        tally=np.zeros(2, np.int64),
    )


def find_best(flow: Flow) -> None:
    """Bring a flow in which nobody is paired to the best pairing."""
    covered = cover(flow)
    flow.price[:] = covered.critical.astype(np.int64) * flow.unit
    if covered.filled.sum() > TIGHT * (flow.held.size - flow.room.size):
        points = int(flow.score.max(initial=0)) - int(flow.score.min(initial=0))
        bid(flow, max(1, points // STEPS) * flow.point)
        keep_what_holds(flow)
    fill_all(flow)
    settle_rest(flow)
    if np.any((flow.load < flow.room) & (flow.price > 0)):
        release_all(with_columns(flow))


def with_columns(flow: Flow) -> Flow:
    """The flow with the edges of each helper, by household."""
    begin = np.concatenate(([0], np.cumsum(np.bincount(flow.helper, minlength=flow.room.size))))
    column = np.empty(flow.helper.size, np.int32)
    transpose(flow.helper, begin[:-1].copy(), column)
    return flow._replace(column_start=begin[:-1], column_end=begin[1:], column=column)


@compiled
def transpose(helper: Any, at: Any, column: Any) -> None:
    """Write each edge where its helper's next one goes."""
    for e in range(helper.size):
        column[at[helper[e]]] = e
        at[helper[e]] += 1


@compiled
def fill_all(flow: Any) -> None:
    """Look at every empty place, the worthiest first, ties in the order of ids."""
    for place_class in range(CLASSES, 0, -1):
        place = MAX_HOUSEHOLD_PLACES - 1 - (place_class - 1) // MAX_URGENCY
        urgency = (place_class - 1) % MAX_URGENCY + 1
        for h in range(flow.places.size):
            number = place - flow.helped[h]
            if flow.urgency[h] == urgency and flow.places[h] > number and flow.filled[h] == number:
                fill(flow, h)


@compiled
def release_all(flow: Any) -> None:
    """Use every helper's place that stands idle at a price, or bring the price down."""
    for j in range(flow.room.size):
        while flow.load[j] < flow.room[j] and release(flow, j):
            pass


@compiled
def settle_rest(flow: Any) -> None:
    """Give households that want nobody a surplus that the proof can use."""
    for h in range(flow.places.size):
        if flow.places[h] == 0:
            e, offer = best_offer(flow, h)
            flow.surplus[h] = offer if e >= 0 else 0


def solve_with(table: Candidates, row: int, keep: Iterable[IdPair] = (), keep_gain: int = 0) -> Whole:
    """The rows of the best pairing among those that have this row's pair in them."""
    goal = objective(table, keep, keep_gain)
    flow = start(table, goal)
    h, j = int(flow.household[row]), int(flow.helper[row])
    flow = flow._replace(helped=flow.helped.copy(), places=flow.places.copy(), room=flow.room.copy())
    flow.helped[h] += 1
    flow.places[h] -= 1
    flow.room[j] -= 1
    flow.made[row] = 2
    find_best(flow)
    return np.flatnonzero(flow.made)

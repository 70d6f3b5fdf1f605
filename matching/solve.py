"""The best pairing, exactly: shortest augmenting paths with prices, one household's place after the other.

Places come in the order of their worth. Each finds the cheapest way to a helper with room, moving others where that
pays, or takes over from a place worth no more. The prices that guide the search are the proof at the end.
"""

import heapq
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from matching.answer import IdPair, Pair, Solution
from matching.candidates import Candidates
from matching.levels import (
    Objective,
    dual_bound,
    living_pairs,
    objective,
    order_of_places,
    totals,
    value_of,
)


@dataclass(slots=True)
class State:
    """Who is paired now, and prices that prove it the best for the places looked at so far.

    gain[h][j] of each pair; worth[h][u] of each place; room, price, helping (households) per helper;
    surplus, helped_by (helpers) per household.
    """

    gain: list[dict[int, int]]
    worth: tuple[tuple[int, ...], ...]
    room: list[int]
    price: list[int]
    helping: list[set[int]]
    surplus: list[int]
    helped_by: list[set[int]]


@dataclass(frozen=True, slots=True)
class Search:
    """A finished search: its cheapest cost, how far each settled node is, and the path to walk (empty: change nothing).

    Nodes: helper j is j; household h is (number of helpers) + h.
    """

    cost: int
    settled: dict[int, int]
    path: list[int]


def start(table: Candidates, goal: Objective) -> State:
    """Nobody paired, all prices zero."""
    helpers, gains = table.helper.tolist(), goal.gain.tolist()
    rows = [slice(begin, end) for begin, end in pairwise(table.indptr.tolist())]
    return State(
        gain=[dict(zip(helpers[row], gains[row], strict=True)) for row in rows],
        worth=goal.worth,
        room=table.helper_places.tolist(),
        price=[0] * len(table.helper_ids),
        helping=[set() for _ in table.helper_ids],
        surplus=[0] * len(table.household_ids),
        helped_by=[set() for _ in table.household_ids],
    )


def solve(table: Candidates, keep: Iterable[IdPair] = (), keep_gain: int = 0) -> Solution:
    """The best pairing of all eligible pairs, with its proof.

    keep: living (helper id, household id) pairs, whose places are counted in the table; one is broken only for a
    higher level or a gain of more than ``keep_gain`` points. Raises MatchingError when the numbers do not fit.
    """
    living_ids = tuple(sorted(set(keep)))
    goal = objective(table, living_ids, keep_gain)
    state = start(table, goal)
    settle(state)
    rows = chosen_rows(table, state)
    prices = np.array(state.price, dtype=np.int64)
    surplus = np.array(state.surplus, dtype=np.int64)
    return Solution(
        pairs=pairs_of(table, rows, living_ids),
        totals=totals(table, rows, living_ids),
        prices=prices,
        surplus=surplus,
        value=value_of(table, goal, rows),
        bound=dual_bound(table, goal, prices, surplus),
    )


def solve_with(table: Candidates, row: int, keep: Iterable[IdPair] = (), keep_gain: int = 0) -> list[int]:
    """The rows of the best pairing among those that have this row's pair in them."""
    goal = objective(table, keep, keep_gain)
    h, j = int(table.household[row]), int(table.helper[row])
    state = start(table, goal)
    state.worth = (*goal.worth[:h], goal.worth[h][1:], *goal.worth[h + 1 :])
    state.room[j] -= 1
    del state.gain[h][j]
    settle(state)
    return sorted([row, *chosen_rows(table, state)])


def chosen_rows(table: Candidates, state: State) -> list[int]:
    """The rows of the pairs made."""
    helpers, households = table.helper.tolist(), table.household.tolist()
    return [row for row, h in enumerate(households) if helpers[row] in state.helped_by[h]]


def pairs_of(table: Candidates, rows: Iterable[int], keep: Iterable[IdPair]) -> tuple[Pair, ...]:
    """The rows as pairs, by household id, then place."""
    living = frozenset(living_pairs(table, keep)[0].tolist())
    helpers, households = table.helper.tolist(), table.household.tolist()
    by_household: dict[int, list[int]] = {}
    for row in rows:
        by_household.setdefault(households[row], []).append(row)
    return tuple(
        Pair(table.helper_ids[helpers[row]], table.household_ids[h], place)
        for h, mine in sorted(by_household.items())
        for place, row in enumerate(order_of_places(table, mine, living), start=1)
    )


def settle(state: State) -> None:
    """Look at every place, the worthiest first, ties in the order of ids."""
    order = sorted((-worth, h, u) for h, places in enumerate(state.worth) for u, worth in enumerate(places))
    for minus_worth, h, u in order:
        if u == 0:
            state.surplus[h] = best_offer(state, h, minus_worth)
        if state.surplus[h] > minus_worth:
            apply(state, cheapest_path(state, h, -minus_worth))
    for h, places in enumerate(state.worth):
        if not places:
            state.surplus[h] = best_offer(state, h, 0)


def best_offer(state: State, h: int, default: int) -> int:
    """The most a household nobody helps yet gains from any helper at today's prices."""
    return max((gain - state.price[j] for j, gain in state.gain[h].items()), default=default)


def cheapest_path(state: State, root: int, worth: int) -> Search:
    """The cheapest way (Dijkstra) to pair household ``root`` once more, against leaving this place of ``worth`` empty.

    A path goes household → helper not yet at that household → one of that helper's households → …; it ends at a
    helper with room, or at a household that gives up its last place.
    """
    first_household = len(state.price)
    cost, end = worth + state.surplus[root], -1
    reached = {first_household + root: 0}
    came_from = {first_household + root: -1}
    settled: dict[int, int] = {}
    heap = [(0, first_household + root)]
    while heap:
        way, node = heapq.heappop(heap)
        if way >= cost:
            break
        if node in settled:
            continue
        settled[node] = way
        if node < first_household:
            if len(state.helping[node]) < state.room[node]:
                cost, end = way, node
                break
        elif node != first_household + root:
            h = node - first_household
            leaving = way + state.worth[h][len(state.helped_by[h]) - 1] + state.surplus[h]
            if leaving < cost:
                cost, end = leaving, node
        for neighbour, length in steps(state, node, first_household):
            further = way + length
            if further < cost and further < reached.get(neighbour, cost):
                reached[neighbour] = further
                came_from[neighbour] = node
                heapq.heappush(heap, (further, neighbour))
    return Search(cost, settled, trace(came_from, end))


def steps(state: State, node: int, first_household: int) -> Iterable[tuple[int, int]]:
    """Where a path may go from here, and how much each step loses at today's prices (never less than nothing)."""
    if node < first_household:
        price = state.price[node]
        return [
            (first_household + h, state.gain[h][node] - price - state.surplus[h]) for h in state.helping[node]
        ]
    h = node - first_household
    taken, surplus = state.helped_by[h], state.surplus[h]
    return [(j, surplus + state.price[j] - gain) for j, gain in state.gain[h].items() if j not in taken]


def trace(came_from: dict[int, int], end: int) -> list[int]:
    """The path from the root to its end."""
    path = []
    while end >= 0:
        path.append(end)
        end = came_from[end]
    return path[::-1]


def apply(state: State, search: Search) -> None:
    """Move the prices so that they prove the new best, then walk the path: join, part, join …"""
    first_household = len(state.price)
    for node, way in search.settled.items():
        if node < first_household:
            state.price[node] += search.cost - way
        else:
            state.surplus[node - first_household] -= search.cost - way
    for here, there in pairwise(search.path):
        if here >= first_household:
            state.helped_by[here - first_household].add(there)
            state.helping[there].add(here - first_household)
        else:
            state.helped_by[there - first_household].remove(here)
            state.helping[here].remove(there - first_household)

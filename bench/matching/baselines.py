"""What people do without a solver, for what it loses: a spreadsheet from the top down, and Gale–Shapley."""

import heapq

import numpy as np

from bench.matching import peer


def spreadsheet(table: peer.Table) -> peer.Ints:
    """First places before second ones, the most urgent household first: each takes the free helper with the best score."""
    free = table.helper_places.copy()
    household, classes = peer.places(table)
    taken = np.zeros(table.helper.size, dtype=bool)
    for h in household[np.lexsort((household, -classes))]:
        row = slice(table.indptr[h], table.indptr[h + 1])
        possible = (free[table.helper[row]] > 0) & ~taken[row]
        if possible.any():
            best = int(np.argmax(np.where(possible, table.score[row], -1)))
            taken[table.indptr[h] + best] = True
            free[table.helper[table.indptr[h] + best]] -= 1
    return np.flatnonzero(taken)


def gale_shapley(table: peer.Table) -> peer.Ints:
    """Households propose by score, helpers keep those with whom they score best; a stable pairing."""
    order = np.lexsort((table.travel, -table.score, table.household)).tolist()
    score, helper, owner = table.score.tolist(), table.helper.tolist(), table.household.tolist()
    room, end = table.helper_places.tolist(), table.indptr[1:].tolist()
    upcoming = table.indptr[:-1].tolist()
    held: list[list[tuple[int, int]]] = [[] for _ in room]  # per helper (score, -row), the worst first
    asking = np.repeat(np.arange(table.urgency.size), table.household_places).tolist()
    while asking:
        h = asking.pop()
        if upcoming[h] == end[h]:
            continue
        row = order[upcoming[h]]
        upcoming[h] += 1
        j = helper[row]
        heapq.heappush(held[j], (score[row], -row))
        if len(held[j]) > room[j]:
            asking.append(owner[-heapq.heappop(held[j])[1]])
    return np.sort(np.array([-row for mine in held for _, row in mine], dtype=np.int64))


BASELINES = {"a spreadsheet's greedy": spreadsheet, "Gale–Shapley": gale_shapley}

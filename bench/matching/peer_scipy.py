"""SciPy's two assignment solvers, on places split into copies. See :mod:`bench.matching.peer`.

Copies let the same pair be booked twice where both sides have two places: what that wrongly gains is counted as `twice`.
"""

import numpy as np
from scipy.optimize import linear_sum_assignment
from scipy.sparse import csr_array
from scipy.sparse.csgraph import min_weight_full_bipartite_matching

from bench.matching import peer

DENSE, SPARSE = "dense assignment", "sparse assignment"
LARGEST = 50_000_000  # cells of a dense matrix


def solve(table: peer.Table, goal: peer.Objective, clock: peer.Clock, how: str) -> peer.Ints:
    """Every copy of a place against every copy of a helper it may have."""
    with clock.timed("build"):
        owner, at, column, row = copies(table)
        classes = peer.places(table)[1]
        worth = classes[at] * goal.weight + goal.gain[row]
        size = owner.size, int(table.helper_places.sum())
        if how == DENSE and size[0] * size[1] > LARGEST:
            raise SystemExit("too large for a dense matrix")
        matrix = dense(size, at, column, worth) if how == DENSE else sparse(size, at, column, worth)
    with clock.timed("solve"):
        rows, columns = (
            linear_sum_assignment(matrix, maximize=True)
            if how == DENSE
            else min_weight_full_bipartite_matching(matrix)
        )
    order = np.lexsort((column, at))
    keys, wanted = (at * size[1] + column)[order], rows * size[1] + columns
    found = np.minimum(np.searchsorted(keys, wanted), keys.size - 1)
    return row[order[found[(keys[found] == wanted) & (columns < size[1])]]]


def copies(table: peer.Table) -> tuple[peer.Ints, peer.Ints, peer.Ints, peer.Ints]:
    """The household of each place; and for each possible cell its place, its helper's copy and its pair."""
    owner = peer.places(table)[0]
    first_place = np.concatenate([[0], np.cumsum(table.household_places)])
    first_slot = np.concatenate([[0], np.cumsum(table.helper_places)])
    row, place = spread(np.arange(table.helper.size), table.household_places[table.household])
    at = first_place[table.household[row]] + place
    cell, slot = spread(np.arange(row.size), table.helper_places[table.helper[row]])
    return owner, at[cell], first_slot[table.helper[row[cell]]] + slot, row[cell]


def spread(values: peer.Ints, counts: peer.Ints) -> tuple[peer.Ints, peer.Ints]:
    """Each value so many times, and which of these times it is."""
    begin = np.repeat(np.cumsum(counts) - counts, counts)
    return np.repeat(values, counts), np.arange(begin.size) - begin


def dense(size: tuple[int, int], at: peer.Ints, column: peer.Ints, worth: peer.Ints) -> np.ndarray:
    """The matrix of worths; 0 where there is no pair."""
    matrix = np.zeros(size)
    matrix[at, column] = worth
    return matrix


def sparse(size: tuple[int, int], at: peer.Ints, column: peer.Ints, worth: peer.Ints) -> csr_array:
    """The matrix of costs, with a column for each place to be left empty in."""
    most = float(worth.max(initial=0)) + 1
    own = np.arange(size[0])
    cost = np.concatenate([most - worth, np.full(size[0], most)])
    cells = np.concatenate([at, own]), np.concatenate([column, size[1] + own])
    return csr_array((cost, cells), shape=(size[0], size[1] + size[0]))


if __name__ == "__main__":
    peer.run("SciPy", "scipy", solve, (DENSE, SPARSE))

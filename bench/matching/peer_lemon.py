"""LEMON through pylmcf: its network simplex, cost scaling, and pylmcf's link-cut-tree simplex.

See :mod:`bench.matching.peer`. Arcs are handed over in the order LEMON keeps them in, so that it need not sort; its calls
copy the arcs into a graph of their own, which cannot be timed apart and counts as solving.
"""

import numpy as np
from pylmcf import pylmcf_cpp

from bench.matching import peer

WAYS = {
    "simplex": pylmcf_cpp.lmcf,
    "cost scaling": pylmcf_cpp.lmcf_cost_scaling,
    "link-cut simplex": pylmcf_cpp.lmcf_lct,
}


def solve(table: peer.Table, goal: peer.Objective, clock: peer.Clock, how: str) -> peer.Ints:
    """The arcs sorted, then the one call."""
    with clock.timed("build"):
        net = peer.network(table, goal)
        order = np.lexsort((net.head, net.tail))
        arcs = [
            np.ascontiguousarray(column[order]) for column in (net.tail, net.head, net.capacity, net.cost)
        ]
    with clock.timed("solve"):
        flow = WAYS[how](net.supply, *arcs)
    chosen = order[np.flatnonzero(flow)]
    return np.sort(chosen[chosen < table.helper.size])


if __name__ == "__main__":
    peer.run("LEMON", "pylmcf", solve, tuple(WAYS))

"""OR-Tools' SimpleMinCostFlow (cost scaling push-relabel). See :mod:`bench.matching.peer`."""

import numpy as np
from ortools.graph.python.min_cost_flow import SimpleMinCostFlow

from bench.matching import peer


def solve(table: peer.Table, goal: peer.Objective, clock: peer.Clock, how: str) -> peer.Ints:
    """Arcs added in bulk, then the bare solve()."""
    with clock.timed("build"):
        net = peer.network(table, goal)
        if not goal.fits(net.supply.size):
            raise SystemExit("costs times nodes leave 64 bits")
        flow = SimpleMinCostFlow()
        flow.add_arcs_with_capacity_and_unit_cost(
            net.tail.astype(np.int32), net.head.astype(np.int32), net.capacity, net.cost
        )
        flow.set_nodes_supplies(np.arange(net.supply.size, dtype=np.int32), net.supply)
    with clock.timed("solve"):
        status = flow.solve()
    if status != flow.OPTIMAL:
        raise SystemExit(f"not solved: {status}")
    return np.flatnonzero(flow.flows(np.arange(table.helper.size, dtype=np.int32)))


if __name__ == "__main__":
    peer.run("OR-Tools", "ortools", solve)

"""Shortest paths that make one pairing the best again: a place more to fill, a helper's place more to use.

Successive shortest paths with potentials (Dijkstra), as in every exact assignment code; see Ahuja, Magnanti, Orlin,
Network Flows (1993), ch. 9 and 12. A search ends as soon as nothing nearer can come.
"""

from typing import Any

from matching.flow import best_offer, compiled, drop_first, gain, inlined, join, lift, part, worth

NOWHERE = -1


@compiled
def fill(flow: Any, root: int) -> bool:
    """Fill one more place of household ``root``, moving others where that pays; False when it is better left empty.

    A path goes household → helper → one of that helper's households → …; it ends at a helper with room, or at a household
    that gives up its last place.
    """
    wanted = worth(flow, root, flow.filled[root])
    if flow.filled[root] == 0:
        e, offer = best_offer(flow, root)
        flow.surplus[root] = max(offer, -wanted) if e >= 0 else -wanted
        if e >= 0 and wanted + offer > 0 and flow.load[flow.helper[e]] < flow.room[flow.helper[e]]:
            join(flow, e)
            return True
    if wanted + flow.surplus[root] <= 0:
        return False
    cost, end, passed = search_room(flow, root, wanted + flow.surplus[root])
    shift(flow, passed, cost, 1)
    if end == NOWHERE:
        return False
    households = flow.price.size
    node = end
    while node != households + root:
        e = flow.by[node]
        if node >= households:
            part(flow, e)
            node = flow.helper[e]
        else:
            join(flow, e)
            node = households + flow.household[e]
    return True


@compiled
def search_room(flow: Any, root: int, limit: int) -> tuple[int, int, int]:
    """(cost of the cheapest path that costs less than ``limit``, its end, nodes settled)."""
    households = flow.price.size
    cost, end, passed = limit, NOWHERE, 0
    size = begin(flow, households + root)
    while size > 0:
        node = flow.heap[0]
        way = flow.distance[node]
        if way >= cost:
            break
        size = drop_first(flow, size)
        settle(flow, node, passed)
        passed += 1
        if node < households:
            size = reach_holders(flow, node, way, cost, size)
            continue
        h = node - households
        if h != root:
            leaving = way + worth(flow, h, flow.filled[h] - 1) + flow.surplus[h]
            if leaving < cost:
                cost, end = leaving, node
        cost, end, size = reach_helpers(flow, h, way, cost, end, size)
    clear(flow, size)
    return cost, end, passed


@inlined
def reach_helpers(flow: Any, h: int, way: int, cost: int, end: int, size: int) -> tuple[int, int, int]:
    """From household h to helpers that do not help it yet; one with room is an end."""
    base, search = way + flow.surplus[h], flow.tally[1]
    for e in range(flow.row_start[h], flow.row_end[h]):
        j = flow.helper[e]
        further = base + flow.price[j] - gain(flow, e)
        if further < cost and flow.made[e] == 0 and nearer(flow, j, further, search):
            flow.by[j] = e
            if flow.load[j] < flow.room[j]:
                flow.distance[j] = further
                flow.seen[j] = search
                cost, end = further, j
            else:
                size = reach(flow, j, further, search, size)
    return cost, end, size


@inlined
def reach_holders(flow: Any, j: int, way: int, cost: int, size: int) -> int:
    """From helper j to the households it helps."""
    households, search = flow.price.size, flow.tally[1]
    for k in range(flow.held_start[j], flow.held_start[j] + flow.load[j]):
        e = flow.held[k]
        h = flow.household[e]
        further = way + gain(flow, e) - flow.price[j] - flow.surplus[h]
        if further < cost and nearer(flow, households + h, further, search):
            flow.by[households + h] = e
            size = reach(flow, households + h, further, search, size)
    return size


@compiled
def release(flow: Any, root: int) -> bool:
    """Use one more place of helper ``root``, or lower its price to nothing; False when all it takes is the price.

    The same search the other way round: helper → household it could help → one of that household's helpers → …; it ends
    at an empty place, or at a helper whose price comes down to 0. Needs the columns.
    """
    if flow.price[root] <= 0:
        return False
    cost, end, passed = search_use(flow, root)
    shift(flow, passed, cost, -1)
    if end == NOWHERE:
        return False
    households = flow.price.size
    node = end
    while node != root:
        e = flow.by[node]
        if node >= households:
            join(flow, e)
            node = flow.helper[e]
        else:
            part(flow, e)
            node = households + flow.household[e]
    return True


@compiled
def search_use(flow: Any, root: int) -> tuple[int, int, int]:
    """(cost of the cheapest path that costs less than the price, its end, nodes settled)."""
    households = flow.price.size
    cost, end, passed = flow.price[root], NOWHERE, 0
    size = begin(flow, root)
    while size > 0:
        node = flow.heap[0]
        way = flow.distance[node]
        if way >= cost:
            break
        size = drop_first(flow, size)
        settle(flow, node, passed)
        passed += 1
        if node >= households:
            size = reach_helping(flow, node - households, way, cost, size)
            continue
        if node != root and way + flow.price[node] < cost:
            cost, end = way + flow.price[node], node
        cost, end, size = reach_wanting(flow, node, way, cost, end, size)
    clear(flow, size)
    return cost, end, passed


@inlined
def reach_wanting(flow: Any, j: int, way: int, cost: int, end: int, size: int) -> tuple[int, int, int]:
    """From helper j to households it does not help yet; one with an empty place may be an end."""
    households, search = flow.price.size, flow.tally[1]
    base = way + flow.price[j]
    for k in range(flow.column_start[j], flow.column_end[j]):
        e = flow.column[k]
        h = flow.household[e]
        further = base + flow.surplus[h] - gain(flow, e)
        if further < cost and flow.made[e] == 0 and nearer(flow, households + h, further, search):
            flow.by[households + h] = e
            size = reach(flow, households + h, further, search, size)
            if flow.filled[h] < flow.places[h]:
                taking = further - worth(flow, h, flow.filled[h]) - flow.surplus[h]
                if taking < cost:
                    cost, end = taking, households + h
    return cost, end, size


@inlined
def reach_helping(flow: Any, h: int, way: int, cost: int, size: int) -> int:
    """From household h to the helpers it has."""
    search = flow.tally[1]
    for k in range(flow.filled[h]):
        e = flow.pairs[h, k]
        j = flow.helper[e]
        further = way + gain(flow, e) - flow.price[j] - flow.surplus[h]
        if further < cost and nearer(flow, j, further, search):
            flow.by[j] = e
            size = reach(flow, j, further, search, size)
    return size


@inlined
def begin(flow: Any, root: int) -> int:
    """A new search from this node; the heap's size."""
    flow.tally[1] += 1
    flow.distance[root] = 0
    flow.seen[root] = flow.tally[1]
    return lift(flow, 0, root)


@inlined
def nearer(flow: Any, node: int, further: int, search: int) -> bool:
    """Is this the shortest way to the node so far?"""
    return flow.seen[node] != search or (flow.settled[node] != search and further < flow.distance[node])


@inlined
def reach(flow: Any, node: int, further: int, search: int, size: int) -> int:
    """The node can be reached at this distance; the heap's size."""
    flow.distance[node] = further
    flow.seen[node] = search
    return lift(flow, size, node)


@inlined
def settle(flow: Any, node: int, passed: int) -> None:
    """The node's distance is final."""
    flow.settled[node] = flow.tally[1]
    flow.order[passed] = node


@inlined
def clear(flow: Any, size: int) -> None:
    """Leave the heap empty."""
    for k in range(size):
        flow.spot[flow.heap[k]] = -1


@inlined
def shift(flow: Any, passed: int, cost: int, sign: int) -> None:
    """Move prices up (sign 1) or down (-1) by what the settled nodes are nearer than the path is long."""
    households = flow.price.size
    for k in range(passed):
        node = flow.order[k]
        step = sign * (cost - flow.distance[node])
        if node < households:
            flow.price[node] += step
        else:
            flow.surplus[node - households] -= step

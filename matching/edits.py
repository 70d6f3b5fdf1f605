"""Changes to a flow that is the best: what comes, goes, grows; then paths until it is the best again. Compiled."""

from typing import Any, NamedTuple

from matching.flow import Ints, Small, best_offer, compiled, gain, inlined, part, worth

BARRED = 2  # in ``Flow.made``: a pair that must not be made
BEYOND = 1 << 61  # a price nobody pays, for those who have left


class Space(NamedTuple):
    """Where the lists of a flow may still grow. Row h may reach ``row_limit[h]``, likewise columns and held slots.

    points, metres: of each edge, without what keeping a pair is worth. spot: where it stands in its helper's column.
    used: [edges, column entries, held slots] given out so far.
    """

    row_limit: Ints
    column_limit: Ints
    held_limit: Ints
    points: Small
    metres: Small
    spot: Small
    used: Ints


@compiled
def append_edges(flow: Any, space: Any, household: Any, helper: Any, score: Any, travel: Any) -> int:
    """Add these possible pairs, those of one household or of one helper; how many there was space for."""
    size = household.size
    one_row, one_column = size > 1 and household[0] == household[-1], size > 1 and helper[0] == helper[-1]
    for k in range(size):
        h, j = household[k], helper[k]
        in_row, in_column = size - k if one_row else 1, size - k if one_column else 1
        if not (widen_row(flow, space, h, in_row) and widen_column(flow, space, j, in_column)):
            return k
        degree = flow.column_end[j] - flow.column_start[j] + 1
        if not widen_held(flow, space, j, min(flow.room[j], degree) + 1):
            return k
        e = flow.row_end[h]
        flow.row_end[h] += 1
        flow.helper[e], flow.household[e] = j, h
        flow.score[e], flow.travel[e] = score[k], travel[k]
        space.points[e], space.metres[e] = score[k], travel[k]
        flow.made[e] = 0
        flow.column[flow.column_end[j]] = e
        space.spot[e] = flow.column_end[j]
        flow.column_end[j] += 1
    return size


@compiled
def widen_row(flow: Any, space: Any, h: int, more: int) -> bool:
    """Make sure that so many more edges fit into the household's row, moving the row if need be."""
    if flow.row_end[h] + more <= space.row_limit[h]:
        return True
    start, size = flow.row_start[h], flow.row_end[h] - flow.row_start[h]
    to, room = space.used[0], 2 * size + more + 3
    if to + room > flow.helper.size:
        return False
    for k in range(size):
        move_edge(flow, space, start + k, to + k)
    flow.row_start[h], flow.row_end[h] = to, to + size
    space.row_limit[h] = to + room
    space.used[0] += room
    return True


@inlined
def move_edge(flow: Any, space: Any, e: int, to: int) -> None:
    """Give an edge another number."""
    h, j = flow.household[e], flow.helper[e]
    flow.household[to], flow.helper[to] = h, j
    flow.score[to], flow.travel[to] = flow.score[e], flow.travel[e]
    space.points[to], space.metres[to] = space.points[e], space.metres[e]
    flow.made[to] = flow.made[e]
    space.spot[to] = space.spot[e]
    flow.column[space.spot[e]] = to
    if flow.made[e] == 1:
        for k in range(flow.filled[h]):
            if flow.pairs[h, k] == e:
                flow.pairs[h, k] = to
        for k in range(flow.held_start[j], flow.held_start[j] + flow.load[j]):
            if flow.held[k] == e:
                flow.held[k] = to


@compiled
def widen_column(flow: Any, space: Any, j: int, more: int) -> bool:
    """Make sure that so many more edges fit into the helper's column."""
    if flow.column_end[j] + more <= space.column_limit[j]:
        return True
    start, size = flow.column_start[j], flow.column_end[j] - flow.column_start[j]
    to, room = space.used[1], 2 * size + more + 3
    if to + room > flow.column.size:
        return False
    for k in range(size):
        flow.column[to + k] = flow.column[start + k]
        space.spot[flow.column[to + k]] = to + k
    flow.column_start[j], flow.column_end[j] = to, to + size
    space.column_limit[j] = to + room
    space.used[1] += room
    return True


@compiled
def widen_held(flow: Any, space: Any, j: int, size: int) -> bool:
    """Make sure that the helper has so many slots for its pairs."""
    if space.held_limit[j] - flow.held_start[j] >= size:
        return True
    to, room = space.used[2], size + 2
    if to + room > flow.held.size:
        return False
    for k in range(flow.load[j]):
        flow.held[to + k] = flow.held[flow.held_start[j] + k]
    flow.held_start[j] = to
    space.held_limit[j] = to + room
    space.used[2] += room
    return True


@compiled
def price_newcomer(flow: Any, j: int) -> None:
    """The least price at which no household gains by the helper."""
    highest = 0
    for k in range(flow.column_start[j], flow.column_end[j]):
        e = flow.column[k]
        if flow.made[e] == 0:
            highest = max(highest, gain(flow, e) - flow.surplus[flow.household[e]])
    flow.price[j] = highest


@compiled
def offer_newcomer(flow: Any, h: int) -> None:
    """The surplus of a household nobody helps: the best it is offered."""
    e, offer = best_offer(flow, h)
    flow.surplus[h] = max(offer, -worth(flow, h, 0)) if e >= 0 else -worth(flow, h, 0)


@compiled
def empty_household(flow: Any, h: int, touched: Any) -> int:
    """Part all pairs of a household that leaves; the helpers that are free again, and how many."""
    count = flow.filled[h]
    for k in range(count):
        e = flow.pairs[h, 0]
        touched[k] = flow.helper[e]
        part(flow, e)
    flow.places[h] = 0
    flow.surplus[h] = BEYOND
    return count


@compiled
def offer_again(flow: Any, h: int, e: int, touched: Any) -> int:
    """Let the household choose afresh, this edge among its offers; the helpers that are free meanwhile, and how many."""
    count = flow.filled[h]
    for k in range(count):
        own = flow.pairs[h, 0]
        touched[k] = flow.helper[own]
        part(flow, own)
    flow.made[e] = 0
    offer_newcomer(flow, h)
    return count


@compiled
def empty_helper(flow: Any, j: int, touched: Any) -> int:
    """Part all pairs of a helper who quits; the households that lost one, and how many."""
    count = flow.load[j]
    for k in range(count):
        e = flow.held[flow.held_start[j]]
        touched[k] = flow.household[e]
        part(flow, e)
    flow.room[j] = 0
    flow.price[j] = BEYOND
    return count


@compiled
def yield_place(flow: Any, h: int) -> int:
    """The household parts with the pair that brings it least; the helper, or -1 when it has no pair."""
    worst, low = -1, 0
    for k in range(flow.filled[h]):
        e = flow.pairs[h, k]
        offer = gain(flow, e) - flow.price[flow.helper[e]]
        if worst < 0 or offer < low:
            worst, low = e, offer
    if worst < 0:
        return -1
    part(flow, worst)
    flow.surplus[h] = max(flow.surplus[h], low)
    return flow.helper[worst]


@compiled
def yield_room(flow: Any, j: int) -> int:
    """A helper without room parts with the household that loses least; that household, or -1 when there is room."""
    if flow.load[j] < flow.room[j]:
        return -1
    worst, low = -1, 0
    for k in range(flow.held_start[j], flow.held_start[j] + flow.load[j]):
        e = flow.held[k]
        above = gain(flow, e) - flow.price[j] - flow.surplus[flow.household[e]]
        if worst < 0 or above < low:
            worst, low = e, above
    part(flow, worst)
    flow.price[j] += low
    return flow.household[worst]


@compiled
def part_pair(flow: Any, e: int) -> None:
    """Take a pair apart, if it is one."""
    if flow.made[e] == 1:
        part(flow, e)

"""A pairing under way in flat arrays, and the few moves everything else is made of; compiled by numba.

An edge is a possible pair; its number is its row in the table. Besides the pairs made, the state holds the two halves
of the proof, a price per helper and a surplus per household, and between two moves this always holds:

- gain - price - surplus is at most 0 for a pair not made and at least 0 for a pair made;
- worth + surplus is at least 0 for a household's last filled place and at most 0 for its first empty one
  (unless nobody has looked at that place yet);
- a helper with room stands idle at its price, and in the end that price is 0.

Then no pairing is worth more (:mod:`matching.check` adds it up without trusting this).
"""

from typing import Any, NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from matching.model import MAX_HOUSEHOLD_PLACES, MAX_URGENCY

Ints = NDArray[np.int64]
Small = NDArray[np.int32]
Truth = NDArray[np.uint8]

# _nrt: these functions make no arrays, so the counting of references to those they are given can be left out; with it a
# call costs more than the work.
OPTIONS: dict[str, Any] = {"cache": True, "nogil": True, "error_model": "numpy", "_nrt": False}
compiled = njit(**OPTIONS)
inlined = njit(forceinline=True, **OPTIONS)


class Flow(NamedTuple):
    """n helpers, m households. In a search helper j is node j and household h is node n + h.

    Edges of household h: ``row_start[h]:row_end[h]``. Edges of helper j: ``column[column_start[j]:column_end[j]]``
    (empty where nobody asks). score, travel: per edge; a point is worth ``point`` metres, a step of a place's class ``unit``.
    helped, places: places filled for good, and those to fill. room: places of a helper. pairs: (m, 4), the edges of the
    ``filled[h]`` pairs of h. held: those of helper j from ``held_start[j]``, ``load[j]`` of them. made: 1 for a pair made.
    log: edges joined (e + 1) and parted (-e - 1). tally: [entries of the log, searches].
    """

    row_start: Ints
    row_end: Ints
    column_start: Ints
    column_end: Ints
    column: Small
    helper: Small
    household: Small
    score: Small
    travel: Small
    point: int
    unit: int
    urgency: Small
    helped: Small
    places: Small
    room: Small
    price: Ints
    surplus: Ints
    filled: Small
    pairs: Small
    held_start: Ints
    held: Small
    load: Small
    made: Truth
    distance: Ints
    seen: Small
    settled: Small
    by: Small
    order: Small
    heap: Small
    spot: Small
    log: Ints
    tally: Ints


@inlined
def gain(flow: Any, e: int) -> int:
    """What a pair brings: its points in metres, less its travel."""
    return flow.score[e] * flow.point - flow.travel[e]


@inlined
def worth(flow: Any, h: int, filled: int) -> int:
    """What it is worth that household h, with so many places filled, gets one more."""
    place = flow.helped[h] + filled
    return ((MAX_HOUSEHOLD_PLACES - 1 - place) * MAX_URGENCY + flow.urgency[h]) * flow.unit


@inlined
def note(flow: Any, entry: int) -> None:
    """Remember a move, where somebody wants to know."""
    if flow.tally[0] < flow.log.size:
        flow.log[flow.tally[0]] = entry
    flow.tally[0] += 1


@inlined
def join(flow: Any, e: int) -> None:
    """Make the pair."""
    h, j = flow.household[e], flow.helper[e]
    flow.pairs[h, flow.filled[h]] = e
    flow.filled[h] += 1
    flow.held[flow.held_start[j] + flow.load[j]] = e
    flow.load[j] += 1
    flow.made[e] = 1
    note(flow, e + 1)


@inlined
def part(flow: Any, e: int) -> None:
    """Take the pair apart."""
    h, j = flow.household[e], flow.helper[e]
    flow.filled[h] -= 1
    for k in range(flow.filled[h]):
        if flow.pairs[h, k] == e:
            flow.pairs[h, k] = flow.pairs[h, flow.filled[h]]
            break
    flow.load[j] -= 1
    last = flow.held_start[j] + flow.load[j]
    for k in range(flow.held_start[j], last):
        if flow.held[k] == e:
            flow.held[k] = flow.held[last]
            break
    flow.made[e] = 0
    note(flow, -e - 1)


@inlined
def best_offer(flow: Any, h: int) -> tuple[int, int]:
    """The best edge of household h that is no pair, and gain - price there; a helper with room wins a tie. (-1, 0) for none."""
    best, value, free = -1, 0, False
    for e in range(flow.row_start[h], flow.row_end[h]):
        j = flow.helper[e]
        offer = gain(flow, e) - flow.price[j]
        if flow.made[e] == 0 and (best < 0 or offer >= value):
            idle = flow.load[j] < flow.room[j]
            if best < 0 or offer > value or (idle and not free):
                best, value, free = e, offer, idle
    return best, value


@inlined
def lift(flow: Any, size: int, node: int) -> int:
    """Put a node into the heap, or up to where its shorter distance belongs; the heap's size."""
    heap, spot, key = flow.heap, flow.spot, flow.distance[node]
    at = spot[node]
    if at < 0:
        at = size
        size += 1
    while at > 0:
        parent = (at - 1) >> 2
        if flow.distance[heap[parent]] <= key:
            break
        heap[at] = heap[parent]
        spot[heap[at]] = at
        at = parent
    heap[at] = node
    spot[node] = at
    return size


@inlined
def drop_first(flow: Any, size: int) -> int:
    """Take the nearest node off the heap; the heap's size."""
    heap, spot = flow.heap, flow.spot
    spot[heap[0]] = -1
    size -= 1
    node = heap[size]
    if size == 0:
        return size
    key, at = flow.distance[node], 0
    while 4 * at + 1 < size:
        child = 4 * at + 1
        for other in range(child + 1, min(child + 4, size)):
            if flow.distance[heap[other]] < flow.distance[heap[child]]:
                child = other
        if flow.distance[heap[child]] >= key:
            break
        heap[at] = heap[child]
        spot[heap[at]] = at
        at = child
    heap[at] = node
    spot[node] = at
    return size

"""Which places can be covered at all, class by class, and which helpers are then fully taken up.

Hopcroft and Karp (1973): layers of alternating paths, then as many disjoint shortest ones as there are. Places come in the
order of their class; covered ones stay covered, since the sets of places that can be covered form a matroid.
"""

from typing import Any, NamedTuple

import numpy as np

from matching.flow import Ints, Small, compiled, inlined
from matching.model import MAX_HOUSEHOLD_PLACES, MAX_URGENCY

CLASSES = MAX_HOUSEHOLD_PLACES * MAX_URGENCY
OUT = 1 << 62  # in ``Cover.met``: a helper without a place, or one who is taken up


class Cover(NamedTuple):
    """Who covers what. Slots of helper j: from ``held_start[j]``, ``load[j]`` taken, each by the household ``holder``.

    critical: the class at which helper j and all who could stand in were taken up, 0 where there is room.
    level: how far a household is in this search (above ``tally[0]``); met: the same of a helper, or OUT. at: the edge a
    household tries next.
    """

    critical: Small
    held_start: Ints
    holder: Small
    load: Small
    filled: Small
    level: Ints
    met: Ints
    at: Ints
    walked: Ints
    stack: Small
    slot: Ints
    waiting: Small
    queue: Small
    tally: Ints


def cover(flow: Any) -> Cover:
    """Cover the places of the flow's households as if all pairs were equally good."""
    m, n = flow.places.size, flow.room.size
    state = Cover(
        critical=np.zeros(n, np.int32),
        held_start=flow.held_start,
        holder=np.zeros(flow.held.size, np.int32),
        load=np.zeros(n, np.int32),
        filled=np.zeros(m, np.int32),
        level=np.zeros(m, np.int64),
        met=np.where(flow.room > 0, 0, OUT),
        at=np.zeros(m, np.int64),
        walked=np.zeros(m, np.int64),
        stack=np.zeros(m + 1, np.int32),
        slot=np.zeros(m + 1, np.int64),
        waiting=np.zeros(m, np.int32),
        queue=np.zeros(m, np.int32),
        tally=np.ones(1, np.int64),
    )
    cover_classes(flow, state)
    return state


@compiled
def cover_classes(flow: Any, state: Any) -> None:
    """Cover the classes one after the other, the highest first."""
    households = flow.places.size
    waiting = state.waiting
    for place_class in range(CLASSES, 0, -1):
        place = MAX_HOUSEHOLD_PLACES - 1 - (place_class - 1) // MAX_URGENCY
        urgency = (place_class - 1) % MAX_URGENCY + 1
        left = 0
        for h in range(households):
            number = place - flow.helped[h]
            due = flow.urgency[h] == urgency and flow.places[h] > number and state.filled[h] == number
            if due and not cover_at_once(flow, state, h):
                waiting[left] = h
                left += 1
        while left > 0:
            deepest = layer(flow, state, left)
            if deepest < 0:
                for j in range(state.critical.size):
                    if state.tally[0] <= state.met[j] < OUT:
                        state.critical[j] = place_class
                        state.met[j] = OUT
                state.tally[0] += households + 1
                break
            still = 0
            for k in range(left):
                if not walk(flow, state, waiting[k], deepest):
                    waiting[still] = waiting[k]
                    still += 1
            left = still
            state.tally[0] += households + 1


@inlined
def is_held(state: Any, j: int, h: int) -> bool:
    """Does helper j cover a place of household h?"""
    found = False
    for k in range(state.held_start[j], state.held_start[j] + state.load[j]):
        found |= state.holder[k] == h
    return found


@inlined
def cover_at_once(flow: Any, state: Any, h: int) -> bool:
    """Give household h a helper with room, if it has such a neighbour."""
    for e in range(flow.row_start[h], flow.row_end[h]):
        j = flow.helper[e]
        if state.load[j] < flow.room[j] and not is_held(state, j, h):
            state.holder[state.held_start[j] + state.load[j]] = h
            state.load[j] += 1
            state.filled[h] += 1
            return True
    return False


@compiled
def layer(flow: Any, state: Any, left: int) -> int:
    """Breadth first from the households waiting: the layer from which a helper with room is seen, or -1 for none."""
    start, queue = state.tally[0], state.queue
    tail = left
    for k in range(left):
        queue[k] = state.waiting[k]
        state.level[queue[k]] = start
    head, deepest = 0, -1
    while head < tail:
        h = queue[head]
        head += 1
        own = state.level[h]
        if 0 <= deepest <= own:
            break
        for e in range(flow.row_start[h], flow.row_end[h]):
            j = flow.helper[e]
            if state.met[j] >= start or is_held(state, j, h):
                continue
            if state.load[j] < flow.room[j]:
                deepest = own
                break
            state.met[j] = own
            for k in range(state.held_start[j], state.held_start[j] + state.load[j]):
                other = state.holder[k]
                if state.level[other] < start:
                    state.level[other] = own + 1
                    queue[tail] = other
                    tail += 1
    return deepest


@compiled
def walk(flow: Any, state: Any, root: int, deepest: int) -> bool:
    """Depth first through the layers to a helper with room, passing everybody on the way on to the next helper."""
    top = 0
    state.stack[0] = root
    enter(flow, state, root)
    while top >= 0:
        h = state.stack[top]
        if state.at[h] == flow.row_end[h]:
            top -= 1
            continue
        j = flow.helper[state.at[h]]
        slot, free = -1, state.load[j] < flow.room[j]
        if (free or state.level[h] < deepest) and state.met[j] < OUT and not is_held(state, j, h):
            if free:
                state.holder[state.held_start[j] + state.load[j]] = h
                state.load[j] += 1
                for k in range(top, 0, -1):
                    state.holder[state.slot[k]] = state.stack[k - 1]
                state.filled[root] += 1
                return True
            slot = next_holder(state, j, state.level[h] + 1)
        if slot < 0:
            state.at[h] += 1
            continue
        top += 1
        state.stack[top] = state.holder[slot]
        state.slot[top] = slot
        enter(flow, state, state.holder[slot])
    return False


@inlined
def enter(flow: Any, state: Any, h: int) -> None:
    """Visit household h, once in each round."""
    if state.walked[h] != state.tally[0]:
        state.walked[h] = state.tally[0]
        state.at[h] = flow.row_start[h]


@inlined
def next_holder(state: Any, j: int, level: int) -> int:
    """A slot of helper j held by a household of this layer that nobody has visited, or -1."""
    for k in range(state.held_start[j], state.held_start[j] + state.load[j]):
        if state.level[state.holder[k]] == level and state.walked[state.holder[k]] != state.tally[0]:
            return k
    return -1

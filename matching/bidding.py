"""A quick first pairing where helpers are short: households outbid each other, roughly.

The auction algorithm (Bertsekas 1988) with one fixed step: nobody is further than the step from the best he could have.
What it leaves wrong, :mod:`matching.paths` puts right; so it decides how long a solution takes, never what it is.
"""

from typing import Any

import numpy as np

from matching.flow import Ints, Small, Truth, compiled, gain, inlined, join, part, worth

BIDS_A_PLACE = 60  # a war of bids ends here


def bid(flow: Any, step: int) -> None:
    """Let every household with an empty place bid until none wants to; each bid tops the next best offer by ``step``."""
    households = flow.places.size
    asked = np.zeros(flow.held.size, np.int64)
    bid_in_turn(flow, step, asked, np.zeros(households, np.int32), np.zeros(households, np.uint8))


@compiled
def bid_in_turn(flow: Any, step: int, asked: Ints, stack: Small, waits: Truth) -> None:
    """The same. asked: what each slot of a helper costs. stack: the households that wait, each once."""
    left = 0
    for h in range(flow.places.size - 1, -1, -1):
        if flow.places[h] > 0:
            stack[left] = h
            waits[h] = 1
            left += 1
    bids = BIDS_A_PLACE * flow.places.sum()
    while left > 0 and bids > 0:
        h = stack[left - 1]
        e, rise = best_bid(flow, h) if flow.filled[h] < flow.places[h] else (-1, 0)
        if e < 0:
            left -= 1
            waits[h] = 0
            continue
        bids -= 1
        out = place_bid(flow, asked, e, rise + step)
        if out >= 0 and waits[out] == 0:
            stack[left] = out
            waits[out] = 1
            left += 1


@inlined
def best_bid(flow: Any, h: int) -> tuple[int, int]:
    """The best edge for one more place of household h, and what it is better than the next (or than an empty place)."""
    floor = -worth(flow, h, flow.filled[h])
    best, value, second = -1, floor, floor
    for e in range(flow.row_start[h], flow.row_end[h]):
        j = flow.helper[e]
        offer = gain(flow, e) - flow.price[j]
        if offer > second and flow.made[e] == 0 and flow.room[j] > 0:
            if offer > value:
                best, value, second = e, offer, value
            else:
                second = offer
    return best, value - second


@inlined
def place_bid(flow: Any, asked: Ints, e: int, rise: int) -> int:
    """Make the pair, if need be in place of the helper's cheapest; the household that loses it, or -1."""
    j = flow.helper[e]
    start, full = flow.held_start[j], flow.load[j] == flow.room[j]
    if not full:
        asked[start + flow.load[j]] = flow.price[j]
        join(flow, e)
        out = -1
    else:
        cheapest = start
        for k in range(start, start + flow.load[j]):
            if asked[k] < asked[cheapest]:
                cheapest = k
        loser, last = flow.held[cheapest], start + flow.load[j] - 1
        out = flow.household[loser]
        asked[cheapest] = asked[last]
        part(flow, loser)
        asked[last] = flow.price[j] + rise
        join(flow, e)
    if flow.load[j] == flow.room[j]:
        lowest = asked[start]
        for k in range(start, start + flow.load[j]):
            lowest = min(lowest, asked[k])
        flow.price[j] = lowest
    return out


@compiled
def keep_what_holds(flow: Any) -> None:
    """Part the pairs that are not exactly right at today's prices, and give every household its surplus."""
    for h in range(flow.places.size):
        worst, best = -1, 0
        while True:
            worst, low = worst_pair(flow, h)
            best, high = best_other(flow, h)
            if worst < 0 or (low >= high and low + worth(flow, h, flow.filled[h] - 1) >= 0):
                break
            part(flow, worst)
        flow.surplus[h] = high
        if worst >= 0:
            flow.surplus[h] = max(high, -worth(flow, h, flow.filled[h] - 1))
        elif best < 0:
            flow.surplus[h] = -worth(flow, h, 0)


@inlined
def worst_pair(flow: Any, h: int) -> tuple[int, int]:
    """The pair of household h that brings least above its price, and that; (-1, 0) for none."""
    worst, low = -1, 0
    for k in range(flow.filled[h]):
        e = flow.pairs[h, k]
        offer = gain(flow, e) - flow.price[flow.helper[e]]
        if worst < 0 or offer < low:
            worst, low = e, offer
    return worst, low


@inlined
def best_other(flow: Any, h: int) -> tuple[int, int]:
    """The edge of household h, not a pair, that would bring most above its price, and that; (-1, very little) for none."""
    best, high = -1, -(1 << 61)
    for e in range(flow.row_start[h], flow.row_end[h]):
        if flow.made[e] == 0:
            offer = gain(flow, e) - flow.price[flow.helper[e]]
            if offer > high:
                best, high = e, offer
    return best, high

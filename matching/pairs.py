"""The loops of sift.py, compiled: for each need the helpers near enough, cheap tests first, then the score.

They take whole arrays and places in them: a view of an array costs more here than the test it is for. What Numba keeps
on disk is only made anew when this file changes, so all they call is in it, and numbers others may change are arguments.
"""

from typing import Any

import numpy as np
from numba import njit, types
from numba.extending import intrinsic
from numpy.typing import NDArray

from matching.index import Asks, Index
from matching.shape import NOBODY, UNKNOWN, WORDS, Small, Words

START = 1 << 14  # pairs there is room for at first
LANGUAGES, CHECKS, LIMITS = WORDS, WORDS + 1, WORDS + 2  # columns of Index.facts, behind the week
GENDER, HOURS, LOAD = 0, 1, 2  # columns of Index.numbers
SKILL, LEVEL, HALF_HOURS, URGENCY, LACKING = 0, 1, 2, 3, 4  # columns of Asks.needs


@njit(cache=True, nogil=True)
def sift_chunk(
    index: Index,
    asks: Asks,
    weights: tuple,
    steps: tuple,
    counts: NDArray[np.int64],
    households: NDArray[np.int64],
) -> Small:
    """The pairs of these households as rows of household, helper, score, travel; how many each has goes to counts.

    weights: of :class:`matching.scores.Weights`. steps: the highest level, most steps of overlap and of nearness, metres
    of one step, most steps of a light load.
    """
    pairs = np.empty((START, 4), dtype=np.int32)
    near = np.empty(index.longest, dtype=np.int32)
    used: Any = np.int64(0)  # a literal 0 would have make_pairs compiled twice
    for h in households:
        before = used
        if asks.places[h] == 0:
            continue
        for k in range(asks.need_start[h], asks.need_start[h + 1]):
            found = find_near(index, asks.needs[k, SKILL], asks.needs[k, LEVEL], asks.x[h], asks.y[h], near)
            if used + found > len(pairs):
                pairs = widened(pairs, used, 2 * (used + found))
            used = make_pairs(index, asks, weights, steps, h, k, near[:found], pairs, used)
        counts[h] = used - before
    return pairs[:used]


@njit(cache=True, nogil=True)
def find_near(index: Index, s: int, level: int, x: int, y: int, near: Small) -> int:
    """Write the entries of skill s at this level or above whose helper comes as far as x, y; how many there are."""
    if s >= len(index.entry_start) - 1:
        return 0
    entries, cells, reach = index.entries, index.cells, index.reach
    size, stride, border = index.grid
    found: Any = np.int64(0)  # a literal 0 would have the scans compiled twice
    if x == UNKNOWN:
        for e in range(index.entry_start[s], index.entry_start[s + 1]):
            near[found] = e
            found += entries[e, 3] >= level
        return found
    begin, end = index.cell_start[s], index.cell_start[s + 1]
    south, north = (y - reach + border) // size, (y + reach + border) // size
    west, east = (x - reach + border) // size, (x + reach + border) // size
    for row in range(max(south, 0), north + 1):
        ahead = way_to(row * size - border, size, y)
        c = first_at(cells, begin, end, row * stride + max(west, 0))
        while c < end and cells[c, 0] <= row * stride + east:
            aside = way_to((cells[c, 0] - row * stride) * size - border, size, x)
            gap = aside * aside + ahead * ahead
            if (cells[c, 2] + 1) ** 2 > gap:
                found = scan_cell(entries, cells[c, 1], cells[c + 1, 1], gap, level, x, y, near, found)
            c += 1
    if end > begin and cells[end - 1, 0] == stride * stride:
        found = scan_everywhere(entries, cells[end - 1, 1], cells[end, 1], level, x, y, near, found)
    return found


@njit(cache=True, nogil=True)
def first_at(cells: Small, begin: int, end: int, number: int) -> int:
    """The first of the cells begin..end with this number or a higher one."""
    while begin < end:
        middle = (begin + end) // 2
        if cells[middle, 0] < number:
            begin = middle + 1
        else:
            end = middle
    return begin


@njit(cache=True, nogil=True)
def way_to(low: int, size: int, metres: int) -> int:
    """How far it is to the nearest of low … low + size - 1."""
    return max(0, low - metres, metres - low - size + 1)


@njit(cache=True, nogil=True)
def scan_cell(
    entries: Small, begin: int, end: int, gap: int, level: int, x: int, y: int, near: Small, found: int
) -> int:
    """Go through one cell until the reach is shorter than the way to the cell."""
    for e in range(begin, end):
        reach = entries[e, 2] + 1
        if reach * reach <= gap:
            break
        dx, dy = entries[e, 0] - x, entries[e, 1] - y
        near[found] = e
        found += (dx * dx + dy * dy < reach * reach) & (entries[e, 3] >= level)
    return found


@njit(cache=True, nogil=True)
def scan_everywhere(
    entries: Small, begin: int, end: int, level: int, x: int, y: int, near: Small, found: int
) -> int:
    """Go through the helpers who are not placed, have no limit, or come from very far."""
    for e in range(begin, end):
        reach = entries[e, 2] + 1
        dx, dy = entries[e, 0] - x, entries[e, 1] - y
        comes = entries[e, 0] == UNKNOWN or reach == NOBODY + 1 or dx * dx + dy * dy < reach * reach
        near[found] = e
        found += comes & (entries[e, 3] >= level)
    return found


@njit(cache=True, nogil=True)
def make_pairs(
    index: Index, asks: Asks, weights: tuple, steps: tuple, h: int, k: int, near: Small, pairs: Small, used: int
) -> int:  # fmt: skip
    """Write the pairs of need k with these entries that no rule bars and no need before has made; the new ``used``."""
    entries, facts, numbers = index.entries, index.facts, index.numbers
    held_start, held, needs, need_week = index.held_start, index.held, asks.needs, asks.need_week
    begin, end, half_hours = asks.need_start[h], asks.need_start[h + 1], needs[k, HALF_HOURS]
    languages, first_language, gender = asks.languages[h], asks.first_language[h], asks.gender[h]
    checks, circumstances = asks.checks[h], asks.circumstances[h]
    apart, apart_begin, apart_end = asks.apart, asks.apart_start[h], asks.apart_start[h + 1]
    good, good_begin, good_end = asks.good, asks.good_start[h], asks.good_start[h + 1]
    x, y, wished = asks.x[h], asks.y[h], asks.wished[h]
    _, _, near_steps, near_step_m, _ = steps
    for e in near:
        i, level = entries[e, 4], entries[e, 3]
        common = overlap(facts, i, need_week, k)
        if common < half_hours or 0 <= numbers[i, HOURS] < half_hours:
            continue
        if is_barred(facts, numbers, i, languages, checks, circumstances, gender):
            continue
        j = index.row[i]
        if holds(apart, apart_begin, apart_end, j):
            continue
        best = (1, needs[k, URGENCY], needs[k, LEVEL] - level, common // half_hours, needs[k, LACKING])
        best = with_others(facts, numbers, held_start, held, needs, need_week, begin, end, i, k, best)
        if best[0] == 0:
            continue
        placed = entries[e, 0] != UNKNOWN and x != UNKNOWN
        travel = distance(entries[e, 0] - x, entries[e, 1] - y) if placed else 0
        nearness = max(0, near_steps - travel // near_step_m) if placed else 0
        first = facts[i, LANGUAGES] & first_language != 0
        well = holds(good, good_begin, good_end, j)
        score = points(weights, steps, best, first, well, j == wished, nearness, numbers[i, LOAD])
        pairs[used, 0], pairs[used, 1], pairs[used, 2], pairs[used, 3] = h, j, score, travel
        used += 1
    return used


@njit(cache=True, nogil=True)
def points(
    weights: tuple, steps: tuple, best: tuple, first: bool, good: bool, wish: bool, nearness: int, load: int
) -> int:
    """The score, the terms in the order of the weights."""
    covered, urgency, fit, times, lacking = best
    max_level, overlap_steps, _, _, light_steps = steps
    by_urgency, by_fit, by_need, by_time, by_first, by_good, by_wish, by_step, by_lacking, by_load = weights
    score = by_urgency * urgency + by_fit * (max_level + fit) + by_need * covered
    score += by_time * min(overlap_steps, times) + by_first * first + by_good * good + by_wish * wish
    return score + by_step * nearness + by_lacking * lacking + by_load * max(0, light_steps - load)


@njit(cache=True, nogil=True)
def is_barred(
    facts: Words, numbers: Small, i: int, languages: int, checks: int, circumstances: int, gender: int
) -> bool:
    """True when language, a check, a circumstance or gender keeps helper i away."""
    if languages != 0 and facts[i, LANGUAGES] & languages == 0:
        return True
    if checks & ~facts[i, CHECKS] != 0 or circumstances & facts[i, LIMITS] != 0:
        return True
    return gender != NOBODY and numbers[i, GENDER] != gender


@njit(cache=True, nogil=True)
def with_others(
    facts: Words, numbers: Small, held_start: Small, held: Small, needs: Small, need_week: Words,
    begin: int, end: int, i: int, k: int, best: tuple,
) -> tuple:  # fmt: skip
    """How many needs helper i meets, the best urgency, fit and times, how many are lacking; ``best`` is what k gives.

    No needs when one before k is met: that one has made the pair.
    """
    covered, urgency, fit, times, lacking = best
    for q in range(begin, end):
        if q == k:
            continue
        level = level_of(held, held_start[i], held_start[i + 1], needs[q, SKILL])
        half_hours = needs[q, HALF_HOURS]
        if level < needs[q, LEVEL] or 0 <= numbers[i, HOURS] < half_hours:
            continue
        common = overlap(facts, i, need_week, q)
        if common < half_hours:
            continue
        if q < k:
            return 0, 0, 0, 0, 0
        covered += 1
        urgency = max(urgency, needs[q, URGENCY])
        fit = max(fit, needs[q, LEVEL] - level)
        times = max(times, common // half_hours)
        lacking += needs[q, LACKING]
    return covered, urgency, fit, times, lacking


@njit(cache=True, nogil=True)
def level_of(held: Small, begin: int, end: int, skill: int) -> int:
    """The level at which the skill is held, 0 when it is not."""
    for k in range(begin, end):
        if held[k, 0] == skill:
            return held[k, 1]
    return 0


def count_bits(typing_context: Any, word: Any) -> Any:
    """How many bits of a 64-bit word are set: one instruction, for which Numba has no name."""

    def build_instruction(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.ctpop(arguments[0])

    return types.uint64(types.uint64), build_instruction


bit_count: Any = intrinsic(count_bits)


@njit(cache=True, nogil=True)
def overlap(facts: Words, i: int, need_week: Words, k: int) -> int:
    """Half-hours in which helper i offers time and need k may be met."""
    common = 0
    for word in range(WORDS):
        common += int(bit_count(facts[i, word] & need_week[k, word]))
    return common


@njit(cache=True, nogil=True)
def distance(east: int, north: int) -> int:
    """Whole metres, rounded down: a root below a whole r is at least 1/(2r) below, which doubles show up to r = 2^26."""
    return int(np.sqrt(float(east * east + north * north)))


@njit(cache=True, nogil=True)
def holds(column: Small, begin: int, end: int, value: int) -> bool:
    """True when the value stands in begin..end, where the column ascends."""
    while begin < end:
        middle = (begin + end) // 2
        if column[middle] == value:
            return True
        if column[middle] < value:
            begin = middle + 1
        else:
            end = middle
    return False


@njit(cache=True, nogil=True)
def widened(pairs: Small, used: int, room: int) -> Small:
    """The pairs used so far, with room for more."""
    wider = np.empty((room, 4), dtype=np.int32)
    for k in range(used):
        for column in range(4):
            wider[k, column] = pairs[k, column]
    return wider

"""Both sides laid out for the loops of pairs.py: helpers by where they live and by skill, so that a household looks
only at those who could come.

Near helpers (home known, reach at most ``FAR``) lie in square cells of ``CELL`` metres; within a cell the farthest
reach comes first. All others lie in one more cell, behind the others: EVERYWHERE.
"""

from typing import Any, NamedTuple

import numpy as np
from numba import njit

from matching.columns import HelperColumns, HouseholdColumns
from matching.model import MAX_METRES
from matching.shape import NOBODY, UNKNOWN, WORDS, Small, Words

CELL = 2_000  # metres
FAR = 20_000  # metres
STRIDE = 1 << 15  # from a cell to the next one north; more cells than there are side by side
EVERYWHERE = STRIDE * STRIDE


class Index(NamedTuple):
    """n helpers with room, by cell and reach; place i is the helper in row ``row[i]`` of the columns.

    facts: (n, 9) week, languages, checks, limits. numbers: (n, 3) gender, hours, load.
    held: (e, 2) skill, level; those of i are ``held_start[i]:held_start[i + 1]``.
    entries: the same by skill, then place: (e, 5) x, y, reach, level, place; of skill s from ``entry_start[s]`` on.
    cells: (c + 1, 3) number, first entry, farthest reach; of skill s, numbers ascending, from ``cell_start[s]`` on.
    The last row only ends the cell before it. reach: the farthest of a near helper. longest: the most entries of a skill.
    grid: metres from a cell to the next, numbers from a row of cells to the next, metres west and south of the first.
    """

    row: Small
    facts: Words
    numbers: Small
    held_start: Small
    held: Small
    entries: Small
    entry_start: Small
    cells: Small
    cell_start: Small
    reach: int
    longest: int
    grid: tuple[int, int, int]


class Asks(NamedTuple):
    """What the households ask for, as of :class:`matching.columns.HouseholdColumns`; needs: (needs, 5)."""

    need_start: Small
    needs: Small
    need_week: Words
    languages: Words
    first_language: Words
    x: Small
    y: Small
    gender: Small
    checks: Words
    circumstances: Words
    places: Small
    wished: Small
    good_start: Small
    good: Small
    apart_start: Small
    apart: Small


def build(helpers: HelperColumns) -> Index:
    """The index of all helpers with a place."""
    row, cell, reach = by_home(helpers)
    facts = np.empty((row.size, WORDS + 3), dtype=np.uint64)
    facts[:, :WORDS] = helpers.week[row]
    for place, column in enumerate((helpers.languages, helpers.checks, helpers.limits)):
        facts[:, WORDS + place] = column[row]
    held_start = np.concatenate(([0], np.cumsum(np.diff(helpers.skill_start)[row]))).astype(np.int32)
    held = take_skills(row, held_start, helpers.skill_start, helpers.skill, helpers.level)
    kinds = int(helpers.skill.max(initial=-1)) + 1
    entry_start, cell_start = count_entries(kinds, cell, held_start, held)
    homes = np.stack([helpers.x[row], helpers.y[row], helpers.reach[row]], axis=1)
    entries, cells = place_entries(cell, homes, held_start, held, entry_start, cell_start)
    return Index(
        row=row,
        facts=facts,
        numbers=np.stack([helpers.gender[row], helpers.hours[row], helpers.load[row]], axis=1),
        held_start=held_start,
        held=held,
        entries=entries,
        entry_start=entry_start,
        cells=cells,
        cell_start=cell_start,
        reach=reach,
        longest=int(np.diff(entry_start).max(initial=0)),
        grid=(CELL, STRIDE, MAX_METRES),
    )


def by_home(helpers: HelperColumns) -> tuple[Small, Small, int]:
    """The rows of the helpers with a place by cell and reach, the cell of each, and the farthest reach of a near one."""
    able = np.flatnonzero(helpers.places > 0)
    x, y = helpers.x[able].astype(np.int64), helpers.y[able].astype(np.int64)
    reach = helpers.reach[able].astype(np.int64)
    near = (x != UNKNOWN) & (reach != NOBODY) & (reach <= FAR)
    number = (y + MAX_METRES) // CELL * STRIDE + (x + MAX_METRES) // CELL
    cell = np.where(near, number, EVERYWHERE)
    order = np.argsort(cell * (FAR + 1) + np.where(near, FAR - reach, 0), kind="stable")
    farthest = int(reach[near].max(initial=0))
    return able[order].astype(np.int32), cell[order].astype(np.int32), farthest


def asks_of(households: HouseholdColumns) -> Asks:
    """The columns the loops need."""
    names = ("need_skill", "need_level", "need_half_hours", "need_urgency")
    alone = np.repeat(households.helped == 0, np.diff(households.need_start))
    lacking = np.where(alone, 0, 1 - households.need_met).astype(np.int32)
    needs = np.stack([*(getattr(households, name) for name in names), lacking], axis=1)
    columns: dict[str, Any] = {name: getattr(households, name) for name in Asks._fields if name != "needs"}
    return Asks(needs=needs, **columns)


@njit(cache=True, nogil=True)
def take_skills(row: Small, held_start: Small, skill_start: Small, skill: Small, level: Small) -> Small:
    """Skills and levels in the order of the places."""
    held = np.empty((held_start[-1], 2), dtype=np.int32)
    at = 0
    for j in row:
        for k in range(skill_start[j], skill_start[j + 1]):
            held[at, 0], held[at, 1] = skill[k], level[k]
            at += 1
    return held


@njit(cache=True, nogil=True)
def count_entries(kinds: int, cell: Small, held_start: Small, held: Small) -> tuple[Small, Small]:
    """Where the entries and where the cells of each skill begin."""
    entry_start = np.zeros(kinds + 1, dtype=np.int32)
    cell_start = np.zeros(kinds + 1, dtype=np.int32)
    last = np.full(kinds, -1, dtype=np.int32)
    for i in range(len(cell)):
        for k in range(held_start[i], held_start[i + 1]):
            s = held[k, 0]
            entry_start[s + 1] += 1
            if last[s] != cell[i]:
                last[s] = cell[i]
                cell_start[s + 1] += 1
    for s in range(kinds):
        entry_start[s + 1] += entry_start[s]
        cell_start[s + 1] += cell_start[s]
    return entry_start, cell_start


@njit(cache=True, nogil=True)
def place_entries(
    cell: Small, homes: Small, held_start: Small, held: Small, entry_start: Small, cell_start: Small
) -> tuple[Small, Small]:
    """The entries, and the cells of each skill."""
    next_entry, next_cell = entry_start[:-1].copy(), cell_start[:-1].copy()
    entries = np.empty((entry_start[-1], 5), dtype=np.int32)
    cells = np.zeros((cell_start[-1] + 1, 3), dtype=np.int32)
    cells[-1, 1] = entry_start[-1]
    for i in range(len(cell)):
        for k in range(held_start[i], held_start[i + 1]):
            s = held[k, 0]
            at, c = next_entry[s], next_cell[s]
            if c == cell_start[s] or cells[c - 1, 0] != cell[i]:
                cells[c, 0], cells[c, 1], cells[c, 2] = cell[i], at, homes[i, 2]
                next_cell[s] += 1
            entries[at, 0], entries[at, 1], entries[at, 2] = homes[i, 0], homes[i, 1], homes[i, 2]
            entries[at, 3], entries[at, 4] = held[k, 1], i
            next_entry[s] += 1
    return entries, cells

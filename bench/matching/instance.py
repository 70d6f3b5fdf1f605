"""Instances as files, which ours and the peers each read in a process of their own."""

from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bench.matching import peer
from matching.columns import HelperColumns, HouseholdColumns
from matching.table import Candidates

NONE = np.iinfo(np.int64).max


def write_columns(path: Path, helpers: HelperColumns, households: HouseholdColumns) -> None:
    """Keep both sides, every column under its side's name."""
    sides = (("helper", helpers), ("household", households))
    columns: dict[str, Any] = {
        f"{side}_{one.name}": np.asarray(getattr(rows, one.name))
        for side, rows in sides
        for one in fields(rows)
    }
    np.savez(path, **columns)


def read_columns(path: Path) -> tuple[HelperColumns, HouseholdColumns]:
    """Both sides as they were written."""
    with np.load(path) as stored:
        helpers = {one.name: stored[f"helper_{one.name}"] for one in fields(HelperColumns)}
        households = {one.name: stored[f"household_{one.name}"] for one in fields(HouseholdColumns)}
    return HelperColumns(**helpers), HouseholdColumns(**households)


def read_candidates(path: Path) -> Candidates:
    """A peer's table as the engine's; ids are made up in the order of the rows."""
    table = peer.read(path)
    return Candidates(
        helper_ids=tuple(f"v{number:06d}" for number in range(table.helper_places.size)),
        household_ids=tuple(f"h{number:05d}" for number in range(table.urgency.size)),
        **{name: getattr(table, name) for name in peer.COLUMNS},
    )


def to_peer(table: Candidates, sides: tuple[HelperColumns, HouseholdColumns] | None = None) -> peer.Table:
    """The engine's table as a peer's, with what pairs and helpers weigh in hours where the people are given."""
    columns = {name: np.asarray(getattr(table, name), dtype=np.int64) for name in peer.COLUMNS}
    if sides is None:
        pair_hours, free = np.zeros(len(table), np.int64), np.zeros(table.helper_places.size, np.int64)
    else:
        pair_hours, free = half_hours(table, *sides), sides[0].hours.astype(np.int64)
    return peer.Table(**columns, pair_half_hours=pair_hours, helper_hours=free)


def half_hours(table: Candidates, helpers: HelperColumns, households: HouseholdColumns) -> NDArray[np.int64]:
    """For each pair the fewest half-hours a week among the needs the helper can meet there."""
    household = np.asarray(table.household, dtype=np.int64)
    counts = np.diff(households.need_start)[household].astype(np.int64)
    pair = np.repeat(np.arange(household.size), counts)
    first = np.cumsum(counts) - counts
    need = np.arange(pair.size) - first[pair] + households.need_start[household[pair]]
    helper = np.asarray(table.helper, dtype=np.int64)[pair]
    wanted = households.need_half_hours[need].astype(np.int64)  # NONE would not fit into 32 bits
    meets = held(helpers, helper, households.need_skill[need]) >= households.need_level[need]
    meets &= (helpers.hours[helper] >= wanted) | (helpers.hours[helper] < 0)
    common = np.zeros(pair.size, dtype=np.int64)
    for word in range(helpers.week.shape[1]):
        common += np.bitwise_count(helpers.week[helper, word] & households.need_week[need, word])
    meets &= common >= wanted
    return np.minimum.reduceat(np.where(meets, wanted, NONE), first) if pair.size else first


def held(helpers: HelperColumns, helper: NDArray[np.int64], skill: NDArray[np.int32]) -> NDArray[np.int32]:
    """The level at which each of these helpers has this skill, 0 for not at all."""
    kinds = int(max(helpers.skill.max(initial=0), skill.max(initial=0))) + 1
    owner = np.repeat(np.arange(len(helpers)), np.diff(helpers.skill_start))
    keys, asked = owner * kinds + helpers.skill, helper * kinds + skill
    found = np.minimum(np.searchsorted(keys, asked), keys.size - 1)
    return np.where(keys[found] == asked, helpers.level[found], 0)

"""What comes out: pairs, what they amount to, and the prices that prove them the best."""

from dataclasses import dataclass

import numpy as np

from matching.table import Candidates, Whole

IdPair = tuple[str, str]  # helper id, household id


@dataclass(frozen=True, slots=True)
class Level:
    """One level of coverage: of ``wanted`` places number ``place`` at households of this urgency, ``covered``."""

    place: int
    urgency: int
    wanted: int
    covered: int


@dataclass(frozen=True, slots=True)
class Totals:
    """The value of each level. travel: metres. kept, broken, lost: living pairs chosen again, not chosen, not eligible."""

    coverage: tuple[Level, ...]
    score: int
    travel: int
    kept: int
    broken: tuple[IdPair, ...]
    lost: tuple[IdPair, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """How one pairing differs from another.

    added, removed: pairs. coverage: (place, urgency) → places more (below zero: fewer) that are covered.
    points, travel: more than before.
    """

    added: tuple[IdPair, ...]
    removed: tuple[IdPair, ...]
    coverage: dict[tuple[int, int], int]
    points: int
    travel: int


@dataclass(frozen=True, slots=True)
class Pair:
    """One pair of the answer; place 1 is the household's first helper."""

    helper_id: str
    household_id: str
    place: int


@dataclass(frozen=True, slots=True, eq=False)
class Solution:
    """The answer and its proof.

    rows: the rows of ``table`` that are paired, ascending; place: of each, at its household, from 1.
    point, unit: how many metres a point counts, and what a step of a place's class; both as large as strict levels need.
    prices: per helper, how much one more place there could add at most. surplus: per household, the other half of the
    proof. value, bound: exact; equal when nothing better can exist.
    """

    table: Candidates
    rows: Whole
    place: Whole
    totals: Totals
    point: int
    unit: int
    prices: Whole
    surplus: Whole
    value: int
    bound: int

    @property
    def pairs(self) -> tuple[Pair, ...]:
        """The pairs by their ids, by household, then place."""
        table = self.table
        households = np.repeat(np.arange(len(table.household_ids)), table.helped_by(self.rows)).tolist()
        helpers = table.helper[self.rows].tolist()
        found = sorted(zip(households, self.place.tolist(), helpers, strict=True))
        return tuple(Pair(table.helper_ids[j], table.household_ids[h], place) for h, place, j in found)

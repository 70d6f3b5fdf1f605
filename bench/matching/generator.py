"""Made cities to measure on: clustered homes, rare skills, weeks that differ; the same for the same seed.

    make("L") -> helpers and households as columns        planted() -> a table whose optimum is known

Ids say nothing about where somebody lives. With ``short`` the same people have less room: places are filled at random
until the households' places are 1.3 (XL: 1.7) times the helpers' that remain.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from bench.matching import weeks
from matching.columns import NOBODY, HelperColumns, HouseholdColumns
from matching.table import Candidates

Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Size:
    """Helpers and households on a square of ``side`` metres; places wanted per place left when helpers are short."""

    helpers: int
    households: int
    side: int
    neighbourhoods: int
    short: float


SIZES = {
    "S": Size(200, 80, 1_500, 4, 1.3),
    "M": Size(2_000, 800, 5_000, 12, 1.3),
    "L": Size(20_000, 8_000, 14_000, 60, 1.3),
    "XL": Size(200_000, 50_000, 40_000, 400, 1.7),
}
SIGMA = 700  # metres around the middle of a neighbourhood
UNIFORM = 0.25  # of all homes lie anywhere
SKILLS, LANGUAGES, CIRCUMSTANCES = 24, 8, 6
SKILLS_HELD = (0.36, 0.30, 0.16, 0.09, 0.05, 0.03, 0.01)  # 1 … 7
LOAD = (0.7, 0.22, 0.08)  # households cared for today: 0, 1, 2
NEAR = 800  # metres: the cell from which conflicts, history and wishes are drawn


def make(size: str, seed: int = 1, *, short: bool = False) -> tuple[HelperColumns, HouseholdColumns]:
    """The city of this size; ``short`` changes the helpers' places and load only."""
    shape = SIZES[size]
    rng = np.random.default_rng([seed, shape.households, shape.side])
    centres = rng.uniform(0, shape.side, (shape.neighbourhoods, 2))
    helpers = make_helpers(rng, shape, centres)
    households = make_households(rng, shape, centres, helpers)
    if short:
        helpers = fill(rng, helpers, int(households.places.sum() / shape.short))
    return helpers, households


def make_helpers(rng: np.random.Generator, shape: Size, centres: NDArray[np.float64]) -> HelperColumns:
    """The helpers' side."""
    n = shape.helpers
    homes = place(rng, n, shape, centres)
    held, skill = draw_kinds(rng, 1 + draw(rng, n, SKILLS_HELD), SKILLS, 0.6)
    most, load = 1 + draw(rng, n, (0.60, 0.28, 0.12)), draw(rng, n, LOAD)
    load = np.minimum(load, most)
    reach = np.exp(rng.normal(np.log(2_200), 0.55, n)).clip(400, 5_000)
    main = rng.random(n) < 0.97
    second = one_of(rng.integers(1, LANGUAGES, n)) * (~main | (rng.random(n) < 0.2))
    return HelperColumns(
        ids=[f"v{number:06d}" for number in range(n)],
        skill_start=starts(held),
        skill=small(skill),
        level=small(1 + draw(rng, skill.size, (0.4, 0.4, 0.2))),
        languages=main.astype(np.uint64) | second,
        week=weeks.offered(rng, draw(rng, n, (0.45, 0.30, 0.25))),
        x=small(homes[:, 0]),
        y=small(homes[:, 1]),
        reach=small(reach),
        places=small(most - load),
        gender=small(rng.random(n) < 0.62),
        checks=(rng.random(n) < 0.55).astype(np.uint64),
        limits=one_of(rng.integers(0, CIRCUMSTANCES, n)) * (rng.random(n) < 0.15),
        hours=small(rng.integers(4, 19, n)),
        load=small(load),
    )


def make_households(
    rng: np.random.Generator, shape: Size, centres: NDArray[np.float64], helpers: HelperColumns
) -> HouseholdColumns:
    """The households' side."""
    m = shape.households
    homes = place(rng, m, shape, centres)
    count, skill = draw_kinds(rng, 1 + draw(rng, m, (0.45, 0.35, 0.20)), SKILLS, 0.4)
    need_start = starts(count)
    need_urgency = 1 + draw(rng, skill.size, (0.15, 0.25, 0.30, 0.20, 0.10))
    foreign = rng.random(m) < 0.1
    first = np.where(foreign, one_of(rng.integers(1, LANGUAGES, m)), np.uint64(1))
    both = (foreign & (rng.random(m) < 0.5)).astype(np.uint64)
    near = Neighbours(helpers, homes)
    apart_start, apart = near.lists(rng, m // 5)
    good_start, good = near.lists(rng, m // 2)
    return HouseholdColumns(
        ids=[f"h{number:05d}" for number in range(m)],
        need_start=need_start,
        need_skill=small(skill),
        need_level=small(1 + draw(rng, skill.size, (0.6, 0.3, 0.1))),
        need_half_hours=small(rng.integers(2, 7, skill.size)),
        need_urgency=small(need_urgency),
        need_week=weeks.wanted(rng, skill.size),
        need_met=np.zeros(skill.size, np.int32),
        languages=np.bitwise_or(first, both),
        first_language=first,
        x=small(homes[:, 0]),
        y=small(homes[:, 1]),
        gender=small(np.where(rng.random(m) < 0.1, rng.random(m) < 0.7, NOBODY)),
        checks=(rng.random(m) < 0.3).astype(np.uint64),
        circumstances=one_of(rng.integers(0, CIRCUMSTANCES, m)) * (rng.random(m) < 0.25),
        places=small(1 + draw(rng, m, (0.70, 0.22, 0.08))),
        helped=np.zeros(m, np.int32),
        urgency=small(np.maximum.reduceat(need_urgency, need_start[:-1])),
        wished=near.wishes(rng, m // 6),
        good_start=good_start,
        good=good,
        apart_start=apart_start,
        apart=apart,
    )


class Neighbours:
    """Helpers drawn from the cell of a household's home (from the next one when nobody lives there)."""

    def __init__(self, helpers: HelperColumns, homes: Ints) -> None:
        low = np.minimum(homes.min(axis=0), [helpers.x.min(), helpers.y.min()])
        cells = cell_numbers(np.stack([helpers.x, helpers.y], axis=1) - low)
        self.order = np.argsort(cells, kind="stable")
        own = cell_numbers(homes - low)
        self.begin = np.searchsorted(cells[self.order], own, side="left")
        self.end = np.searchsorted(cells[self.order], own, side="right")

    def near(self, rng: np.random.Generator, households: Ints) -> Ints:
        """One helper near each of these households."""
        begin, size = self.begin[households], (self.end - self.begin)[households]
        at = begin + (rng.random(households.size) * size).astype(np.int64)
        return self.order[np.minimum(at, self.order.size - 1)]

    def lists(self, rng: np.random.Generator, count: int) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
        """About ``count`` (household, helper) pairs as compressed rows."""
        m = self.begin.size
        households = rng.integers(0, m, count)
        keys = np.unique(households * self.order.size + self.near(rng, households))
        return starts(np.bincount(keys // self.order.size, minlength=m)), small(keys % self.order.size)

    def wishes(self, rng: np.random.Generator, count: int) -> NDArray[np.int32]:
        """``count`` households wish for one helper each."""
        wished = np.full(self.begin.size, NOBODY, dtype=np.int32)
        households = rng.choice(self.begin.size, count, replace=False)
        wished[households] = self.near(rng, households)
        return wished


def fill(rng: np.random.Generator, helpers: HelperColumns, remain: int) -> HelperColumns:
    """The same helpers, random ones of their places taken until this many remain."""
    slots = np.repeat(np.arange(len(helpers)), helpers.places)
    left = rng.choice(slots, min(remain, slots.size), replace=False)
    places = np.bincount(left, minlength=len(helpers))
    return replace(helpers, places=small(places), load=small(helpers.load + helpers.places - places))


def planted(n: int = 20_000, seed: int = 1, candidates: int = 40) -> tuple[Candidates, int]:
    """n helpers, n households, one place each, and the score of the best pairing, which pairs everybody.

    A helper's price and a household's add up to the score of the pair planted, and to a little more than that of every
    other pair: no pairing scores more than all prices together, and the planted one does.
    """
    rng = np.random.default_rng([seed, n, candidates])
    price, surplus = rng.integers(0, 1_000, (2, n))
    partner = rng.permutation(n)
    others = rng.integers(0, n, n * (candidates - 1))
    household = np.concatenate([np.arange(n), np.repeat(np.arange(n), candidates - 1)])
    keys = np.unique(household * n + np.concatenate([partner, others]))
    household, helper = keys // n, keys % n
    slack = rng.exponential(60, keys.size).astype(np.int64) * (partner[household] != helper)
    table = Candidates(
        helper_ids=tuple(f"v{number:06d}" for number in range(n)),
        household_ids=tuple(f"h{number:05d}" for number in range(n)),
        helper_places=np.ones(n, dtype=np.int64),
        household_places=np.ones(n, dtype=np.int64),
        urgency=np.full(n, 3),
        indptr=starts(np.bincount(household, minlength=n)).astype(np.int64),
        helper=helper,
        score=np.maximum(price[helper] + surplus[household] - slack, 0),
        travel=np.zeros(keys.size, dtype=np.int64),
    )
    return table, int(price.sum() + surplus.sum())


def place(rng: np.random.Generator, count: int, shape: Size, centres: NDArray[np.float64]) -> Ints:
    """Homes in whole metres: most around a neighbourhood's middle, the others anywhere."""
    at = centres[(len(centres) * rng.random(count) ** 1.3).astype(np.int64)] + rng.normal(
        0, SIGMA, (count, 2)
    )
    at = shape.side - np.abs(shape.side - np.abs(at))  # what would lie outside is folded back
    anywhere = rng.uniform(0, shape.side, (count, 2))
    return np.rint(np.where(rng.random((count, 1)) < UNIFORM, anywhere, at)).astype(np.int64)


def draw(rng: np.random.Generator, count: int, shares: Sequence[float]) -> Ints:
    """Numbers from 0 with these shares."""
    return np.minimum(np.searchsorted(np.cumsum(shares), rng.random(count), side="right"), len(shares) - 1)


def draw_kinds(rng: np.random.Generator, wanted: Ints, kinds: int, power: float) -> tuple[Ints, Ints]:
    """For each row so many different kinds, the frequent ones more often: counts, and the kinds ascending by row."""
    weights = np.arange(1, kinds + 1) ** -power
    keys = rng.exponential(1, (wanted.size, kinds)) / weights
    ranks = np.argsort(np.argsort(keys, axis=1), axis=1)
    return wanted, np.nonzero(ranks < wanted[:, None])[1]


def one_of(kinds: Ints) -> NDArray[np.uint64]:
    """Each kind as a set with that one member."""
    return np.uint64(1) << kinds.astype(np.uint64)


def cell_numbers(offsets: Ints) -> Ints:
    """The number of the cell each point lies in, row by row of cells."""
    return (offsets[:, 1] // NEAR) * 1_000_000 + offsets[:, 0] // NEAR


def starts(counts: Ints) -> NDArray[np.int32]:
    """Where each row begins, and where the last ends."""
    return small(np.concatenate([[0], np.cumsum(counts)]))


def small(column: NDArray) -> NDArray[np.int32]:
    """The column as the engine takes it."""
    return np.asarray(column).astype(np.int32)

"""Seeded inputs: tiny tables for brute force, and a clustered city of helpers and households."""

import numpy as np

from matching.model import WHOLE_WEEK, Helper, Household, Need
from matching.table import Candidates

SKILLS = tuple(f"skill{rank:02d}" for rank in range(24))
EVENINGS = sum(0b11111111 << (48 * day + 36) for day in range(7))
WEEKENDS = sum(0xFFFFFF << (48 * day + 16) for day in (5, 6))
WEEKDAYS = sum(0xFFFF << (48 * day + 18) for day in range(5))


def tiny_table(rng: np.random.Generator, *, same_urgency: bool = False, scores: int = 9) -> Candidates:
    """At most 4 × 4 with few pairs, places 0–2 and 0–3, scores that may be below zero."""
    households, helpers = int(rng.integers(1, 5)), int(rng.integers(1, 5))
    eligible = rng.random((households, helpers)) < rng.choice([0.3, 0.6, 0.9])
    eligible &= np.cumsum(eligible.ravel()).reshape(eligible.shape) <= 9
    pairs = int(eligible.sum())
    return Candidates(
        helper_ids=tuple(f"v{j}" for j in range(helpers)),
        household_ids=tuple(f"h{h}" for h in range(households)),
        helper_places=rng.integers(0, 3, helpers),
        household_places=rng.integers(0, 4, households),
        urgency=np.full(households, 3) if same_urgency else rng.integers(1, 6, households),
        indptr=np.concatenate(([0], eligible.sum(axis=1).cumsum())),
        helper=np.nonzero(eligible)[1],
        score=rng.integers(-2, scores, pairs) if scores else np.zeros(pairs, dtype=np.int64),
        travel=rng.integers(0, 20, pairs),
    )


def one_to_one(score: np.ndarray) -> Candidates:
    """Every household (row) may go to every helper (column), one place each."""
    households, helpers = score.shape
    return Candidates(
        helper_ids=tuple(f"v{j:03d}" for j in range(helpers)),
        household_ids=tuple(f"h{h:03d}" for h in range(households)),
        helper_places=np.ones(helpers, dtype=np.int64),
        household_places=np.ones(households, dtype=np.int64),
        urgency=np.full(households, 3),
        indptr=np.arange(households + 1) * helpers,
        helper=np.tile(np.arange(helpers), households),
        score=score.ravel(),
        travel=np.zeros(score.size, dtype=np.int64),
    )


def city(seed: int, helpers: int, households: int, side_m: int) -> tuple[list[Helper], list[Household]]:
    """A community: neighbourhoods, a few common skills and many rare ones, times, reach, checks, wishes."""
    rng = np.random.default_rng(seed)
    centres = rng.uniform(0, side_m, (max(4, helpers // 150), 2))
    return (
        [_helper(rng, f"v{j:05d}", centres, side_m, households) for j in range(helpers)],
        [_household(rng, f"h{h:05d}", centres, side_m, helpers) for h in range(households)],
    )


def _home(rng: np.random.Generator, centres: np.ndarray, side_m: int) -> tuple[float, float]:
    if rng.random() < 0.25:
        x, y = rng.uniform(0, side_m, 2)
    else:
        x, y = centres[rng.integers(len(centres))] + rng.normal(0, 700, 2)
    return float(x), float(y)


def _skills(rng: np.random.Generator, count: int, fall: float) -> list[str]:
    weight = np.arange(1, len(SKILLS) + 1) ** -fall
    return [SKILLS[k] for k in rng.choice(len(SKILLS), count, replace=False, p=weight / weight.sum())]


def _helper(rng: np.random.Generator, name: str, centres: np.ndarray, side_m: int, households: int) -> Helper:
    held = _skills(rng, int(rng.integers(1, 8)), 0.6)
    week = int(rng.choice(3, p=[0.45, 0.30, 0.25]))
    return Helper(
        id=name,
        skills={skill: int(rng.choice([1, 2, 3], p=[0.4, 0.4, 0.2])) for skill in held},
        languages=frozenset(["zh"] if rng.random() < 0.97 else []) | {f"dialect{rng.integers(7)}"},
        week=(EVENINGS | WEEKENDS, WEEKDAYS, WHOLE_WEEK)[week],
        position=None if rng.random() < 0.05 else _home(rng, centres, side_m),
        reach_m=int(np.clip(rng.lognormal(np.log(2200), 0.55), 400, 5000)),
        places=int(rng.choice([0, 1, 2, 3], p=[0.1, 0.5, 0.28, 0.12])),
        gender=str(rng.choice(["f", "m"])),
        checks=frozenset(["police"] if rng.random() < 0.55 else []),
        exclusions=frozenset([f"h{rng.integers(households):05d}"] if rng.random() < 0.2 else []),
        limits=frozenset(["dog"] if rng.random() < 0.2 else []),
        hours=int(rng.integers(4, 19)),
        load=int(rng.integers(0, 3)),
    )


def _household(
    rng: np.random.Generator, name: str, centres: np.ndarray, side_m: int, helpers: int
) -> Household:
    needs = tuple(
        Need(
            skill=skill,
            level=int(rng.choice([1, 2, 3], p=[0.6, 0.3, 0.1])),
            half_hours=int(rng.integers(2, 7)),
            week=(None, EVENINGS, WEEKENDS, WEEKDAYS)[int(rng.integers(4))],
            urgency=int(rng.choice([1, 2, 3, 4, 5], p=[0.15, 0.25, 0.3, 0.2, 0.1])),
        )
        for skill in _skills(rng, int(rng.integers(1, 4)), 0.4)
    )
    near = [f"v{j:05d}" for j in rng.integers(helpers, size=4)]
    return Household(
        id=name,
        needs=needs,
        languages=(f"dialect{rng.integers(7)}",) if rng.random() < 0.1 else ("zh",),
        position=None if rng.random() < 0.05 else _home(rng, centres, side_m),
        same_gender=str(rng.choice(["f", "m"])) if rng.random() < 0.1 else None,
        check_required=frozenset(["police"] if rng.random() < 0.3 else []),
        places=int(rng.choice([1, 2, 3], p=[0.7, 0.22, 0.08])),
        circumstances=frozenset(["dog"] if rng.random() < 0.2 else []),
        wished_helper=near[0] if rng.random() < 0.17 else None,
        good_history=frozenset(near[1:2]),
        declined=frozenset(near[2:3]),
    )

"""All eligible pairs, fast: what rules.py and scores.py say pair by pair, done with an index and bit operations."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import astuple, replace
from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from matching import codes
from matching.columns import HelperColumns, HouseholdColumns
from matching.index import asks_of, build
from matching.model import MAX_LEVEL, MatchingError
from matching.pairs import sift_chunk
from matching.rules import (
    RULES,
    Rule,
    accepts_circumstances,
    fits_gender,
    has_places,
    is_checked,
    is_within_reach,
    not_declined,
    not_excluded,
    serves_a_need,
    shares_language,
)
from matching.scores import DEFAULT_WEIGHTS, LIGHT_STEPS, NEAR_STEP_M, NEAR_STEPS, OVERLAP_STEPS, Weights
from matching.shape import NOBODY, Small
from matching.table import Candidates

THREADS = 2
CHUNK = 256  # households sifted at a time
BAND = 4_000  # metres: households come in bands of this height, so that neighbours follow each other
STEPS = (MAX_LEVEL, OVERLAP_STEPS, NEAR_STEPS, NEAR_STEP_M, LIGHT_STEPS)
RADIX = 11  # bits of a helper's row sorted by at a time


def sift(
    helpers: HelperColumns,
    households: HouseholdColumns,
    rules: Sequence[Rule] = RULES,
    weights: Weights = DEFAULT_WEIGHTS,
    threads: int = THREADS,
) -> Candidates:
    """All pairs no rule bars, with score (points) and travel (metres, 0 when unknown); the same for any ``threads``.

    rules: of ``RULES``, serves_a_need among them; ``apart`` holds for not_excluded and not_declined, each alone too.
    Raises MatchingError for another rule and for a household that names a helper's row there is not.
    """
    require_rules(rules)
    require_rows(households, len(helpers))
    counts = np.zeros(len(households), dtype=np.int64)
    parts = sift_parts(*without_others(helpers, households, rules), weights, counts, threads)
    indptr = np.concatenate(([0], np.cumsum(counts)))
    helper, score, travel = (np.empty(indptr[-1], dtype=np.int32) for _ in range(3))
    place = indptr[:-1].copy()
    while parts:
        spread(parts.pop(), place, helper, score, travel)
    return Candidates(
        helper_ids=helpers.ids,
        household_ids=households.ids,
        helper_places=helpers.places,
        household_places=households.places,
        helped=households.helped,
        urgency=households.urgency,
        indptr=indptr,
        helper=helper,
        score=score,
        travel=travel,
    )


def require_rules(rules: Sequence[Rule]) -> None:
    """Refuse a predicate that is not one of RULES, and rules without serves_a_need."""
    for rule in rules:
        if rule not in RULES:
            raise MatchingError(codes.UNKNOWN_ID, "rules", getattr(rule, "__name__", repr(rule)))
    if serves_a_need not in rules:
        raise MatchingError(codes.UNKNOWN_ID, "rules", serves_a_need.__name__)


def require_rows(households: HouseholdColumns, helpers: int) -> None:
    """Refuse a row behind the last helper."""
    for name in ("wished", "good", "apart"):
        if getattr(households, name).max(initial=NOBODY) >= helpers:
            raise MatchingError(codes.UNKNOWN_ID, f"household.{name}", "")


def without_others(
    helpers: HelperColumns, households: HouseholdColumns, rules: Sequence[Rule]
) -> tuple[HelperColumns, HouseholdColumns]:
    """The columns with nothing in them that a rule left out would bar."""
    if set(rules) == set(RULES):
        return helpers, households
    nothing: dict[Rule, dict[str, Any]] = {
        shares_language: {"languages": np.zeros_like(households.languages)},
        fits_gender: {"gender": np.full_like(households.gender, NOBODY)},
        is_checked: {"checks": np.zeros_like(households.checks)},
        accepts_circumstances: {"circumstances": np.zeros_like(households.circumstances)},
        has_places: {"places": np.ones_like(households.places)},
    }
    for rule, columns in nothing.items():
        if rule not in rules:
            households = replace(households, **columns)
    if not_excluded not in rules and not_declined not in rules:
        households = replace(
            households, apart_start=np.zeros_like(households.apart_start), apart=households.apart[:0]
        )
    if is_within_reach not in rules:
        helpers = replace(helpers, reach=np.full_like(helpers.reach, NOBODY))
    if has_places not in rules:
        helpers = replace(helpers, places=np.ones_like(helpers.places))
    return helpers, households


def sift_parts(
    helpers: HelperColumns,
    households: HouseholdColumns,
    weights: Weights,
    counts: NDArray[np.int64],
    threads: int,
) -> list[Small]:
    """The pairs of each chunk of neighbouring households, by helper, see :func:`sift_chunk`; their numbers to counts."""
    order = np.lexsort((households.x, households.y // BAND))
    chunks = [order[first : first + CHUNK] for first in range(0, order.size, CHUNK)]
    index, asks, points = build(helpers), asks_of(households), astuple(weights)

    def work(chunk: NDArray[np.int64]) -> Small:
        return by_helper(sift_chunk(index, asks, points, STEPS, counts, chunk), len(helpers))

    if threads < 2 or len(chunks) < 2 * threads:
        return [work(chunk) for chunk in chunks]
    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(work, chunks))


@njit(cache=True, nogil=True)
def by_helper(pairs: Small, helpers: int) -> Small:
    """The pairs of a chunk sorted by helper, a few bits at a time."""
    shift = np.int64(0)
    while helpers >> shift > 0:
        start = np.zeros((1 << RADIX) + 1, dtype=np.int64)
        for k in range(len(pairs)):
            start[((pairs[k, 1] >> shift) & ((1 << RADIX) - 1)) + 1] += 1
        for digit in range(1 << RADIX):
            start[digit + 1] += start[digit]
        ordered = np.empty_like(pairs)
        for k in range(len(pairs)):
            digit = (pairs[k, 1] >> shift) & ((1 << RADIX) - 1)
            for column in range(4):
                ordered[start[digit], column] = pairs[k, column]
            start[digit] += 1
        pairs = ordered
        shift += RADIX
    return pairs


@njit(cache=True, nogil=True)
def spread(pairs: Small, place: NDArray[np.int64], helper: Small, score: Small, travel: Small) -> None:
    """Write the pairs to the rows of their households."""
    for k in range(len(pairs)):
        at = place[pairs[k, 0]]
        helper[at], score[at], travel[at] = pairs[k, 1], pairs[k, 2], pairs[k, 3]
        place[pairs[k, 0]] += 1

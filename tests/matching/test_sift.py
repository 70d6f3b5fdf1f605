"""The fast sift finds exactly the pairs, scores and ways of the readable predicates, whatever comes."""

import itertools
from collections.abc import Sequence
from dataclasses import replace
from math import isqrt
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.matching.generator import make
from matching import codes
from matching.candidates import candidates
from matching.model import MAX_METRES, WHOLE_WEEK, Helper, Household, MatchingError, Need
from matching.pairs import distance
from matching.rules import RULES, Rule, barred, not_declined, not_excluded, serves_a_need
from matching.rules import distance as way
from matching.scores import DEFAULT_WEIGHTS, Weights, score_terms
from matching.sift import sift
from matching.table import Candidates
from tests.matching.city import EVENINGS, WEEKENDS, city

UNEVEN = Weights(
    need_urgency=7,
    skill_fit=11,
    needs_covered=13,
    time_overlap=17,
    first_language=19,
    good_history=23,
    wished_helper=29,
    nearness=31,
    complement=41,
    light_load=37,
)


def by_predicates(
    helpers: Sequence[Helper], households: Sequence[Household], rules: Sequence[Rule], weights: Weights
) -> list[tuple[str, str, int, int]]:
    """Household, helper, score and travel of every pair that no rule bars, in the order of the ids."""
    return [
        (
            household.id,
            helper.id,
            sum(score_terms(helper, household, weights).values()),
            way(helper, household) or 0,
        )
        for household in sorted(households, key=lambda row: row.id)
        for helper in sorted(helpers, key=lambda row: row.id)
        if barred(helper, household, rules) is None
    ]


def listed(table: Candidates) -> list[tuple[str, str, int, int]]:
    """The same of a table."""
    return [
        (table.household_ids[h], table.helper_ids[j], score, travel)
        for h, j, score, travel in zip(
            table.household.tolist(),
            table.helper.tolist(),
            table.score.tolist(),
            table.travel.tolist(),
            strict=True,
        )
    ]


def same(one: Candidates, other: Candidates) -> bool:
    """True when the two tables hold the same."""
    columns = (
        "helper_places",
        "household_places",
        "urgency",
        "indptr",
        "helper",
        "score",
        "travel",
        "helped",
    )
    return (
        tuple(one.helper_ids) == tuple(other.helper_ids)
        and tuple(one.household_ids) == tuple(other.household_ids)
        and all(np.array_equal(getattr(one, name), getattr(other, name)) for name in columns)
    )


def odd_city(seed: int, side_m: int = 6_000) -> tuple[list[Helper], list[Household]]:
    """A city in which much is missing, zero, or far away."""
    rng = np.random.default_rng([seed, 7])
    helpers, households = city(seed, 90, 60, side_m)
    odd_helper: list[dict[str, Any]] = [
        {"position": None},
        {"reach_m": None},
        {"reach_m": 0},
        {"reach_m": 30_000},
        {"reach_m": 20_000},
        {"position": (9_999_999.5, -MAX_METRES), "reach_m": MAX_METRES},
        {"position": (-0.5, 1_999.5)},
        {"hours": None},
        {"hours": 0},
        {"week": 0},
        {"week": WHOLE_WEEK},
        {"places": 0},
        {"gender": None},
        {"gender": "x"},
        {"languages": frozenset()},
        {"skills": {}},
        {"load": 5},
        {"exclusions": frozenset({"h00001", "h00002", "nobody"})},
    ]
    odd_household: list[dict[str, Any]] = [
        {"position": None},
        {"places": 0},
        {"languages": ()},
        {"languages": ("zh", "dialect3", "zh")},
        {"languages": ("klingon",)},
        {"same_gender": "x"},
        {"check_required": frozenset({"police", "tb"})},
        {"urgency": 5},
        {"helped": 1, "places": 1, "met": frozenset({"skill00", "skill02"})},
        {"helped": 2, "places": 1},
        {"helped": 3, "places": 0},
        {"met": frozenset({"skill00"})},
        {"position": (1_999.5, 2_000.5)},
        {
            "needs": (
                Need("skill00", level=3),
                Need("skill00", week=EVENINGS),
                Need("skill01", half_hours=336),
            )
        },
        {"needs": (Need("unheard of"),)},
        {"wished_helper": "nobody", "good_history": frozenset({"nobody", "v00003"})},
        {"declined": frozenset({"nobody", "v00001", "v00002"})},
    ]
    for k, change in enumerate(odd_helper * 2):
        at = int(rng.integers(len(helpers))) if k >= len(odd_helper) else k * 4
        helpers[at] = replace(helpers[at], **change)
    for k, change in enumerate(odd_household):
        households[k * 3] = replace(households[k * 3], **change)
    return helpers, households


@pytest.mark.parametrize("seed", range(6))
def test_pair_by_pair_it_is_what_the_predicates_say(seed: int) -> None:
    helpers, households = odd_city(seed, side_m=(2_000, 6_000, 30_000)[seed % 3])
    for weights in (DEFAULT_WEIGHTS, UNEVEN):
        table = candidates(helpers, households, weights=weights)
        assert listed(table) == by_predicates(helpers, households, RULES, weights)
    assert len(table) > 50
    assert {table.helper.dtype, table.score.dtype, table.travel.dtype} == {np.dtype(np.int32)}
    assert table.indptr.dtype == np.int64


SUBSETS = [
    *(tuple(rule for rule in RULES if rule is not left) for left in RULES if left is not serves_a_need),
    (serves_a_need,),
    (serves_a_need, not_excluded),
    (not_declined, serves_a_need, serves_a_need),
    tuple(rule for rule in RULES if rule not in (not_excluded, not_declined)),
]


@pytest.mark.parametrize("rules", SUBSETS)
def test_a_rule_left_out_bars_nobody(rules: tuple[Rule, ...]) -> None:
    helpers, households = odd_city(11)
    assert listed(candidates(helpers, households, rules, UNEVEN)) == by_predicates(
        helpers, households, rules, UNEVEN
    )


def test_rules_it_does_not_know_are_named() -> None:
    def own_rule(helper: Helper, household: Household) -> None:
        return None

    helpers, households = city(1, 5, 5, 1_000)
    for rules, name in (
        ((*RULES, own_rule), "own_rule"),
        (RULES[1:], "serves_a_need"),
        ((), "serves_a_need"),
    ):
        with pytest.raises(MatchingError) as refused:
            candidates(helpers, households, rules)
        assert (refused.value.code, refused.value.field) == (codes.UNKNOWN_ID, "rules")
        assert refused.value.subject == name


def test_hundreds_of_skills_and_long_lists() -> None:
    rng = np.random.default_rng(3)
    names = [f"own{number}" for number in range(400)]
    helpers, households = city(3, 80, 70, 3_000)
    helpers = [
        replace(row, skills={**row.skills, **{str(name): 2 for name in rng.choice(names, 60)}})
        for row in helpers
    ]
    households = [
        replace(row, needs=(*row.needs, *(Need(str(name), half_hours=1) for name in rng.choice(names, 9))))
        for row in households
    ]
    assert listed(candidates(helpers, households)) == by_predicates(
        helpers, households, RULES, DEFAULT_WEIGHTS
    )


def test_more_pairs_at_one_need_than_there_was_room_for() -> None:
    helpers = [Helper(f"v{j:05d}", {"cook": 1}) for j in range(5_000)]
    households = [Household(f"h{h}", (Need("cook"),) * 2) for h in range(9)]
    table = candidates(helpers, households)
    assert table.indptr.tolist() == [5_000 * h for h in range(10)]
    assert np.array_equal(table.helper, np.tile(np.arange(5_000), 9))


def test_a_side_may_be_empty() -> None:
    helpers, households = city(1, 4, 3, 1_000)
    for one, other in ((helpers, []), ([], households), ([], [])):
        table = candidates(one, other)
        assert len(table) == 0 and table.indptr.tolist() == [0] * (len(other) + 1)


def test_the_order_of_the_rows_does_not_matter() -> None:
    helpers, households = odd_city(4)
    rng = np.random.default_rng(0)
    table = candidates(helpers, households)
    for _ in range(3):
        shuffled = [helpers[k] for k in rng.permutation(len(helpers))]
        others = [households[k] for k in rng.permutation(len(households))]
        assert same(candidates(shuffled, others), table)


def test_the_number_of_threads_does_not_matter() -> None:
    helpers, households = make("M")
    table = sift(helpers, households, threads=1)
    assert len(table) > 10_000
    for threads in (0, 2, 2, 3):
        assert same(sift(helpers, households, threads=threads), table)


def test_metres_are_rounded_down_exactly() -> None:
    longest = isqrt(8 * MAX_METRES**2)
    for root in {*range(1, 40), *range(longest - 40, longest), 2**24, 2**25 - 1, 1_999, 20_000}:
        for square in (root * root - 1, root * root, root * root + 1):
            north = isqrt(square)
            assert distance(north, 0) == north
    for m in (1, 2, 31, 999, 2_200, 2_236):  # (2m²)² + (2m)² = (2m² + 1)² − 1
        for sign_x, sign_y in itertools.product((1, -1), repeat=2):
            assert distance(sign_x * 2 * m * m, sign_y * 2 * m) == 2 * m * m
    assert distance(2 * MAX_METRES, -2 * MAX_METRES) == isqrt(8 * MAX_METRES**2)


def test_to_the_metre_and_across_the_edges_of_cells() -> None:
    edges = (-2_001, -2_000, -1_999, -1, 0, 1, 1_998, 1_999, 2_000, 2_001, 3_999, 4_000)
    places = [*((x, 5) for x in edges), *((5, y) for y in edges)]
    helpers = [
        Helper(f"v{x},{y} {reach}", {"cook": 1}, position=(x, y), reach_m=reach)
        for x, y in places
        for reach in (0, 1, 2, 1_999, 2_000, 2_001)
    ]
    helpers += [
        Helper(f"far{reach}", {"cook": 1}, position=(0, 0), reach_m=reach) for reach in range(19_998, 20_004)
    ]
    places += [(x, 0) for x in range(19_998, 20_004)]
    households = [Household(f"h{x},{y}", (Need("cook"),), position=(x, y)) for x, y in places]
    assert listed(candidates(helpers, households)) == by_predicates(
        helpers, households, RULES, DEFAULT_WEIGHTS
    )


points = st.none() | st.tuples(
    st.sampled_from([-2_000.0, -0.5, 0.0, 0.5, 1_999.4, 1_999.5, 2_000.0, 3_999.0, 24_000.0]),
    st.sampled_from([0.0, 1.0, 1_500.0, -1_999.5, 2_000.5, 45_000.0]) | st.floats(-5_000, 5_000),
)
some_skills = st.sampled_from(["a", "b", "c"])
some_languages = st.sampled_from(["zh", "en", "yue"])
weeks = st.sampled_from([WHOLE_WEEK, EVENINGS, WEEKENDS, 1 << 335, 0b111 << 62, 1]) | st.integers(
    1, WHOLE_WEEK
)
a_helper = st.builds(
    Helper,
    id=st.just("?"),
    skills=st.dictionaries(some_skills, st.integers(1, 3), max_size=3),
    languages=st.frozensets(some_languages, max_size=2),
    week=st.just(0) | weeks,
    position=points,
    reach_m=st.none() | st.sampled_from([0, 1_999, 2_000, 2_001, 20_000, 20_001, 50_000]),
    places=st.integers(0, 2),
    gender=st.sampled_from([None, "f", "m"]),
    checks=st.frozensets(st.sampled_from(["police", "tb"])),
    exclusions=st.frozensets(st.sampled_from(["h0", "h1", "h9"]), max_size=1),
    limits=st.frozensets(st.sampled_from(["dog", "cat"])),
    hours=st.none() | st.integers(0, 8),
    load=st.integers(0, 4),
)
a_need = st.builds(
    Need, some_skills, st.integers(1, 3), st.integers(1, 6), st.none() | weeks, st.integers(1, 5)
)
a_household = st.builds(
    Household,
    id=st.just("?"),
    needs=st.lists(a_need, min_size=1, max_size=4).map(tuple),
    languages=st.lists(some_languages, max_size=2).map(tuple),
    position=points,
    same_gender=st.sampled_from([None, None, "f"]),
    check_required=st.frozensets(st.sampled_from(["police", "tb"]), max_size=1),
    places=st.integers(0, 3),
    circumstances=st.frozensets(st.sampled_from(["dog", "cat"]), max_size=1),
    wished_helper=st.sampled_from([None, "v0", "v1", "v9"]),
    good_history=st.frozensets(st.sampled_from(["v0", "v1", "v2", "v9"])),
    declined=st.frozensets(st.sampled_from(["v0", "v3", "v9"]), max_size=1),
    helped=st.just(0),
    met=st.frozensets(some_skills),
)


@settings(max_examples=300, deadline=None)
@given(
    st.lists(a_helper, max_size=7),
    st.lists(a_household, max_size=5),
    st.sampled_from([RULES, *SUBSETS]),
    st.sampled_from([DEFAULT_WEIGHTS, UNEVEN]),
)
def test_whatever_comes_the_predicates_agree(
    helpers: list[Helper], households: list[Household], rules: tuple[Rule, ...], weights: Weights
) -> None:
    helpers = [replace(row, id=f"v{j}") for j, row in enumerate(helpers)]
    households = [
        replace(row, id=f"h{h}", helped=(3 - row.places) * (h % 2)) for h, row in enumerate(households)
    ]
    table = candidates(helpers, households, rules, weights)
    assert listed(table) == by_predicates(helpers, households, rules, weights)

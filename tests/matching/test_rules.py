"""Each hard rule bars what it should, says the facts, and nothing else does."""

from dataclasses import replace

import pytest

from matching import codes
from matching.candidates import candidates
from matching.model import Helper, Household, Need
from matching.rules import barred, bars, first_bar
from matching.scores import Weights, score_terms
from tests.matching.city import city

MONDAY_9_TO_11 = 0b1111 << 18
MONDAY_10_TO_12 = 0b1111 << 20

HELPER = Helper(
    id="v",
    skills={"cook": 2},
    languages=frozenset({"zh"}),
    week=MONDAY_9_TO_11,
    position=(0.0, 0.0),
    reach_m=1_000,
    gender="f",
    checks=frozenset({"police"}),
    hours=4,
)
HOUSEHOLD = Household(
    id="h",
    needs=(Need("cook", level=2, half_hours=2, week=MONDAY_10_TO_12, urgency=4),),
    languages=("zh",),
    position=(600.0, 800.0),
    same_gender="f",
    check_required=frozenset({"police"}),
    circumstances=frozenset({"dog"}),
)


def test_the_pair_every_rule_allows() -> None:
    assert barred(HELPER, HOUSEHOLD) is None


@pytest.mark.parametrize(
    "helper, household, code, facts",
    [
        ({"skills": {"sew": 3}}, {}, codes.SKILL, {"skills": ("cook",)}),
        ({"skills": {"cook": 1}}, {}, codes.LEVEL, {"skill": "cook", "required": 2, "held": 1}),
        ({}, {"needs": (Need("cook", half_hours=3, week=MONDAY_10_TO_12),)}, codes.TIME, {"skill": "cook", "required": 3, "overlap": 2}),
        ({"week": 0}, {"needs": (Need("cook"),)}, codes.TIME, {"skill": "cook", "required": 1, "overlap": 0}),
        ({"hours": 1}, {}, codes.HOURS, {"skill": "cook", "required": 2, "free": 1}),
        ({"exclusions": frozenset({"h"})}, {}, codes.EXCLUDED, {}),
        ({}, {"declined": frozenset({"v"})}, codes.DECLINED, {}),
        ({}, {"languages": ("yue",)}, codes.LANGUAGE, {"wanted": ("yue",), "spoken": ("zh",)}),
        ({"gender": None}, {}, codes.SAME_GENDER, {"wanted": "f", "gender": None}),
        ({}, {"check_required": frozenset({"police", "tb"})}, codes.CHECK, {"missing": ("tb",)}),
        ({"limits": frozenset({"dog", "cat"})}, {}, codes.CIRCUMSTANCE, {"circumstances": ("dog",)}),
        ({"reach_m": 999}, {}, codes.DISTANCE, {"metres": 1_000, "reach": 999}),
        ({"places": 0}, {}, codes.NO_PLACES, {"side": "helper"}),
        ({}, {"places": 0}, codes.NO_PLACES, {"side": "household"}),
    ],
)  # fmt: skip
def test_a_rule_bars_with_its_facts(helper: dict, household: dict, code: str, facts: dict) -> None:
    one, other = replace(HELPER, **helper), replace(HOUSEHOLD, **household)
    assert [bar.code for bar in bars(one, other)] == [code]
    assert first_bar(one, other).facts == facts
    assert len(candidates([one], [other])) == 0


@pytest.mark.parametrize(
    "helper, household",
    [
        ({"position": None, "reach_m": 1}, {}),
        ({}, {"position": None}),
        ({"reach_m": None}, {"position": (99_999.0, 0.0)}),
        ({"hours": None}, {}),
        ({"languages": frozenset()}, {"languages": ()}),
        ({"gender": None}, {"same_gender": None}),
        ({}, {"needs": (Need("sew", level=3), Need("cook"))}),
    ],
)
def test_what_is_not_known_or_not_asked_bars_nobody(helper: dict, household: dict) -> None:
    table = candidates([replace(HELPER, **helper)], [replace(HOUSEHOLD, **household)])
    assert len(table) == 1


def test_of_several_unmet_needs_the_closest_says_why() -> None:
    household = replace(HOUSEHOLD, needs=(Need("sew"), Need("cook", level=3), Need("cook", week=1)))
    assert barred(HELPER, household) == codes.TIME


def test_score_terms_by_hand() -> None:
    helper = replace(HELPER, load=1)
    household = replace(HOUSEHOLD, wished_helper="v", good_history=frozenset({"v"}))
    assert score_terms(helper, household) == {
        codes.NEED_URGENCY: 4 * 4,
        codes.SKILL_FIT: 3 * 3,
        codes.NEEDS_COVERED: 8,
        codes.TIME_OVERLAP: 2,
        codes.FIRST_LANGUAGE: 5,
        codes.GOOD_HISTORY: 15,
        codes.WISHED_HELPER: 25,
        codes.NEARNESS: 2 * 5,
        codes.COMPLEMENT: 0,
        codes.LIGHT_LOAD: 3 * 2,
    }
    assert tuple(score_terms(helper, household)) == codes.SCORE_CODES


def test_an_unknown_home_scores_lower_and_travels_nothing() -> None:
    near = candidates([HELPER], [HOUSEHOLD])
    unknown = candidates([replace(HELPER, position=None)], [HOUSEHOLD])
    assert near.travel.tolist() == [1_000] and unknown.travel.tolist() == [0]
    assert unknown.score[0] < near.score[0]


def test_candidates_are_exactly_the_pairs_no_rule_bars() -> None:
    helpers, households = city(9, 70, 60, 1_500)
    weights = Weights(nearness=7, wished_helper=0)
    table = candidates(helpers, households, weights=weights)
    found = {
        (table.household_ids[h], table.helper_ids[j]): score
        for h, j, score in zip(table.household, table.helper, table.score, strict=True)
    }
    expected = {
        (household.id, helper.id): sum(score_terms(helper, household, weights).values())
        for household in households
        for helper in helpers
        if not list(bars(helper, household))
    }
    assert found == expected and len(found) > 100

"""Input the engine cannot work with is refused by field and id."""

from dataclasses import replace

import numpy as np
import pytest

from matching import codes
from matching.candidates import candidates
from matching.model import WHOLE_WEEK, Helper, Household, MatchingError, Need
from matching.scores import Weights
from matching.solve import solve
from tests.matching.city import one_to_one

NEEDS = (Need("cook"),)


@pytest.mark.parametrize(
    "change, field, code",
    [
        ({"position": (float("nan"), 0.0)}, "position", codes.NOT_A_NUMBER),
        ({"position": (0.0, float("inf"))}, "position", codes.NOT_A_NUMBER),
        ({"position": (1e12, 0.0)}, "position", codes.OUT_OF_RANGE),
        ({"places": -1}, "helper.places", codes.OUT_OF_RANGE),
        ({"places": 1.5}, "helper.places", codes.NOT_WHOLE),
        ({"places": float("nan")}, "helper.places", codes.NOT_A_NUMBER),
        ({"places": True}, "helper.places", codes.NOT_WHOLE),
        ({"week": WHOLE_WEEK + 1}, "helper.week", codes.OUT_OF_RANGE),
        ({"week": -1}, "helper.week", codes.OUT_OF_RANGE),
        ({"skills": {"cook": 4}}, "helper.skills", codes.OUT_OF_RANGE),
        ({"skills": {"": 1}}, "helper.skills", codes.BLANK),
        ({"hours": 337}, "helper.hours", codes.OUT_OF_RANGE),
        ({"reach_m": -5}, "helper.reach_m", codes.OUT_OF_RANGE),
        ({"load": -1}, "helper.load", codes.OUT_OF_RANGE),
    ],
)
def test_a_bad_helper_is_named(change: dict, field: str, code: str) -> None:
    with pytest.raises(MatchingError) as refused:
        replace(Helper(id="v1", skills={}), **change)
    assert (refused.value.subject, refused.value.field, refused.value.code) == ("v1", field, code)


@pytest.mark.parametrize(
    "change, field, code",
    [
        ({"position": (float("nan"), 0.0)}, "position", codes.NOT_A_NUMBER),
        ({"places": -1}, "household.places", codes.OUT_OF_RANGE),
        ({"places": 4}, "household.places", codes.OUT_OF_RANGE),
        ({"urgency": 0}, "household.urgency", codes.OUT_OF_RANGE),
        ({"needs": ()}, "household.needs", codes.NO_NEEDS),
    ],
)
def test_a_bad_household_is_named(change: dict, field: str, code: str) -> None:
    with pytest.raises(MatchingError) as refused:
        replace(Household(id="h1", needs=NEEDS), **change)
    assert (refused.value.subject, refused.value.field, refused.value.code) == ("h1", field, code)


@pytest.mark.parametrize(
    "change, field, code",
    [
        ({"week": 0}, "need.week", codes.EMPTY_WEEK),
        ({"level": 0}, "need.level", codes.OUT_OF_RANGE),
        ({"half_hours": 0}, "need.half_hours", codes.OUT_OF_RANGE),
        ({"urgency": 6}, "need.urgency", codes.OUT_OF_RANGE),
        ({"skill": ""}, "need.skill", codes.BLANK),
    ],
)
def test_a_bad_need_is_named(change: dict, field: str, code: str) -> None:
    with pytest.raises(MatchingError) as refused:
        Need(**({"skill": "cook"} | change))
    assert (refused.value.field, refused.value.code) == (field, code)


def test_ids_that_come_twice_are_named() -> None:
    helper, household = Helper(id="v1", skills={}), Household(id="h1", needs=NEEDS)
    with pytest.raises(MatchingError) as refused:
        candidates([helper, helper], [household])
    assert (refused.value.field, refused.value.subject) == ("helper.id", "v1")
    with pytest.raises(MatchingError) as refused:
        candidates([helper], [household, household])
    assert (refused.value.field, refused.value.subject) == ("household.id", "h1")


def test_a_bad_weight_or_threshold_is_named() -> None:
    with pytest.raises(MatchingError, match=r"weights\.nearness"):
        Weights(nearness=-1)
    with pytest.raises(MatchingError, match="keep_gain"):
        solve(one_to_one(np.array([[1]])), keep_gain=-1)


@pytest.mark.parametrize(
    "change",
    [
        {"helper_places": np.array([-1, 1])},
        {"helper_places": np.array([1.0, float("nan")])},
        {"household_places": np.array([1, 9])},
        {"urgency": np.array([1, 0])},
        {"indptr": np.array([0, 2])},
        {"indptr": np.array([0, 5, 4])},
        {"helper": np.array([0, 1, 0, 2])},
        {"helper": np.array([0, 0, 0, 1])},
        {"travel": np.array([0, 0, 0, -1])},
        {"score": np.array([0.5, 1, 1, 1])},
        {"score": np.array([1, 1, 1])},
        {"helper_ids": ("v001", "v000")},
        {"household_ids": ("h000", "h000")},
    ],
)
def test_a_table_that_does_not_fit_together_is_refused(change: dict) -> None:
    table = one_to_one(np.array([[1, 2], [3, 4]]))
    with pytest.raises(MatchingError):
        replace(table, **change)

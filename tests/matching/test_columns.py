"""Columns the engine cannot work with are named, and what it can is taken as it comes."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from matching import codes
from matching.candidates import candidates
from matching.columns import UNKNOWN, HelperColumns, HouseholdColumns, to_columns
from matching.model import MAX_METRES, MatchingError
from matching.sift import sift
from tests.matching.city import city


def small_columns() -> tuple[HelperColumns, HouseholdColumns]:
    helpers, households = city(5, 6, 4, 1_000)
    return to_columns(helpers, households)


def first(column: Any, value: Any) -> np.ndarray:
    """The column with another first value."""
    changed = np.array(column)
    changed[0] = value
    return changed


HELPER_FAULTS = [
    ("ids", lambda c: c.ids[::-1], "helper.id", codes.WRONG_SHAPE),
    ("ids", lambda c: (c.ids[1], *c.ids[1:]), "helper.id", codes.DUPLICATE),
    ("ids", lambda c: ("", *c.ids[1:]), "helper.id", codes.BLANK),
    ("ids", lambda c: tuple(range(1, 7)), "helper.id", codes.BLANK),
    ("ids", lambda c: c.ids[1:], "helper.skill_start", codes.WRONG_SHAPE),
    ("skill_start", lambda c: first(c.skill_start, 1), "helper.skill_start", codes.WRONG_SHAPE),
    ("skill_start", lambda c: np.append(c.skill_start[:-1], 0), "helper.skill_start", codes.WRONG_SHAPE),
    ("skill", lambda c: c.skill[1:], "helper.skill", codes.WRONG_SHAPE),
    ("skill", lambda c: np.zeros_like(c.skill), "helper.skill", codes.DUPLICATE),
    ("skill", lambda c: first(c.skill, -1), "helper.skill", codes.OUT_OF_RANGE),
    ("level", lambda c: first(c.level, 4), "helper.level", codes.OUT_OF_RANGE),
    ("level", lambda c: first(c.level, 0), "helper.level", codes.OUT_OF_RANGE),
    ("languages", lambda c: first(c.languages.astype(np.int64), -1), "helper.languages", codes.OUT_OF_RANGE),
    ("week", lambda c: c.week[:, :5], "helper.week", codes.WRONG_SHAPE),
    ("week", lambda c: c.week + np.uint64(1 << 60), "helper.week", codes.OUT_OF_RANGE),
    ("x", lambda c: first(c.x.astype(float), np.nan), "helper.x", codes.NOT_A_NUMBER),
    ("x", lambda c: c.x.astype(float), "helper.x", codes.NOT_WHOLE),
    ("x", lambda c: first(c.x, MAX_METRES + 1), "helper.x", codes.OUT_OF_RANGE),
    ("y", lambda c: np.full(6, UNKNOWN), "helper.y", codes.OUT_OF_RANGE),
    ("y", lambda c: first(c.y.astype(np.int64), 1 << 40), "helper.y", codes.OUT_OF_RANGE),
    ("reach", lambda c: first(c.reach, -2), "helper.reach", codes.OUT_OF_RANGE),
    ("places", lambda c: first(c.places, -1), "helper.places", codes.OUT_OF_RANGE),
    ("places", lambda c: c.places > 0, "helper.places", codes.NOT_WHOLE),
    ("gender", lambda c: first(c.gender, -2), "helper.gender", codes.OUT_OF_RANGE),
    ("hours", lambda c: first(c.hours, 337), "helper.hours", codes.OUT_OF_RANGE),
    ("load", lambda c: c.load[:, None], "helper.load", codes.WRONG_SHAPE),
]
HOUSEHOLD_FAULTS = [
    ("need_start", lambda c: np.array([0, 0, *c.need_start[2:]]), "household.need_start", codes.NO_NEEDS),
    ("need_skill", lambda c: first(c.need_skill, 1 << 20), "household.need_skill", codes.OUT_OF_RANGE),
    ("need_level", lambda c: first(c.need_level, 0), "household.need_level", codes.OUT_OF_RANGE),
    ("need_half_hours", lambda c: first(c.need_half_hours, 0), "household.need_half_hours", codes.OUT_OF_RANGE),
    ("need_half_hours", lambda c: first(c.need_half_hours, 337), "household.need_half_hours", codes.OUT_OF_RANGE),
    ("need_urgency", lambda c: first(c.need_urgency, 6), "household.need_urgency", codes.OUT_OF_RANGE),
    ("need_week", lambda c: first(c.need_week, 0), "household.need_week", codes.EMPTY_WEEK),
    ("need_week", lambda c: c.need_week[1:], "household.need_week", codes.WRONG_SHAPE),
    ("first_language", lambda c: first(c.first_language, 3), "household.first_language", codes.WRONG_SHAPE),
    ("places", lambda c: first(c.places, 4), "household.places", codes.OUT_OF_RANGE),
    ("urgency", lambda c: first(c.urgency, 0), "household.urgency", codes.OUT_OF_RANGE),
    ("helped", lambda c: first(c.helped, 4), "household.helped", codes.OUT_OF_RANGE),
    ("helped", lambda c: c.helped[1:], "household.helped", codes.WRONG_SHAPE),
    ("need_met", lambda c: first(c.need_met, 2), "household.need_met", codes.OUT_OF_RANGE),
    ("wished", lambda c: first(c.wished, -2), "household.wished", codes.OUT_OF_RANGE),
    ("good_start", lambda c: c.good_start[1:], "household.good_start", codes.WRONG_SHAPE),
    ("good", lambda c: first(c.good, -1), "household.good", codes.OUT_OF_RANGE),
    ("apart", lambda c: c.apart[:-1], "household.apart", codes.WRONG_SHAPE),
]  # fmt: skip


@pytest.mark.parametrize(
    "side, fault", [*((0, f) for f in HELPER_FAULTS), *((1, f) for f in HOUSEHOLD_FAULTS)]
)
def test_bad_columns_are_named(side: int, fault: tuple[str, Any, str, str]) -> None:
    name, spoil, field, code = fault
    columns = small_columns()[side]
    with pytest.raises(MatchingError) as refused:
        replace(columns, **{name: spoil(columns)})
    assert (refused.value.field, refused.value.code) == (field, code)


@pytest.mark.parametrize(
    "change",
    [
        {"wished": [-1, 6, -1, -1]},
        {"good_start": [0, 0, 2, 2, 2], "good": [0, 6]},
        {"apart_start": [0, 0, 0, 0, 1], "apart": [6]},
    ],
)
def test_a_helper_there_is_not_is_named(change: dict[str, Any]) -> None:
    helpers, households = small_columns()
    with pytest.raises(MatchingError) as refused:
        sift(helpers, replace(households, **change))
    assert refused.value.code == codes.UNKNOWN_ID
    assert refused.value.field == f"household.{list(change)[-1]}"


def test_lists_must_ascend() -> None:
    helpers, households = small_columns()
    two = replace(households, good_start=[0, 2, 2, 2, 2], good=[1, 4])
    assert len(sift(helpers, two)) == len(sift(helpers, households))
    for rows in ([4, 1], [4, 4]):
        with pytest.raises(MatchingError) as refused:
            replace(two, good=rows)
        assert refused.value.field == "household.good"
    replace(two, good_start=[0, 1, 2, 2, 2], good=[4, 1])  # two rows of one each


def test_other_whole_numbers_and_arrays_of_text_will_do() -> None:
    helpers, households = small_columns()
    table = sift(helpers, households)
    other = replace(
        helpers,
        ids=np.array(helpers.ids),
        x=helpers.x.astype(np.int64),
        level=helpers.level.astype(np.uint8),
        week=np.asfortranarray(helpers.week),
        checks=helpers.checks.astype(np.int16),
    )
    assert other.x.dtype == np.int32 and other.checks.dtype == np.uint64
    found = sift(other, households)
    assert found.helper.tolist() == table.helper.tolist() and found.score.tolist() == table.score.tolist()
    assert found.helper_ids == helpers.ids and type(found.helper_ids[0]) is str


@pytest.mark.parametrize(
    "field, change",
    [
        ("household.languages", {"languages": tuple(f"l{k}" for k in range(65))}),
        ("household.check_required", {"check_required": frozenset(f"c{k}" for k in range(65))}),
        ("household.circumstances", {"circumstances": frozenset(f"c{k}" for k in range(65))}),
    ],
)
def test_more_kinds_than_fit_a_word_are_refused(field: str, change: dict[str, Any]) -> None:
    helpers, households = city(5, 6, 4, 1_000)
    with pytest.raises(MatchingError) as refused:
        candidates(helpers, [replace(households[0], **change), *households[1:]])
    assert (refused.value.field, refused.value.code) == (field, codes.OUT_OF_RANGE)


def test_kinds_no_household_asks_for_take_no_room() -> None:
    helpers, households = city(5, 40, 30, 1_000)
    many = frozenset(f"kind{k}" for k in range(99))
    wider = [
        replace(row, languages=row.languages | many, checks=row.checks | many, limits=row.limits | many)
        for row in helpers
    ]
    found, table = candidates(wider, households), candidates(helpers, households)
    assert found.helper.tolist() == table.helper.tolist() and found.score.tolist() == table.score.tolist()

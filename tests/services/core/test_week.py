"""Weeks of half-hours, in and out of words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.core.week import (
    FULL_WEEK,
    HALF_HOURS_A_WEEK,
    half_hours,
    read_week,
    text_from_week,
    week_from_text,
)

MASKS = st.integers(0, FULL_WEEK) | st.lists(
    st.tuples(st.integers(0, 6), st.integers(0, 48), st.integers(0, 48)), max_size=6
).map(lambda parts: sum_masks((day, min(a, b), max(a, b)) for day, a, b in parts))


def sum_masks(parts) -> int:
    mask = 0
    for part in parts:
        mask |= half_hours(*part)
    return mask


def days(which, start, end) -> int:
    return sum_masks((day, int(start * 2), int(end * 2)) for day in which)


@given(MASKS, st.sampled_from(["zh", "zh-Hans", "en"]))
def test_a_week_in_words_reads_back(mask, language):
    assert week_from_text(text_from_week(mask, language)) == mask


@given(
    st.text()
    | st.text("周一二三四五六日天至、,;: 0123456789-上下午晚全点半随时工作末每monfriday", max_size=40)
)
def test_no_text_crashes_and_every_mask_is_a_week(text):
    week = read_week(text)
    assert 0 <= week.mask < 1 << HALF_HOURS_A_WEEK
    if not week.unread and not week.rounded:
        assert week_from_text(text) == week.mask


def test_bit_0_is_monday_midnight():
    assert week_from_text("周一 0:00-0:30") == 1
    assert week_from_text("周日 23:30-24:00") == 1 << 335


@pytest.mark.parametrize(
    ("text", "mask"),
    [
        ("周末全天", days([5, 6], 8, 20)),
        ("工作日晚上", days(range(5), 18, 21)),
        ("随时", days(range(7), 8, 20)),
        ("每天上午", days(range(7), 8, 12)),
        ("周六、周日 9:00—17:00", days([5, 6], 9, 17)),
        ("周一至周五 18:00-21:00", days(range(5), 18, 21)),
        ("周六至周一 9-11点", days([5, 6, 0], 9, 11)),
        ("周三 10:00-14:00;周六 17:00-21:00", days([2], 10, 14) | days([5], 17, 21)),
        ("周三 10:00-14:00、周六 17:00-21:00", days([2], 10, 14) | days([5], 17, 21)),
        ("周二 17:00-18:00,周五 19:00-23:00", days([1], 17, 18) | days([4], 19, 23)),
        ("周四 11:00-15:00,周四 10:00-13:00", days([3], 10, 15)),
        ("每周三下午", days([2], 14, 18)),
        ("周三下午2点到4点半", days([2], 14, 16.5)),
        ("星期六上午8点-下午5点", days([5], 8, 17)),
        ("周六;周日晚上", days([5], 8, 20) | days([6], 18, 21)),
        ("周一三五 晚上", days([0, 2, 4], 18, 21)),
        ("Mon–Wed 9:00–11:00; Sat evening", days([0, 1, 2], 9, 11) | days([5], 18, 21)),
        ("周三 ９：００～１１：００", days([2], 9, 11)),
        ("", 0),
    ],
)
def test_words_offices_use(text, mask):
    assert week_from_text(text) == mask


@pytest.mark.parametrize(
    "text",
    [
        "除周三外",
        "周三不行",
        "周一 22:00-2:00",
        "周一 9:00-9:00",
        "周一3-5点",
        "25:00-26:00",
        "周日 23:00-24:30",
        "monthly",
        "看情况",
        "9",
        "、",
    ],
)
def test_what_is_not_plain_is_not_guessed(text):
    week = read_week(text)
    assert week.mask == 0
    assert week.unread == (text,)
    with pytest.raises(ValueError):
        week_from_text(text)


def test_one_clause_not_understood_leaves_the_others():
    week = read_week("周三 10:00-12:00;孩子放学以后;周五晚上")
    assert week.mask == days([2], 10, 12) | days([4], 18, 21)
    assert week.unread == ("孩子放学以后",)


def test_minutes_are_cut_inwards_and_said_so():
    week = read_week("周三 9:15-10:45")
    assert (week.mask, week.rounded) == (days([2], 9.5, 10.5), True)


def test_words_group_days_with_the_same_hours():
    assert (
        text_from_week(days([0, 1, 2, 5], 18, 21) | days([6], 9, 10))
        == "周一至周三 18:00–21:00;周六 18:00–21:00;周日 9:00–10:00"
    )
    assert text_from_week(days(range(7), 8, 20), "en") == "Every day 8:00–20:00"

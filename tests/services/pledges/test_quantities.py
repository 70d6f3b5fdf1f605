"""Quantities as people write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.core.errors import DomainError
from services.pledges import quantities


@pytest.mark.parametrize(
    ("written", "measure", "whole"),
    [
        ("5", "台", 5),
        ("5台", "台", 5),
        ("５ 台", "台", 5),
        ("1,200", "份", 1200),
        ("20000.50", "CNY", 2_000_050),
        ("￥20,000", "CNY", 2_000_000),
        ("2万元", "CNY", 2_000_000),
        ("1.5万", "CNY", 1_500_000),
        ("20000 yuan", "CNY", 2_000_000),
        ("40", "minute", 2400),
        ("40小时", "minute", 2400),
        ("1.5 hours", "minute", 90),
    ],
)
def test_understood(written, measure, whole):
    assert quantities.read(written, measure) == whole


@pytest.mark.parametrize(
    ("written", "measure"),
    [
        ("", "台"),
        ("five", "台"),
        ("-5", "台"),
        ("0", "台"),
        ("0.00", "CNY"),
        ("1.5", "台"),
        ("0.001", "CNY"),
        ("0.333", "minute"),
        ("5 boxes", "台"),
        ("5元", "minute"),
        ("1e5", "CNY"),
        ("NaN", "CNY"),
        ("9" * 30, "CNY"),
        ("99999999999", "CNY"),
        ("1 2 3 x", "台"),
    ],
)
def test_refused_by_name(written, measure):
    with pytest.raises(DomainError) as refusal:
        quantities.read(written, measure)
    assert refusal.value.field == "quantity"


@given(st.integers(1, quantities.LARGEST), st.sampled_from(["CNY", "台"]))
def test_what_is_shown_for_typing_is_read_back(whole, measure):
    assert quantities.read(f"{quantities.number(whole, measure):f}", measure) == whole


@given(st.integers(1, 10**8).map(lambda n: n * 3))
def test_hours_are_read_back(minutes):
    assert quantities.read(f"{quantities.number(minutes, 'minute'):f}", "minute") == minutes


@given(st.text(max_size=40), st.sampled_from(["CNY", "minute", "台"]))
def test_no_text_breaks_it(written, measure):
    try:
        assert quantities.read(written, measure) > 0
    except DomainError as refusal:
        assert refusal.field == "quantity"


@pytest.mark.parametrize(
    ("whole", "measure", "english", "chinese"),
    [
        (2_000_050, "CNY", "¥20,000.50", "20,000.50 元"),
        (2_000_000, "CNY", "¥20,000", "20,000 元"),
        (90, "minute", "1.5 h", "1.5 小时"),
        (1200, "台", "1,200 台", "1,200 台"),
        (10, "台", "10 台", "10 台"),
    ],
)
def test_shown(whole, measure, english, chinese):
    assert quantities.written(whole, measure, "en") == english
    assert quantities.written(whole, measure, "zh_Hans") == chinese


def test_measures():
    assert quantities.measure_of("money", "块") == "CNY"
    assert quantities.measure_of("service", "小时") == "minute"
    assert quantities.measure_of("goods", " 台 ") == "台"
    # What is counted stands on public pages: an identity number has no place there.
    for kind, written in (("goods", ""), ("goods", "元"), ("service", ""), ("goods", "11010519491231002X")):
        with pytest.raises(DomainError):
            quantities.measure_of(kind, written)

"""What is withheld cannot be worked out from what is told."""

from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from services.reports.withholding import SMALL, Sum, determined, withheld


def test_a_small_count_takes_a_second_with_it():
    values = {"a": 4, "b": 30, "c": 50, "all": 84}
    assert withheld(values, [Sum("all", ("a", "b", "c"))]) == {"a", "b"}


def test_nothing_small_nothing_withheld():
    values = {"a": 0, "b": 30, "all": 30}
    assert withheld(values, [Sum("all", ("a", "b"))]) == frozenset()


def test_a_total_of_one_part_goes_with_it():
    values = {"a": 4, "b": 0, "all": 4}
    assert withheld(values, [Sum("all", ("a", "b"))]) == {"a", "all"}


def test_many_ones_do_not_give_each_other_away():
    # 24 counts that are each at least 1 and make 24 together are each 1.
    parts = tuple(range(24))
    assert "all" in withheld({**dict.fromkeys(parts, 1), "all": 24}, [Sum("all", parts)])


def test_what_crosses_is_found():
    # x + y told twice over, and x + y + z: z follows though no sum has it alone.
    sums = [Sum("a", ("x", "y")), Sum("b", ("x", "y", "z"))]
    assert determined(sums, {"x", "y", "z"}) == {"z"}


@st.composite
def tables(draw):
    """Communities in streets in a region; each count once whole and in two parts."""
    streets = draw(st.lists(st.integers(1, 5), min_size=1, max_size=4))
    small = st.one_of(st.just(0), st.integers(1, 12), st.integers(1, 60))
    values, sums = {}, []
    for metric in ("a", "b", "both"):
        tops = []
        for number, communities in enumerate(streets):
            parts = [(metric, number, one) for one in range(communities)]
            for cell in parts:
                values[cell] = (
                    values["a", *cell[1:]] + values["b", *cell[1:]] if metric == "both" else draw(small)
                )
            tops.append((metric, number))
            values[metric, number] = sum(values[cell] for cell in parts)
            sums.append(Sum((metric, number), tuple(parts)))
        values[metric,] = sum(values[cell] for cell in tops)
        sums.append(Sum((metric,), tuple(tops)))
    sums += [Sum(cell, (("a", *cell[1:]), ("b", *cell[1:]))) for cell in values if cell[0] == "both"]
    return values, sums


def _range(cell, values, sums, hidden):
    """The least and the greatest value of a withheld cell that agrees with all that is told."""
    order = sorted(hidden, key=str)
    left, right = [], []
    for one in sums:
        signs = {**dict.fromkeys(one.parts, 1), one.total: -1}
        left.append([signs.get(other, 0) for other in order])
        right.append(-sum(sign * values[other] for other, sign in signs.items() if other not in hidden))
    aim = [1 if other == cell else 0 for other in order]
    found = [
        linprog([sign * one for one in aim], A_eq=left, b_eq=right, bounds=(1, 10_000)).fun
        for sign in (1, -1)
    ]
    return found[0], -found[1]


@settings(max_examples=60, deadline=None)
@given(tables())
def test_no_small_count_follows_from_what_is_told(table):
    values, sums = table
    hidden = set(withheld(values, sums))
    assert {cell for cell, value in values.items() if 0 < value <= SMALL} <= hidden
    assert not any(values[cell] == 0 for cell in hidden)
    assert determined(sums, hidden) == set()
    for cell in list(hidden)[:6]:
        least, most = _range(cell, values, sums, hidden)
        assert most - least > 0.5, (cell, values, hidden)

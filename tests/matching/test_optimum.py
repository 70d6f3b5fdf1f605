"""The pairing is the best there is: against brute force, scipy and its own proof."""

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
from scipy.optimize import linear_sum_assignment

from matching import codes
from matching.answer import Solution
from matching.candidates import candidates
from matching.check import check
from matching.levels import find_row, id_pair
from matching.model import MatchingError
from matching.rules import barred
from matching.solve import solve
from matching.table import Candidates
from tests.matching.brute import best_levels, levels_of
from tests.matching.city import city, one_to_one, tiny_table


def rows_of(table: Candidates, solution: Solution) -> list[int]:
    return sorted(
        find_row(table, table.household_ids.index(pair.household_id), table.helper_ids.index(pair.helper_id))
        for pair in solution.pairs
    )


@pytest.mark.parametrize("block", range(4))
def test_every_subset_of_pairs_is_no_better(block: int) -> None:
    rng = np.random.default_rng(block)
    for number in range(260):
        table = tiny_table(rng, same_urgency=number % 3 == 0, scores=(9, 3, 0)[number % 3])
        living = {row for row in range(len(table)) if rng.random() < 0.3}
        keep = [id_pair(table, row) for row in living]
        keep_gain = int(rng.integers(0, 6))
        solution = solve(table, keep, keep_gain)
        rows = rows_of(table, solution)
        assert levels_of(table, rows, living, keep_gain) == best_levels(table, living, keep_gain)
        certificate = check(table, solution, keep, keep_gain)
        assert certificate.proven and certificate.value == certificate.bound == solution.value


def test_one_to_one_agrees_with_linear_sum_assignment() -> None:
    rng = np.random.default_rng(7)
    for households, helpers in ((5, 5), (20, 30), (30, 20), (40, 40)):
        score = rng.integers(0, 100, (households, helpers))
        solution = solve(one_to_one(score))
        taken = linear_sum_assignment(score, maximize=True)
        assert solution.totals.score == score[taken].sum()
        assert len(solution.pairs) == min(households, helpers)


def test_a_city_is_proven_and_every_pair_keeps_every_rule() -> None:
    helpers, households = city(3, 260, 200, 1_500)
    table = candidates(helpers, households)
    solution = solve(table)
    assert check(table, solution).proven
    by_id = {helper.id: helper for helper in helpers} | {household.id: household for household in households}
    assert len(solution.pairs) > 150
    for pair in solution.pairs:
        assert barred(by_id[pair.helper_id], by_id[pair.household_id]) is None
    assert len({(pair.helper_id, pair.household_id) for pair in solution.pairs}) == len(solution.pairs)
    for counted in (
        Counter(pair.helper_id for pair in solution.pairs),
        Counter(pair.household_id for pair in solution.pairs),
    ):
        assert all(count <= by_id[name].places for name, count in counted.items())


def test_the_order_of_rows_does_not_matter() -> None:
    helpers, households = city(4, 60, 60, 1_500)
    first = solve(candidates(helpers, households))
    rng = np.random.default_rng(0)
    for _ in range(3):
        again = solve(
            candidates(
                [helpers[j] for j in rng.permutation(len(helpers))],
                [households[h] for h in rng.permutation(len(households))],
            )
        )
        assert again.pairs == first.pairs and again.value == first.value
        assert np.array_equal(again.prices, first.prices)


def test_one_helper_cannot_fill_two_places_of_a_household() -> None:
    table = replace(one_to_one(np.array([[5]])), household_places=np.array([3]), helper_places=np.array([3]))
    solution = solve(table)
    assert [(pair.helper_id, pair.place) for pair in solution.pairs] == [("v000", 1)]
    assert check(table, solution).proven


def test_first_places_come_before_second_places_and_urgent_before_less_urgent() -> None:
    table = replace(
        one_to_one(np.array([[900, 900], [1, 1], [800, 800]])),
        household_places=np.array([2, 1, 1]),
        urgency=np.array([5, 3, 1]),
    )
    solution = solve(table)
    assert {pair.household_id for pair in solution.pairs} == {"h000", "h001"}


def test_among_equally_urgent_households_points_decide_then_travel_then_id() -> None:
    table = replace(one_to_one(np.array([[5], [9], [9]])), travel=np.array([0, 300, 200]))
    assert [pair.household_id for pair in solve(table).pairs] == ["h002"]
    table = one_to_one(np.array([[9], [9], [9]]))
    assert [pair.household_id for pair in solve(table).pairs] == ["h000"]


def test_a_living_pair_breaks_only_for_more_points_than_the_threshold() -> None:
    for better, keep_gain, kept in ((10, 10, 1), (11, 10, 0), (1, 0, 0), (0, 0, 1)):
        table = one_to_one(np.array([[50, 50 + better]]))
        solution = solve(table, [("v000", "h000")], keep_gain)
        assert solution.totals.kept == kept
        assert solution.totals.broken == (() if kept else (("v000", "h000"),))
        assert check(table, solution, [("v000", "h000")], keep_gain).proven


def test_a_tie_keeps_the_living_pair_even_without_a_threshold() -> None:
    table = one_to_one(np.array([[50, 50, 50]]))
    for helper_id in table.helper_ids:
        assert solve(table, [(helper_id, "h000")]).totals.broken == ()


def test_a_living_pair_breaks_to_help_one_household_more() -> None:
    table = one_to_one(np.array([[50, 50], [50, 50]]))
    pairs = np.array([True, True, True, False])
    table = replace(
        table,
        indptr=np.array([0, 2, 3]),
        helper=table.helper[pairs],
        score=table.score[pairs],
        travel=table.travel[pairs],
    )
    solution = solve(table, [("v000", "h000")], 100)
    assert len(solution.pairs) == 2 and solution.totals.broken == (("v000", "h000"),)


def test_an_unchanged_input_keeps_every_pair_and_a_barred_living_pair_is_named() -> None:
    helpers, households = city(5, 80, 100, 1_500)
    table = candidates(helpers, households)
    first = solve(table)
    keep = [(pair.helper_id, pair.household_id) for pair in first.pairs]
    again = solve(table, [*keep, ("gone", "h00001")], 5)
    assert again.pairs == first.pairs
    assert again.totals.kept == len(keep) and again.totals.broken == ()
    assert again.totals.lost == (("gone", "h00001"),)


def test_helpers_without_places_get_nobody_and_the_proof_holds() -> None:
    table = replace(one_to_one(np.array([[9, 1], [9, 1]])), helper_places=np.array([0, 1]))
    solution = solve(table)
    assert [pair.helper_id for pair in solution.pairs] == ["v001"]
    assert check(table, solution).proven


def test_scores_of_zero_still_cover_all() -> None:
    table = one_to_one(np.zeros((6, 6), dtype=np.int64))
    solution = solve(table)
    assert len(solution.pairs) == 6 and check(table, solution).proven


@pytest.mark.parametrize("helpers, households", [(0, 0), (0, 3), (3, 0)])
def test_nobody_on_one_side_is_an_empty_proven_answer(helpers: int, households: int) -> None:
    some_helpers, some_households = city(1, 3, 3, 1_500)
    table = candidates(some_helpers[:helpers], some_households[:households])
    solution = solve(table)
    assert solution.pairs == () and solution.value == 0 and check(table, solution).proven


def test_numbers_too_large_for_exact_levels_are_refused() -> None:
    table = replace(one_to_one(np.array([[1 << 30, 1] * 20] * 40)), travel=np.array([1_000_000] * 1_600))
    with pytest.raises(MatchingError) as refused:
        solve(table)
    assert refused.value.code == codes.OVERFLOW
    for score in (1 << 50, -(1 << 63)):
        with pytest.raises(MatchingError) as refused:
            one_to_one(np.array([[score]]))
        assert refused.value.code == codes.OVERFLOW

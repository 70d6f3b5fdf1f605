"""The verifier believes the best answer and refuses every other one."""

from dataclasses import replace

import numpy as np
import pytest

from matching import codes
from matching.candidates import Candidates
from matching.check import check
from matching.levels import dual_bound, exact_sum, objective
from matching.solve import Pair, Solution, solve
from tests.matching.city import one_to_one, tiny_table


def bound_with(table: Candidates, solution: Solution, prices: np.ndarray) -> Solution:
    return replace(
        solution, prices=prices, bound=dual_bound(table, objective(table), prices, solution.surplus)
    )


def mutations(table: Candidates, solution: Solution) -> list[Solution]:
    """Answers that differ from the best in one thing each."""
    pairs, dearer = solution.pairs, solution.prices + (table.helper_places > 0) * (1 << 55)
    changed = [
        replace(solution, value=solution.value + 1),
        replace(solution, bound=solution.bound - 1),
        replace(solution, value=solution.value - 1, bound=solution.bound - 1),
        replace(solution, totals=replace(solution.totals, score=solution.totals.score + 1)),
        replace(solution, totals=replace(solution.totals, broken=(("x", "y"),))),
        replace(solution, prices=solution.prices - solution.prices.max() - 1),
        replace(solution, prices=solution.prices[1:]),
        replace(solution, prices=solution.prices.astype(float)),
        replace(solution, surplus=solution.surplus + (1 << 62)),
        replace(solution, pairs=(*pairs, Pair("nobody", "nowhere", 1))),
        bound_with(table, solution, dearer),
    ]
    for index, pair in enumerate(pairs):
        rest = pairs[:index] + pairs[index + 1 :]
        changed.append(replace(solution, pairs=rest))
        changed.append(replace(solution, pairs=(*pairs, pair)))
        changed.append(replace(solution, pairs=(*rest, replace(pair, place=pair.place + 1))))
        changed += [
            replace(solution, pairs=(*rest, replace(pair, helper_id=other)))
            for other in table.helper_ids
            if other != pair.helper_id
        ]
    return changed


def test_every_mutated_answer_is_refused() -> None:
    rng = np.random.default_rng(11)
    tried = 0
    for _ in range(60):
        table = tiny_table(rng)
        if not table.helper_places.any():
            continue
        solution = solve(table)
        assert check(table, solution).problems == ()
        for mutated in mutations(table, solution):
            certificate = check(table, mutated)
            assert not certificate.proven and certificate.problems, mutated
            tried += 1
    assert tried > 600


def test_an_allowed_answer_that_is_not_the_best_has_a_gap() -> None:
    table = one_to_one(np.array([[9, 1], [9, 8]]))
    best = solve(table)
    worse = solve(one_to_one(np.array([[1, 9], [9, 1]])))
    certificate = check(table, replace(worse, prices=best.prices, surplus=best.surplus, bound=best.bound))
    assert certificate.feasible and not certificate.proven
    assert codes.GAP in certificate.problems and certificate.value < certificate.bound


@pytest.mark.parametrize(
    "pairs, problem",
    [
        ((Pair("v000", "h000", 1), Pair("v000", "h001", 1)), codes.HELPER_OVER_PLACES),
        ((Pair("v000", "h000", 1), Pair("v001", "h000", 2)), codes.HOUSEHOLD_OVER_PLACES),
        ((Pair("v000", "h000", 1), Pair("v000", "h000", 2)), codes.REPEATED_PAIR),
        ((Pair("v000", "h009", 1),), codes.UNKNOWN_PAIR),
    ],
)
def test_forbidden_pairs_are_named(pairs: tuple[Pair, ...], problem: str) -> None:
    table = one_to_one(np.array([[9, 1], [9, 8]]))
    certificate = check(table, replace(solve(table), pairs=pairs))
    assert not certificate.feasible and problem in certificate.problems


def test_the_bound_holds_for_any_prices() -> None:
    rng = np.random.default_rng(12)
    for _ in range(200):
        table = tiny_table(rng)
        best, goal = solve(table), objective(table)
        prices = rng.integers(0, 1 << 20, len(table.helper_ids))
        surplus = rng.integers(-(1 << 20), 1 << 20, len(table.household_ids))
        assert dual_bound(table, goal, prices, surplus) >= best.value


def test_sums_beyond_64_bits_are_exact() -> None:
    column = np.array([(1 << 60) - 1, 1 << 60, -(1 << 60), 12345] * 40 + [1 << 60] * 40, dtype=np.int64)
    assert exact_sum(column) == sum(column.tolist())

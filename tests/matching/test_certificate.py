"""The verifier believes the best answer and refuses every other one."""

from dataclasses import replace

import numpy as np
import pytest

from matching import codes
from matching.answer import Solution
from matching.check import check
from matching.levels import dual_bound, exact_sum, objective, order_of_places, totals, value_of
from matching.solve import find_best, solution_of, solve, start
from matching.table import Candidates
from tests.matching.city import one_to_one, tiny_table


def bound_with(table: Candidates, solution: Solution, prices: np.ndarray) -> Solution:
    return replace(
        solution, prices=prices, bound=dual_bound(table, objective(table), prices, solution.surplus)
    )


def with_rows(solution: Solution, rows: list[int]) -> Solution:
    """The answer with other rows, their places and totals told truly."""
    table, chosen = solution.table, np.array(sorted(rows), dtype=np.int64)
    return replace(
        solution,
        rows=chosen,
        place=order_of_places(table, chosen, np.zeros(0, np.int64)),
        totals=totals(table, chosen),
        value=value_of(table, objective(table), chosen),
    )


def mutations(table: Candidates, solution: Solution) -> list[Solution]:
    """Answers that differ from the best in one thing each."""
    rows, dearer = solution.rows, solution.prices + (table.helper_places > 0) * (1 << 55)
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
        replace(solution, rows=np.append(rows, len(table)), place=np.append(solution.place, 1)),
        replace(solution, rows=rows.astype(np.int32)),
        replace(solution, point=solution.point - 1),
        replace(solution, unit=solution.unit - 1),
        replace(solution, unit=float(solution.unit)),
        replace(solution, unit=1 << 60),
        bound_with(table, solution, dearer),
    ]
    for index, row in enumerate(rows.tolist()):
        rest = [other for other in rows.tolist() if other != row]
        place = solution.place.copy()
        place[index] += 1
        changed.append(with_rows(solution, rest))
        changed.append(replace(solution, rows=np.sort(np.append(rows, row))))
        changed.append(replace(solution, place=place))
        others = [other for other in range(len(table)) if other not in rows]
        changed += [with_rows(solution, [*rest, other]) for other in others if beats(table, row, other)]
    return changed


def beats(table: Candidates, row: int, other: int) -> bool:
    """Is this row worth more than another in the same place, so that an exchange must show?"""
    same = table.household[row] == table.household[other]
    return bool(same and (table.score[row], -table.travel[row]) > (table.score[other], -table.travel[other]))


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
    certificate = check(table, with_rows(best, [1, 2]))
    assert certificate.feasible and not certificate.proven
    assert codes.GAP in certificate.problems and certificate.value < certificate.bound


@pytest.mark.parametrize(
    "rows, problem",
    [
        ([0, 2], codes.HELPER_OVER_PLACES),
        ([0, 1], codes.HOUSEHOLD_OVER_PLACES),
        ([0, 0], codes.REPEATED_PAIR),
        ([9], codes.UNKNOWN_PAIR),
        ([-1], codes.UNKNOWN_PAIR),
    ],
)
def test_forbidden_pairs_are_named(rows: list[int], problem: str) -> None:
    table = one_to_one(np.array([[9, 1], [9, 8]]))
    certificate = check(table, replace(solve(table), rows=np.array(rows, dtype=np.int64)))
    assert not certificate.feasible and problem in certificate.problems


def test_larger_scales_prove_as_well() -> None:
    table = one_to_one(np.array([[9, 1], [9, 8]]))
    goal = replace(objective(table), point=objective(table).point * 3, unit=objective(table).unit * 7)
    flow = start(table, goal)
    find_best(flow)
    solution = solution_of(table, goal, np.flatnonzero(flow.made), flow.price, flow.surplus, ())
    assert check(table, solution).proven
    assert solution.value > solve(table).value and np.array_equal(solution.rows, solve(table).rows)


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

"""The independent verifier: is this pairing allowed, and is it proven the best? It trusts nothing the solver says."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np

from matching import codes
from matching.answer import IdPair, Solution
from matching.levels import (
    LIMIT,
    Objective,
    dual_bound,
    living_pairs,
    most_pairs,
    objective,
    order_of_places,
    totals,
    value_of,
)
from matching.table import Candidates, Whole


@dataclass(frozen=True, slots=True)
class Certificate:
    """What the verifier found.

    feasible: every pair is eligible, stands once, and nobody has more than there is room for. value and bound are
    computed anew from pairs and prices. proven: feasible, value equals bound, and all the solution says is true.
    problems: codes of ``codes.PROBLEM_CODES``, none when proven.
    """

    feasible: bool
    value: int
    bound: int
    proven: bool
    problems: tuple[str, ...]


def check(
    table: Candidates, solution: Solution, keep: Iterable[IdPair] = (), keep_gain: int = 0
) -> Certificate:
    """Verify a solution's rows and prices against the table and the living pairs it was asked to keep.

    The proof is weak duality in exact whole numbers: no pairing is worth more than the bound the prices give, so one
    that reaches it is the best. Raises MatchingError only for a table whose levels do not fit.
    """
    living_ids = tuple(sorted(set(keep)))
    goal = objective(table, living_ids, keep_gain)
    if not strict(solution, goal, table):
        return Certificate(False, 0, 0, False, (codes.WRONG_SCALES,))
    goal = replace(goal, point=solution.point, unit=solution.unit)
    problems = row_problems(table, solution.rows)
    feasible = not problems
    value = value_of(table, goal, solution.rows) if feasible else 0
    if feasible:
        living, _ = living_pairs(table, living_ids)
        if not np.array_equal(order_of_places(table, solution.rows, living), solution.place):
            problems.append(codes.WRONG_PLACE)
        if totals(table, solution.rows, living_ids) != solution.totals:
            problems.append(codes.WRONG_TOTALS)
        if solution.value != value:
            problems.append(codes.WRONG_VALUE)
    bound = 0
    if not (
        priced(solution.prices, len(table.helper_ids), 0)
        and priced(solution.surplus, len(table.household_ids), -LIMIT)
    ):
        problems.append(codes.WRONG_PRICES)
    else:
        bound = dual_bound(table, goal, solution.prices, solution.surplus)
        if solution.bound != bound:
            problems.append(codes.WRONG_BOUND)
        if feasible and value != bound:
            problems.append(codes.GAP)
    return Certificate(feasible, value, bound, not problems, tuple(problems))


def strict(solution: Solution, goal: Objective, table: Candidates) -> bool:
    """Are the solution's scales large enough to keep the levels apart, and small enough to be exact?"""
    if not (type(solution.point) is int and type(solution.unit) is int):
        return False
    highest = max(int(goal.score.max(initial=0)), -int(goal.score.min(initial=0)))
    furthest = int(table.travel.max(initial=0))
    least = 2 * most_pairs(table) * (highest * solution.point + furthest + 1) + 1
    return goal.point <= solution.point and least <= solution.unit and 17 * solution.unit < LIMIT


def row_problems(table: Candidates, rows: Whole) -> list[str]:
    """Rows the table does not have, rows that come twice, helpers and households with more pairs than places."""
    if (
        not isinstance(rows, np.ndarray)
        or rows.dtype != np.int64
        or rows.ndim != 1
        or np.any((rows < 0) | (rows >= len(table)))
    ):
        return [codes.UNKNOWN_PAIR]
    problems = []
    if np.any(np.diff(rows) <= 0):
        problems.append(codes.REPEATED_PAIR)
        rows = np.sort(rows)
    if np.any(np.bincount(table.helper[rows], minlength=len(table.helper_ids)) > table.helper_places):
        problems.append(codes.HELPER_OVER_PLACES)
    if np.any(table.helped_by(rows) > table.household_places):
        problems.append(codes.HOUSEHOLD_OVER_PLACES)
    return problems


def priced(column: Whole, size: int, low: int) -> bool:
    """One whole number for each, in the range in which 64 bits are exact."""
    if not isinstance(column, np.ndarray) or column.shape != (size,) or column.dtype != np.int64:
        return False
    return bool(np.all((column >= low) & (column <= LIMIT)))

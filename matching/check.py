"""The independent verifier: is this pairing allowed, and is it proven the best? It trusts nothing the solver says."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from matching import codes
from matching.answer import IdPair, Pair, Solution
from matching.candidates import Candidates, Whole
from matching.levels import (
    LIMIT,
    dual_bound,
    find_row,
    living_pairs,
    objective,
    order_of_places,
    totals,
    value_of,
)


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
    """Verify a solution against the table and the living pairs it was asked to keep.

    The proof is weak duality in exact whole numbers: no pairing is worth more than the bound the prices give, so one
    that reaches it is the best. Raises MatchingError only for a table whose levels do not fit.
    """
    living_ids = tuple(sorted(set(keep)))
    goal = objective(table, living_ids, keep_gain)
    rows, problems = rows_of(table, solution.pairs)
    problems += room_problems(table, rows)
    feasible = not problems
    value = value_of(table, goal, rows) if feasible else 0
    if feasible:
        problems += claim_problems(table, solution, rows, living_ids)
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


def rows_of(table: Candidates, pairs: Iterable[Pair]) -> tuple[list[int], list[str]]:
    """The rows of the table the pairs stand for; pairs that are not eligible or come twice are problems."""
    helper_index = {name: j for j, name in enumerate(table.helper_ids)}
    household_index = {name: h for h, name in enumerate(table.household_ids)}
    rows: list[int] = []
    problems: list[str] = []
    for pair in pairs:
        row = find_row(
            table, household_index.get(pair.household_id, -1), helper_index.get(pair.helper_id, -1)
        )
        if row is None:
            problems.append(codes.UNKNOWN_PAIR)
        else:
            rows.append(row)
    if len(set(rows)) < len(rows):
        problems.append(codes.REPEATED_PAIR)
    return rows, list(dict.fromkeys(problems))


def room_problems(table: Candidates, rows: list[int]) -> list[str]:
    """Helpers and households with more pairs than places."""
    chosen = np.array(rows, dtype=np.int64)
    problems = []
    if np.any(np.bincount(table.helper[chosen], minlength=len(table.helper_ids)) > table.helper_places):
        problems.append(codes.HELPER_OVER_PLACES)
    if np.any(
        np.bincount(table.household[chosen], minlength=len(table.household_ids)) > table.household_places
    ):
        problems.append(codes.HOUSEHOLD_OVER_PLACES)
    return problems


def claim_problems(
    table: Candidates, solution: Solution, rows: list[int], keep: tuple[IdPair, ...]
) -> list[str]:
    """Places and totals the solution states that are not so."""
    living = frozenset(living_pairs(table, keep)[0].tolist())
    by_household: dict[str, list[tuple[int, Pair]]] = {}
    for row, pair in zip(rows, solution.pairs, strict=True):
        by_household.setdefault(pair.household_id, []).append((row, pair))
    problems = []
    for mine in by_household.values():
        ordered = order_of_places(table, [row for row, _ in mine], living)
        if Counter((row, place) for place, row in enumerate(ordered, start=1)) != Counter(
            (row, pair.place) for row, pair in mine
        ):
            problems = [codes.WRONG_PLACE]
    if totals(table, rows, keep) != solution.totals:
        problems.append(codes.WRONG_TOTALS)
    return problems


def priced(column: Whole, size: int, low: int) -> bool:
    """One whole number for each, in the range in which 64 bits are exact."""
    if not isinstance(column, np.ndarray) or column.shape != (size,) or column.dtype != np.int64:
        return False
    return bool(np.all((column >= low) & (column <= LIMIT)))

"""Known answers and laws: closed forms, more people never hurt, names do not matter."""

from dataclasses import replace

import numpy as np
import pytest

from matching import codes
from matching.check import check
from matching.check_hours import check_hours
from matching.compare import compare
from matching.fairness import choices, fairness
from matching.hours import Timed, within_hours
from matching.levels import objective, value_of
from matching.live import Edge, Live
from matching.solve import solve
from matching.table import Candidates
from tests.matching.city import one_to_one, tiny_table


@pytest.mark.parametrize("size", [1, 2, 7, 40, 120])
def test_machol_and_wien(size: int) -> None:
    """Cost i·j (1968): the best pairs the largest with the smallest; as points, size² - i·j."""
    cost = np.outer(np.arange(1, size + 1), np.arange(1, size + 1))
    solution = solve(one_to_one(size * size - cost))
    least = int((np.arange(1, size + 1) * np.arange(size, 0, -1)).sum())
    assert solution.totals.score == size**3 - least
    assert check(solution.table, solution).proven


def test_rank_one_points_pair_in_order() -> None:
    rng = np.random.default_rng(1)
    left, right = np.sort(rng.integers(0, 50, 60)), np.sort(rng.integers(0, 50, 60))
    assert solve(one_to_one(np.outer(left, right))).totals.score == int((left * right).sum())


def test_transport_along_a_street_pairs_neighbours_in_order() -> None:
    rng = np.random.default_rng(2)
    homes, helpers = rng.integers(0, 9_000, 80), rng.integers(0, 9_000, 80)
    table = one_to_one(np.zeros((80, 80), dtype=np.int64))
    table = replace(table, travel=np.abs(homes[:, None] - helpers).ravel())
    assert solve(table).totals.travel == int(np.abs(np.sort(homes) - np.sort(helpers)).sum())


def levels(table: Candidates) -> tuple:
    totals = solve(table).totals
    return tuple(level.covered for level in totals.coverage), totals.score, -totals.travel


@pytest.mark.parametrize("block", range(3))
def test_one_more_never_hurts_and_one_less_never_helps(block: int) -> None:
    rng = np.random.default_rng(100 + block)
    for _ in range(60):
        table = tiny_table(rng)
        more = replace(table, helper_places=table.helper_places + (rng.random(len(table.helper_ids)) < 0.5))
        assert levels(more) >= levels(table)
        live = Live(table, points=20, metres=20)
        before = live.solution().value
        edges = [Edge(name, 5, 3) for name in table.household_ids]
        change = live.add_helper("zz", 1, edges)
        assert all(more > 0 for more in list(change.coverage.values())[:1]) or change.points >= 0
        assert live.solution().value >= before
        live.remove_helper("zz")
        assert live.solution().value == before


def test_names_only_decide_ties() -> None:
    rng = np.random.default_rng(9)
    for _ in range(80):
        table = tiny_table(rng)
        helpers = rng.permutation(len(table.helper_ids))
        renamed = renumbered(table, helpers)
        assert solve(renamed).value == solve(table).value
        again = solve(replace(table, helper_ids=[f"x{name}" for name in table.helper_ids]))
        assert np.array_equal(again.rows, solve(table).rows)


def renumbered(table: Candidates, order: np.ndarray) -> Candidates:
    """The same table with its helpers under other names."""
    place = np.argsort(order)
    rows = np.lexsort((place[table.helper], table.household))
    return replace(
        table,
        helper_places=table.helper_places[order],
        helper=place[table.helper][rows],
        score=table.score[rows],
        travel=table.travel[rows],
    )


def test_a_comparison_says_what_is_more_and_less() -> None:
    before, after = solve(one_to_one(np.array([[5, 9]]))), solve(one_to_one(np.array([[12, 9], [1, 3]])))
    change = compare(before, after)
    assert change.added == (("v000", "h000"), ("v001", "h001")) and change.removed == (("v001", "h000"),)
    assert change.coverage == {(1, 3): 1} and change.points == 6


def test_fairness_counts_load_ways_and_choices() -> None:
    table = replace(
        one_to_one(np.array([[9, 5, 0], [9, 3, 0]])),
        helper_places=np.array([1, 1, 0]),
        travel=np.array([100, 300, 0, 200, 500, 0]),
    )
    solution = solve(table)
    report = fairness(solution, np.array([0, 2, 1]))
    assert report.load == {1: 2, 3: 1} and report.idle == 0
    assert report.ways == (200, 250, 300) and report.choices == {1: 1, 2: 1}
    assert choices(solution) == {"h000": 2, "h001": 1}


@pytest.mark.parametrize("block", range(3))
def test_hours_are_kept_and_the_bound_holds(block: int) -> None:
    rng = np.random.default_rng(200 + block)
    for _ in range(60):
        table = tiny_table(rng)
        half_hours = rng.integers(1, 5, len(table)).astype(np.int32)
        hours = rng.integers(-1, 9, len(table.helper_ids)).astype(np.int32)
        found = within_hours(table, half_hours, hours)
        best = max(
            (value for value, rows in every_pairing(table) if fits(table, rows, half_hours, hours)), default=0
        )
        assert fits(table, found.rows.tolist(), half_hours, hours)
        assert found.value <= best <= found.bound
        told = check_hours(table, half_hours, hours, found)
        assert told.feasible and told.proven == found.proven
        assert set(told.problems) <= {codes.GAP}
        for lie, problem in lies_about(found, half_hours, hours):
            assert problem in check_hours(table, half_hours, hours, lie).problems


def lies_about(found: Timed, half_hours: np.ndarray, hours: np.ndarray):
    """(an answer with one thing changed, what the verifier must say)."""
    yield replace(found, bound=found.bound - 1), codes.WRONG_BOUND
    yield replace(found, proven=not found.proven), codes.WRONG_BOUND
    yield replace(found, surplus=found.surplus.astype(np.float64)), codes.WRONG_PRICES
    yield replace(found, value=found.value + 1), codes.WRONG_VALUE
    if found.rows.size:
        yield replace(found, rows=np.append(found.rows, found.rows[-1])), codes.REPEATED_PAIR
        yield replace(found, rows=found.rows[1:]), codes.WRONG_TOTALS
    most = np.arange(len(found.table))
    given = np.bincount(found.table.helper, minlength=hours.size)
    helped = np.bincount(found.table.household, minlength=len(found.table.household_ids))
    room = np.all(given <= found.table.helper_places) and np.all(helped <= found.table.household_places)
    if room and not fits(found.table, most.tolist(), half_hours, hours):
        yield replace(found, rows=most), codes.HELPER_OVER_HOURS


def every_pairing(table: Candidates):
    """(value, rows) of every pairing that keeps the places, by brute force."""
    goal_rows = range(len(table))
    for chosen in range(1 << len(table)):
        rows = [row for row in goal_rows if chosen >> row & 1]
        helped = np.bincount(table.household[rows], minlength=len(table.household_ids))
        given = np.bincount(table.helper[rows], minlength=len(table.helper_ids))
        if np.all(helped <= table.household_places) and np.all(given <= table.helper_places):
            yield worth(table, np.array(rows, dtype=np.int64)), rows


def worth(table: Candidates, rows: np.ndarray) -> int:
    return value_of(table, objective(table), rows)


def fits(table: Candidates, rows: list[int], half_hours: np.ndarray, hours: np.ndarray) -> bool:
    taken = np.bincount(table.helper[rows], weights=half_hours[rows], minlength=len(table.helper_ids))
    return bool(np.all((hours < 0) | (taken <= hours)))

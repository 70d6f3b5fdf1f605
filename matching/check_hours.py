"""The verifier of pairings within everybody's hours: plain NumPy over exact Python integers, nothing of the solver's."""

from typing import Any

import numpy as np

from matching import codes
from matching.check import Certificate, priced, row_problems
from matching.hours import Timed, require_half_hours
from matching.levels import LIMIT, Objective, classes, objective, totals, value_of
from matching.shape import Small
from matching.table import Candidates, Whole


def check_hours(table: Candidates, half_hours: Small, hours: Small, timed: Timed) -> Certificate:
    """Verify that a pairing keeps the hours and that none within them is worth more than its bound.

    half_hours, hours: as of ``within_hours``, whose errors are raised. The only problem is ``codes.GAP`` when all that
    the answer says is true and a point or more lies between value and bound; there is none when it is proven.
    """
    require_half_hours(table, half_hours, hours)
    goal = objective(table)
    problems = row_problems(table, timed.rows)
    if not problems and over_hours(table, timed.rows, half_hours, hours):
        problems.append(codes.HELPER_OVER_HOURS)
    feasible = not problems
    value = value_of(table, goal, timed.rows) if feasible else 0
    if feasible and totals(table, timed.rows) != timed.totals:
        problems.append(codes.WRONG_TOTALS)
    if feasible and timed.value != value:
        problems.append(codes.WRONG_VALUE)
    bound = 0
    if not priced(timed.surplus, len(table.household_ids), -LIMIT):
        problems.append(codes.WRONG_PRICES)
    else:
        bound = bound_of(table, goal, half_hours, hours, timed.surplus)
        if timed.bound != bound or timed.proven != (bound - timed.value < goal.point):
            problems.append(codes.WRONG_BOUND)
        if feasible and bound - value >= goal.point:
            problems.append(codes.GAP)
    return Certificate(feasible, value, bound, not problems, tuple(problems))


def over_hours(table: Candidates, rows: Whole, half_hours: Small, hours: Small) -> bool:
    """Does any helper have more to do than hours for it?"""
    taken = np.bincount(table.helper[rows], weights=half_hours[rows], minlength=hours.size)
    return bool(np.any((hours >= 0) & (taken > hours)))


def bound_of(table: Candidates, goal: Objective, half_hours: Small, hours: Small, surplus: Whole) -> int:
    """What the places are worth above the surplus, and the most that every helper alone can bring at this surplus."""
    above = [
        max(0, worth * goal.unit + extra)
        for row, extra in zip(classes(table).tolist(), surplus.tolist(), strict=True)
        for worth in row
        if worth > 0
    ]
    bring: Any = goal.gain.astype(object) - surplus[table.household].astype(object)
    useful = np.flatnonzero(bring > 0)
    by_helper = useful[np.argsort(table.helper[useful], kind="stable")]
    ends = np.searchsorted(table.helper[by_helper], np.arange(hours.size + 1)).tolist()
    return sum(above) + sum(
        most(bring[rows], half_hours[rows], int(table.helper_places[j]), int(hours[j]))
        for j in range(hours.size)
        if (rows := by_helper[ends[j] : ends[j + 1]]).size
    )


def most(bring: Any, half_hours: Small, places: int, hours: int) -> int:
    """The most that so many places and half-hours can hold (hours below 0: without limit)."""
    if hours < 0:
        return sum(sorted(bring.tolist(), reverse=True)[:places])
    best: Any = np.zeros((min(places, bring.size) + 1, hours + 1), object)
    for own, cost in zip(bring.tolist(), half_hours.tolist(), strict=True):
        if cost <= hours:
            with_it = best[:-1, : hours + 1 - cost] + own
            best[1:, cost:] = np.maximum(best[1:, cost:], with_it)
    return int(best[-1, -1])

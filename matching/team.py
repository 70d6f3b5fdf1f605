"""Many to one: second and third helpers who can do what the first cannot."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from matching.answer import IdPair, Solution
from matching.candidates import candidates
from matching.model import Helper, Household, sort_by_id
from matching.rules import RULES, Rule, served_needs
from matching.scores import DEFAULT_WEIGHTS, Weights
from matching.solve import solve
from matching.table import Candidates


@dataclass(frozen=True, slots=True, eq=False)
class Supported:
    """First helpers as they were chosen, and those who support them chosen anew with their skills in mind.

    first: pairs of the first answer that stay. table, solution: the second choice, with a proof of its own.
    """

    first: tuple[IdPair, ...]
    table: Candidates
    solution: Solution


def support(
    helpers: Iterable[Helper],
    households: Iterable[Household],
    solution: Solution,
    rules: Sequence[Rule] = RULES,
    weights: Weights = DEFAULT_WEIGHTS,
) -> Supported:
    """Choose second and third helpers again, now that the first are known: who meets a need that the first does not is
    preferred (term ``complement``). As many places are covered as before, level by level, when the answer fits everybody's
    hours: then the old choice still stands open.
    """
    as_given = {helper.id: helper for helper in sort_by_id(helpers, "helper.id")}
    the_helpers = dict(as_given)
    the_households = {one.id: one for one in sort_by_id(households, "household.id")}
    first = tuple(
        (pair.helper_id, pair.household_id)
        for pair in solution.pairs
        if pair.place == the_households[pair.household_id].helped + 1
    )
    for helper_id, household_id in first:
        helper, household = the_helpers[helper_id], the_households[household_id]
        served = served_needs(as_given[helper_id], household)
        left = None if helper.hours is None else helper.hours - max(need.half_hours for need in served)
        the_helpers[helper_id] = replace(
            helper,
            places=helper.places - 1,
            load=helper.load + 1,
            hours=left if left is None else max(0, left),
            exclusions=helper.exclusions | {household_id},
        )
        the_households[household_id] = replace(
            household,
            places=household.places - 1,
            helped=household.helped + 1,
            met=household.met | {need.skill for need in served},
        )
    table = candidates(the_helpers.values(), the_households.values(), rules, weights)
    return Supported(first, table, solve(table))

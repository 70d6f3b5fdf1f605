"""Whom to look for next: which skill one more helper would bring the most, found by prices, proven by solving again."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from matching.answer import IdPair, Level, Solution
from matching.candidates import Candidates, assemble, pair_row
from matching.explain import coverage_change
from matching.model import Helper, Household, sort_by_id
from matching.rules import RULES, Rule
from matching.scores import DEFAULT_WEIGHTS, Weights
from matching.solve import solve

NEWCOMER = "\U0010ffff"  # an id behind all others

Profile = tuple[str, int, str]


@dataclass(frozen=True, slots=True)
class Advice:
    """One more helper of this kind, with one place and any time, would bring this.

    gender: "" when nobody waiting asks for one. waiting: households without full help that ask for this.
    coverage: levels that gain (``covered`` is the change). households: those that would get more helpers than now.
    points: change of score.
    """

    skill: str
    level: int
    gender: str
    waiting: int
    coverage: tuple[Level, ...]
    households: tuple[str, ...]
    points: int


def recruit(
    helpers: Iterable[Helper],
    households: Iterable[Household],
    table: Candidates,
    solution: Solution,
    *,
    rules: Sequence[Rule] = RULES,
    weights: Weights = DEFAULT_WEIGHTS,
    keep: Iterable[IdPair] = (),
    keep_gain: int = 0,
    most: int = 5,
) -> tuple[Advice, ...]:
    """At most ``most`` kinds of helper that would raise coverage, the best first; none when all is covered.

    Helpers, households, rules, weights and keep must be those of the run.
    """
    the_helpers, the_households = sort_by_id(helpers, "helper.id"), sort_by_id(households, "household.id")
    living = tuple(sorted(set(keep)))
    waiting = waiting_profiles(the_households, table, solution)
    found = []
    for profile in list(waiting)[:most]:
        newcomer = make_newcomer(profile, the_households)
        wider = widen(table, the_helpers, the_households, newcomer, rules, weights)
        after = solve(wider, living, keep_gain)
        coverage = coverage_change(solution.totals, after.totals)
        if coverage:
            points = after.totals.score - solution.totals.score
            found.append(Advice(*profile, waiting[profile], coverage, gainers(solution, after), points))
    return tuple(
        sorted(
            found, key=lambda one: (preference(one.coverage), -one.points, one.skill, one.level, one.gender)
        )
    )


def waiting_profiles(
    households: Sequence[Household], table: Candidates, solution: Solution
) -> dict[Profile, int]:
    """(skill, level, gender) asked for by households that lack a helper → how many; the dearest by price first."""
    helped = Counter(pair.household_id for pair in solution.pairs)
    counts: Counter[Profile] = Counter()
    dearest: dict[Profile, int] = {}
    for household, surplus in zip(households, solution.surplus.tolist(), strict=True):
        if helped[household.id] >= household.places:
            continue
        for profile in {(need.skill, need.level, household.same_gender or "") for need in household.needs}:
            counts[profile] += 1
            dearest[profile] = max(dearest.get(profile, -surplus), -surplus)
    return {
        profile: counts[profile] for profile in sorted(counts, key=lambda p: (-dearest[p], -counts[p], p))
    }


def make_newcomer(profile: Profile, households: Sequence[Household]) -> Helper:
    """A helper with this one skill, and nothing else in the way."""
    skill, level, gender = profile
    return Helper(
        id=NEWCOMER,
        skills={skill: level},
        languages=frozenset(language for household in households for language in household.languages),
        gender=gender or None,
        checks=frozenset(kind for household in households for kind in household.check_required),
    )


def widen(
    table: Candidates,
    helpers: Sequence[Helper],
    households: Sequence[Household],
    newcomer: Helper,
    rules: Sequence[Rule],
    weights: Weights,
) -> Candidates:
    """The table with the newcomer's pairs in it."""
    rows = list(
        zip(
            table.household.tolist(),
            table.helper.tolist(),
            table.score.tolist(),
            table.travel.tolist(),
            strict=True,
        )
    )
    for h, household in enumerate(households):
        row = pair_row(h, len(helpers), household, newcomer, rules, weights)
        if row is not None:
            rows.append(row)
    return assemble([*helpers, newcomer], households, sorted(rows))


def gainers(before: Solution, after: Solution) -> tuple[str, ...]:
    """Households with more helpers than before."""
    gained = Counter(pair.household_id for pair in after.pairs)
    gained.subtract(Counter(pair.household_id for pair in before.pairs))
    return tuple(sorted(name for name, change in gained.items() if change > 0))


def preference(coverage: Iterable[Level]) -> tuple[tuple[int, int, int], ...]:
    """Sorts the gain of a higher level first."""
    return tuple((level.place, -level.urgency, -level.covered) for level in coverage)

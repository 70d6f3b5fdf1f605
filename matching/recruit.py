"""Whom to look for next: which skill, at which times, where; found by the prices, proven by pairing again."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from heapq import nsmallest
from itertools import product

import numpy as np

from matching.answer import Change, IdPair, Solution
from matching.candidates import candidates
from matching.levels import place_class
from matching.live import Edge, Live
from matching.model import WHOLE_WEEK, Helper, Household, Position, sort_by_id
from matching.rules import RULES, Rule
from matching.scores import DEFAULT_WEIGHTS, Weights
from matching.solve import solve
from matching.table import Candidates, Whole

NEWCOMER = "\U0010ffff"  # an id behind all others
REACH_M = 2_000  # how far a newcomer is taken to go
TRIED = 40  # so many of the most promising kinds are proven

Profile = tuple[str, int, str]


@dataclass(frozen=True, slots=True)
class Advice:
    """One more helper of this kind, with one place, would bring this.

    gender: "" when nobody waiting asks for one. times, area: names of what was given to ``recruit``. waiting: households
    without full help that ask for this. change: what becomes of the pairing. households: those with more helpers than now.
    """

    skill: str
    level: int
    gender: str
    times: str
    area: str
    waiting: int
    change: Change
    households: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of helper that might be missed."""

    profile: Profile
    times: str
    area: str


def recruit(
    helpers: Iterable[Helper],
    households: Iterable[Household],
    table: Candidates,
    *,
    times: Mapping[str, int] | None = None,
    areas: Mapping[str, Position] | None = None,
    rules: Sequence[Rule] = RULES,
    weights: Weights = DEFAULT_WEIGHTS,
    keep: Iterable[IdPair] = (),
    keep_gain: int = 0,
    most: int = 5,
) -> tuple[Advice, ...]:
    """At most ``most`` kinds of helper that would raise coverage, each skill once, the best first.

    times: name → half-hours of the week (any time when left out). areas: name → where a newcomer would live (anywhere).
    Households, rules, weights and keep must be those of the run. Prices say what a newcomer can bring at most; the most
    promising are then put in and everybody paired again, so that every advice is true and not an estimate.
    """
    the_households = sort_by_id(households, "household.id")
    living = tuple(keep)
    waiting = waiting_profiles(the_households, solve(table, living, keep_gain))
    kinds = [Kind(*kind) for kind in product(waiting, times or [""], areas or [""])]
    newcomers = make_newcomers(kinds, the_households, times or {}, areas or {})
    possible = candidates(newcomers, the_households, rules, weights)
    live = Live(table, living, keep_gain, points=int(possible.score.max(initial=0)), metres=REACH_M)
    hopes = hopes_of(live, possible)
    promising = nsmallest(TRIED, np.flatnonzero(hopes).tolist(), key=lambda n: (-hopes[n], n))
    found = [advise(live, kinds[n], edges_of(possible, n), waiting[kinds[n].profile]) for n in promising]
    found = sorted((one for one in found if one.change.coverage), key=preference)
    best: dict[str, Advice] = {}
    for one in found:
        best.setdefault(one.skill, one)
    return tuple(best.values())[:most]


def waiting_profiles(households: Sequence[Household], solution: Solution) -> dict[Profile, int]:
    """(skill, level, gender) asked for by households that lack a helper → how many ask."""
    helped = solution.table.helped_by(solution.rows)
    counts: Counter[Profile] = Counter()
    for household, found in zip(households, helped.tolist(), strict=True):
        if found < household.places:
            gender = household.same_gender or ""
            counts.update({(need.skill, need.level, gender) for need in household.needs})
    return dict(sorted(counts.items()))


def make_newcomers(
    kinds: Sequence[Kind],
    households: Sequence[Household],
    times: Mapping[str, int],
    areas: Mapping[str, Position],
) -> list[Helper]:
    """A helper of each kind, with nothing else in the way; their ids are numbers in the order of the kinds."""
    languages = frozenset(language for household in households for language in household.languages)
    checks = frozenset(check for household in households for check in household.check_required)
    return [
        Helper(
            id=f"{number:06d}",
            skills={kind.profile[0]: kind.profile[1]},
            week=times.get(kind.times, WHOLE_WEEK),
            position=areas.get(kind.area),
            reach_m=REACH_M,
            languages=languages,
            gender=kind.profile[2] or None,
            checks=checks,
        )
        for number, kind in enumerate(kinds)
    ]


def hopes_of(live: Live, possible: Candidates) -> Whole:
    """The most that each helper of a table can add to the value of a pairing, by the surplus of the households; 0 when nothing."""
    surplus = np.array(
        [live.flow.surplus[live.households[name]] for name in possible.household_ids], np.int64
    )
    worth = possible.score.astype(np.int64) * live.flow.point - possible.travel - surplus[possible.household]
    hopes = np.zeros(len(possible.helper_ids), np.int64)
    np.maximum.at(hopes, possible.helper, worth)
    return hopes


def edges_of(possible: Candidates, helper: int) -> list[Edge]:
    """The possible pairs of one helper of a table."""
    rows = np.flatnonzero(possible.helper == helper)
    columns = (possible.household[rows], possible.score[rows], possible.travel[rows])
    return [
        Edge(possible.household_ids[h], score, travel)
        for h, score, travel in zip(*(column.tolist() for column in columns), strict=True)
    ]


def advise(live: Live, kind: Kind, edges: Sequence[Edge], waiting: int) -> Advice:
    """What a newcomer really brings: everybody is paired again with him."""
    change = live.copy().add_helper(NEWCOMER, 1, edges)
    gained = Counter(household_id for _, household_id in change.added)
    gained.subtract(Counter(household_id for _, household_id in change.removed))
    households = tuple(sorted(name for name, more in gained.items() if more > 0))
    return Advice(*kind.profile, kind.times, kind.area, waiting, change, households)


def preference(advice: Advice) -> tuple:
    """Sorts the gain of a higher level first, then points, then what more people wait for."""
    levels = tuple(
        (-place_class(place, urgency), -more) for (place, urgency), more in advice.change.coverage.items()
    )
    return (levels, -advice.change.points, -advice.waiting, advice.skill, advice.times, advice.area)

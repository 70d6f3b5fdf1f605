"""What if: the best pairing of today's rows beside the best one if something were otherwise. Nothing is written."""

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from matching.answer import Change
from matching.candidates import candidates
from matching.compare import compare, difference
from matching.levels import living_pairs, totals
from matching.model import MAX_HOUSEHOLD_PLACES, MAX_METRES, Helper, Household, MatchingError
from matching.recruit import NEWCOMER, Kind, make_newcomers
from matching.solve import solve
from services.communities import regions
from services.core import permissions
from services.core.actor import Actor
from services.core.errors import N_, DomainError
from services.pairings import advice, snapshot
from services.pairings.snapshot import Snapshot

QUESTIONS = ("newcomer", "without_helper", "more_room", "more_skill", "more_places", "further", "loose")
MOST_METRES = 5_000
MOST_POINTS = 1_000


@dataclass(frozen=True)
class Question:
    """What is asked. `kind`: one of QUESTIONS.

    newcomer: `skill` at `level`, and `times` (of advice.TIMES), `area` (an estate) and `gender` when not any.
    without_helper, more_room: `volunteer_id`. more_skill: `volunteer_id` can do `skill` at `level` too. more_places: `household_id`. further: everybody goes `metres` further. loose: pairs that live may
    change for a gain of more than `points`.
    """

    kind: str
    volunteer_id: uuid.UUID | None = None
    household_id: uuid.UUID | None = None
    skill: str = ""
    level: int = 1
    gender: str = ""
    times: str = ""
    area: str = ""
    metres: int = 500
    points: int = 20


def ask(actor: Actor, question: Question) -> Change:
    """How the best pairing would change. Raises Forbidden, DomainError naming the field that does not fit."""
    permissions.require(actor, "pairings.decide")
    today = regions.today(actor.community_id)
    try:
        return _loosened(today, question.points) if question.kind == "loose" else _otherwise(today, question)
    except MatchingError as refused:
        raise DomainError("what_if", N_("The data does not allow this question.")) from refused


def _otherwise(today: date, question: Question) -> Change:
    taken = snapshot.take(today)
    helpers, households = CHANGES[question.kind](taken, question)
    return compare(solve(taken.table()), solve(candidates(helpers, households)))


def _newcomer(taken: Snapshot, question: Question) -> tuple[Sequence[Helper], Sequence[Household]]:
    areas = advice.areas()
    if question.area and question.area not in areas:
        raise DomainError("area", N_("Please choose an estate from the list."), field="area")
    kind = Kind((question.skill, question.level, question.gender), question.times, question.area)
    (newcomer,) = make_newcomers([kind], taken.households, advice.TIMES, areas)
    return (*taken.helpers, replace(newcomer, id=NEWCOMER)), taken.households


def _without_helper(taken: Snapshot, question: Question) -> tuple[Sequence[Helper], Sequence[Household]]:
    gone = _helper(taken, question)
    return [helper for helper in taken.helpers if helper is not gone], taken.households


def _more_room(taken: Snapshot, question: Question) -> tuple[Sequence[Helper], Sequence[Household]]:
    ready = _helper(taken, question)
    more = replace(ready, places=ready.places + 1)
    return [more if helper is ready else helper for helper in taken.helpers], taken.households


def _more_skill(taken: Snapshot, question: Question) -> tuple[Sequence[Helper], Sequence[Household]]:
    ready = _helper(taken, question)
    skills = {**ready.skills, question.skill: max(question.level, ready.skills.get(question.skill, 0))}
    able = replace(ready, skills=skills)
    return [able if helper is ready else helper for helper in taken.helpers], taken.households


def _more_places(taken: Snapshot, question: Question) -> tuple[Sequence[Helper], Sequence[Household]]:
    found = taken.household(question.household_id) if question.household_id else None
    if found is None:
        raise DomainError(
            "household_id",
            N_(
                "This household is not in the run: it was closed, without need or without consent then. Start a new run to include it."
            ),
            field="household_id",
        )
    if found.places + found.helped >= MAX_HOUSEHOLD_PLACES:
        raise DomainError(
            "household_id", N_("A household can have at most three helpers."), field="household_id"
        )
    more = replace(found, places=found.places + 1)
    return taken.helpers, [more if household is found else household for household in taken.households]


def _further(taken: Snapshot, question: Question) -> tuple[Sequence[Helper], Sequence[Household]]:
    return [
        helper
        if helper.reach_m is None
        else replace(helper, reach_m=min(helper.reach_m + question.metres, MAX_METRES))
        for helper in taken.helpers
    ], taken.households


CHANGES: dict[str, Callable[[Snapshot, Question], tuple[Sequence[Helper], Sequence[Household]]]] = {
    "newcomer": _newcomer,
    "without_helper": _without_helper,
    "more_room": _more_room,
    "more_skill": _more_skill,
    "more_places": _more_places,
    "further": _further,
}


def _helper(taken: Snapshot, question: Question) -> Helper:
    found = taken.helper(question.volunteer_id) if question.volunteer_id else None
    if found is None:
        raise DomainError(
            "volunteer_id",
            N_(
                "This helper is on a break or has left. Choose another one, or make the profile active again on its page."
            ),
            field="volunteer_id",
        )
    return found


def _loosened(today: date, points: int) -> Change:
    """Today's pairs and the best ones besides, against the best if pairs that live could part for so many points more."""
    fixed = snapshot.take(today)
    # A pair that no rule would allow today is not the engine's to part: it stays as it is.
    _, barred = living_pairs(snapshot.take(today, loose=fixed.living).table(), fixed.living)
    living = sorted(set(fixed.living) - set(barred))
    table = snapshot.take(today, loose=living).table()
    now = [(pair.helper_id, pair.household_id) for pair in solve(fixed.table()).pairs]
    before, _ = living_pairs(table, [*now, *living])
    after = solve(table, living, points)
    return difference(table, before, totals(table, before), after.rows, after.totals)

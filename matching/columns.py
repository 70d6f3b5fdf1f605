"""Helpers and households as columns: one NumPy array per fact, rows in the order of their ids.

What a caller with 200,000 helpers hands over, and what a community's few hundred are turned into. Kinds (skills,
languages, checks, circumstances, genders) are small numbers; a set of kinds is one 64-bit word.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from matching import codes
from matching.model import (
    MAX_HELPER_PLACES,
    MAX_HOUSEHOLD_PLACES,
    WHOLE_WEEK,
    Helper,
    Household,
    MatchingError,
    Position,
    sort_by_id,
)
from matching.rules import RULES, Rule, not_declined, not_excluded
from matching.shape import (
    MAX_KINDS,
    MAX_SKILLS,
    NOBODY,
    UNKNOWN,
    WORDS,
    Small,
    Words,
    require_ascending,
    settle,
)


@dataclass(frozen=True, slots=True, eq=False)
class HelperColumns:
    """n helpers. Row j of ``skill``/``level`` is ``skill_start[j]:skill_start[j + 1]``, skills ascending.

    ids: ascending. week: (n, 6), bit 0 of word 0 = Monday 00:00. languages, checks, limits: sets of kinds.
    x, y: whole metres (x = UNKNOWN when not placed). reach: metres, hours: half-hours a week; NOBODY for no limit.
    gender: a kind, NOBODY when not stated. places, load: as of :class:`matching.model.Helper`.
    Columns of other whole numbers are converted. Raises MatchingError for one the engine cannot work with.
    """

    ids: Sequence[str]
    skill_start: Small
    skill: Small
    level: Small
    languages: Words
    week: Words
    x: Small
    y: Small
    reach: Small
    places: Small
    gender: Small
    checks: Words
    limits: Words
    hours: Small
    load: Small

    def __post_init__(self) -> None:
        settle(self, "helper", MAX_HELPER_PLACES)
        require_ascending(self.skill, self.skill_start, "helper.skill")

    def __len__(self) -> int:
        return len(self.places)


@dataclass(frozen=True, slots=True, eq=False)
class HouseholdColumns:
    """m households. Needs of row h: ``need_start[h]:need_start[h + 1]`` of the need columns, in the household's order.

    need_week: (needs, 6), all bits when any time suits. need_met: 1 for a need one of the household's helpers meets
    already. helped: how many it has for good. first_language: the set of the language put first (empty or one).
    languages: empty for no wish. gender: the one a helper must have, or NOBODY. wished: a helper's row, or NOBODY.
    good: helper rows of good history, ``good_start[h]:good_start[h + 1]``, ascending. apart: likewise the rows that a
    conflict or a no keeps away. Types and errors as of :class:`HelperColumns`.
    """

    ids: Sequence[str]
    need_start: Small
    need_skill: Small
    need_level: Small
    need_half_hours: Small
    need_urgency: Small
    need_week: Words
    need_met: Small
    languages: Words
    first_language: Words
    x: Small
    y: Small
    gender: Small
    checks: Words
    circumstances: Words
    places: Small
    helped: Small
    urgency: Small
    wished: Small
    good_start: Small
    good: Small
    apart_start: Small
    apart: Small

    def __post_init__(self) -> None:
        settle(self, "household", MAX_HOUSEHOLD_PLACES)
        if np.any(self.need_start[1:] == self.need_start[:-1]):
            raise MatchingError(codes.NO_NEEDS, "household.need_start", "")
        if not self.need_week.any(axis=1).all():
            raise MatchingError(codes.EMPTY_WEEK, "household.need_week", "")
        if np.any(np.bitwise_count(self.first_language) > 1):
            raise MatchingError(codes.WRONG_SHAPE, "household.first_language", "")
        require_ascending(self.good, self.good_start, "household.good")
        require_ascending(self.apart, self.apart_start, "household.apart")

    def __len__(self) -> int:
        return len(self.places)


def to_columns(
    helpers: Iterable[Helper], households: Iterable[Household], rules: Sequence[Rule] = RULES
) -> tuple[HelperColumns, HouseholdColumns]:
    """The same facts as columns, both sides by id, kinds numbered by name; the order of the rows does not matter.

    Ids of nobody in the run are left out, and so are kinds that no household asks for (but for skills). ``apart`` holds
    what not_excluded and not_declined bar, as far as they are among the rules. Raises MatchingError for an id that comes
    twice, and for more than 64 languages, checks or circumstances.
    """
    one, other = sort_by_id(helpers, "helper.id"), sort_by_id(households, "household.id")
    skills = {skill for helper in one for skill in helper.skills}
    skills |= {need.skill for household in other for need in household.needs}
    kinds = Kinds(
        skills=numbers(skills, "helper.skills", MAX_SKILLS),
        languages=numbers({kind for row in other for kind in row.languages}, "household.languages"),
        checks=numbers({kind for row in other for kind in row.check_required}, "household.check_required"),
        circumstances=numbers(
            {kind for row in other for kind in row.circumstances}, "household.circumstances"
        ),
        genders=numbers(
            {row.same_gender for row in other if row.same_gender is not None}, "household.same_gender"
        ),
    )
    return helper_columns(one, kinds), household_columns(one, other, kinds, rules)


@dataclass(frozen=True, slots=True)
class Kinds:
    """The number of each kind, by its name."""

    skills: Mapping[str, int]
    languages: Mapping[str, int]
    checks: Mapping[str, int]
    circumstances: Mapping[str, int]
    genders: Mapping[str, int]


def numbers(names: Iterable[str], field: str, most: int = MAX_KINDS) -> dict[str, int]:
    """The names numbered in their order; refuses more than ``most``."""
    found = {name: number for number, name in enumerate(sorted(names))}
    if len(found) > most:
        raise MatchingError(codes.OUT_OF_RANGE, field, "")
    return found


def helper_columns(helpers: Sequence[Helper], kinds: Kinds) -> HelperColumns:
    """The helpers, who come ordered by id, as columns."""
    held = [
        sorted((kinds.skills[skill], level) for skill, level in helper.skills.items()) for helper in helpers
    ]
    start, skills = lists(held)
    homes = [metres(helper.position) for helper in helpers]
    return HelperColumns(
        ids=tuple(helper.id for helper in helpers),
        skill_start=start,
        skill=small(skill for skill, _ in skills),
        level=small(level for _, level in skills),
        languages=sets((helper.languages for helper in helpers), kinds.languages),
        week=words([helper.week for helper in helpers]),
        x=small(x for x, _ in homes),
        y=small(y for _, y in homes),
        reach=small(NOBODY if helper.reach_m is None else helper.reach_m for helper in helpers),
        places=small(helper.places for helper in helpers),
        gender=small(gender_number(helper.gender, kinds) for helper in helpers),
        checks=sets((helper.checks for helper in helpers), kinds.checks),
        limits=sets((helper.limits for helper in helpers), kinds.circumstances),
        hours=small(NOBODY if helper.hours is None else helper.hours for helper in helpers),
        load=small(helper.load for helper in helpers),
    )


def household_columns(
    helpers: Sequence[Helper], households: Sequence[Household], kinds: Kinds, rules: Sequence[Rule]
) -> HouseholdColumns:
    """The households, both sides ordered by id, as columns."""
    row_of = {helper.id: row for row, helper in enumerate(helpers)}
    need_start, needs = lists([household.needs for household in households])
    good_start, good = lists([known(household.good_history, row_of) for household in households])
    apart_start, apart = lists(kept_apart(helpers, households, rules))
    homes = [metres(household.position) for household in households]
    return HouseholdColumns(
        ids=tuple(household.id for household in households),
        need_start=need_start,
        need_skill=small(kinds.skills[need.skill] for need in needs),
        need_level=small(need.level for need in needs),
        need_half_hours=small(need.half_hours for need in needs),
        need_urgency=small(need.urgency for need in needs),
        need_week=words([WHOLE_WEEK if need.week is None else need.week for need in needs]),
        need_met=small(need.skill in household.met for household in households for need in household.needs),
        languages=sets((household.languages for household in households), kinds.languages),
        first_language=sets((household.languages[:1] for household in households), kinds.languages),
        x=small(x for x, _ in homes),
        y=small(y for _, y in homes),
        gender=small(gender_number(household.same_gender, kinds) for household in households),
        checks=sets((household.check_required for household in households), kinds.checks),
        circumstances=sets((household.circumstances for household in households), kinds.circumstances),
        places=small(household.places for household in households),
        helped=small(household.helped for household in households),
        urgency=small(household.rank for household in households),
        wished=small(row_of.get(household.wished_helper or "", NOBODY) for household in households),
        good_start=good_start,
        good=small(good),
        apart_start=apart_start,
        apart=small(apart),
    )


def kept_apart(
    helpers: Sequence[Helper], households: Sequence[Household], rules: Sequence[Rule]
) -> list[list[int]]:
    """For each household the rows of the helpers a conflict or a no keeps away, ascending."""
    row_of = {helper.id: row for row, helper in enumerate(helpers)}
    apart = {household.id: set[int]() for household in households}
    if not_excluded in rules:
        for row, helper in enumerate(helpers):
            for name in helper.exclusions & apart.keys():
                apart[name].add(row)
    if not_declined in rules:
        for household in households:
            apart[household.id].update(known(household.declined, row_of))
    return [sorted(apart[household.id]) for household in households]


def known(names: Iterable[str], row_of: Mapping[str, int]) -> list[int]:
    """The rows of those who are in the run, ascending."""
    return sorted(row_of[name] for name in names if name in row_of)


def gender_number(gender: str | None, kinds: Kinds) -> int:
    """The gender's number; NOBODY when not stated, or asked by no household."""
    return NOBODY if gender is None else kinds.genders.get(gender, NOBODY)


def metres(position: Position | None) -> tuple[int, int]:
    """A home in whole metres, as rules.distance rounds it."""
    return (UNKNOWN, 0) if position is None else (round(position[0]), round(position[1]))


def lists(rows: Sequence[Collection]) -> tuple[Small, list]:
    """Lists of different lengths as one, and where each begins."""
    starts = np.cumsum([0, *map(len, rows)], dtype=np.int32)
    return starts, [item for row in rows for item in row]


def sets(rows: Iterable[Collection[str]], kinds: Mapping[str, int]) -> Words:
    """Each row's kinds as one word; kinds without a number are left out."""
    found = (sum(1 << kinds[name] for name in set(row) if name in kinds) for row in rows)
    return np.fromiter(found, dtype=np.uint64)


def words(weeks: Sequence[int]) -> Words:
    """Each week as six words."""
    data = b"".join(week.to_bytes(8 * WORDS, "little") for week in weeks)
    return np.frombuffer(data, dtype="<u8").reshape(-1, WORDS)


def small(values: Iterable[int]) -> Small:
    """The values as a column."""
    return np.fromiter(values, dtype=np.int32)

"""Hard rules: who may be paired with whom at all. Each is a named predicate with a stable code."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from math import isqrt

from matching import codes
from matching.model import WHOLE_WEEK, Helper, Household, Need


@dataclass(frozen=True, slots=True)
class Bar:
    """One rule that stands between a helper and a household, with the facts for saying so."""

    code: str
    facts: Mapping[str, object] = field(default_factory=dict)


Rule = Callable[[Helper, Household], Bar | None]


def distance(helper: Helper, household: Household) -> int | None:
    """Whole metres as the crow flies between the two homes, rounded down; None when one is unknown."""
    if helper.position is None or household.position is None:
        return None
    dx = round(helper.position[0]) - round(household.position[0])
    dy = round(helper.position[1]) - round(household.position[1])
    return isqrt(dx * dx + dy * dy)


def overlap(helper: Helper, need: Need) -> int:
    """Half-hours a week in which the helper offers time and the need may be met."""
    return (helper.week & (WHOLE_WEEK if need.week is None else need.week)).bit_count()


def need_bar(helper: Helper, need: Need) -> Bar | None:
    """What keeps the helper from meeting this one need: skill, its level, common time or free hours."""
    held = helper.skills.get(need.skill)
    if held is None:
        return Bar(codes.SKILL, {"skills": (need.skill,)})
    if held < need.level:
        return Bar(codes.LEVEL, {"skill": need.skill, "required": need.level, "held": held})
    common = overlap(helper, need)
    if common < need.half_hours:
        return Bar(codes.TIME, {"skill": need.skill, "required": need.half_hours, "overlap": common})
    if helper.hours is not None and helper.hours < need.half_hours:
        return Bar(codes.HOURS, {"skill": need.skill, "required": need.half_hours, "free": helper.hours})
    return None


def served_needs(helper: Helper, household: Household) -> tuple[Need, ...]:
    """The household's needs this helper can meet."""
    return tuple(need for need in household.needs if need_bar(helper, need) is None)


def serves_a_need(helper: Helper, household: Household) -> Bar | None:
    """At least one need must be met; if none is, the need that comes closest says why."""
    closest: Bar | None = None
    for need in household.needs:
        bar = need_bar(helper, need)
        if bar is None:
            return None
        if closest is None or codes.RULE_CODES.index(bar.code) > codes.RULE_CODES.index(closest.code):
            closest = bar
    if closest is not None and closest.code == codes.SKILL:
        return Bar(codes.SKILL, {"skills": tuple(need.skill for need in household.needs)})
    return closest


def not_excluded(helper: Helper, household: Household) -> Bar | None:
    """A conflict between the two keeps them apart."""
    return Bar(codes.EXCLUDED) if household.id in helper.exclusions else None


def not_declined(helper: Helper, household: Household) -> Bar | None:
    """A pair once declined is not proposed again."""
    return Bar(codes.DECLINED) if helper.id in household.declined else None


def shares_language(helper: Helper, household: Household) -> Bar | None:
    """They must have a language in common, unless the household names none."""
    if not household.languages or not helper.languages.isdisjoint(household.languages):
        return None
    return Bar(codes.LANGUAGE, {"wanted": household.languages, "spoken": tuple(sorted(helper.languages))})


def fits_gender(helper: Helper, household: Household) -> Bar | None:
    """A same-gender wish is binding."""
    if household.same_gender is None or helper.gender == household.same_gender:
        return None
    return Bar(codes.SAME_GENDER, {"wanted": household.same_gender, "gender": helper.gender})


def is_checked(helper: Helper, household: Household) -> Bar | None:
    """Every kind of check the household requires must be in date."""
    missing = household.check_required - helper.checks
    return Bar(codes.CHECK, {"missing": tuple(sorted(missing))}) if missing else None


def accepts_circumstances(helper: Helper, household: Household) -> Bar | None:
    """A helper's limits are kept."""
    met = helper.limits & household.circumstances
    return Bar(codes.CIRCUMSTANCE, {"circumstances": tuple(sorted(met))}) if met else None


def is_within_reach(helper: Helper, household: Household) -> Bar | None:
    """No further than the helper goes; an unknown home bars nobody."""
    metres = distance(helper, household)
    if metres is None or helper.reach_m is None or metres <= helper.reach_m:
        return None
    return Bar(codes.DISTANCE, {"metres": metres, "reach": helper.reach_m})


def has_places(helper: Helper, household: Household) -> Bar | None:
    """Both must have room for one more."""
    if helper.places == 0:
        return Bar(codes.NO_PLACES, {"side": "helper"})
    return Bar(codes.NO_PLACES, {"side": "household"}) if household.places == 0 else None


RULES: tuple[Rule, ...] = (
    serves_a_need,
    not_excluded,
    not_declined,
    shares_language,
    fits_gender,
    is_checked,
    accepts_circumstances,
    is_within_reach,
    has_places,
)


def bars(helper: Helper, household: Household, rules: Sequence[Rule] = RULES) -> Iterator[Bar]:
    """Every rule that keeps the two apart, in the order of the rules."""
    for rule in rules:
        bar = rule(helper, household)
        if bar is not None:
            yield bar


def first_bar(helper: Helper, household: Household, rules: Sequence[Rule] = RULES) -> Bar | None:
    """The first rule that keeps the two apart, with its facts; None for an eligible pair."""
    return next(bars(helper, household, rules), None)


def barred(helper: Helper, household: Household, rules: Sequence[Rule] = RULES) -> str | None:
    """The code of the first rule that keeps the two apart, or None."""
    bar = first_bar(helper, household, rules)
    return None if bar is None else bar.code

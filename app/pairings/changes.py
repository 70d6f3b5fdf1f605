"""A change of the best pairing in words: what it brings and costs, and whose pairs it touches."""

import uuid
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import get_locale, ngettext
from flask_babel import gettext as _

from app.volunteers.words import LEVELS
from app.words import said
from services.communities import catalogue
from services.core.errors import N_
from services.households import registration
from services.pairings.whatif import NEWCOMER, Change
from services.volunteers import profiles

NTH = {2: N_("second"), 3: N_("third")}
TIMES = {
    "weekday_mornings": N_("weekday mornings"),
    "weekday_afternoons": N_("weekday afternoons"),
    "evenings": N_("evenings"),
    "weekends": N_("weekends"),
    "": N_("any time"),
}
MEN_OR_WOMEN = {"female": N_("a woman"), "male": N_("a man")}


@dataclass(frozen=True)
class Person:
    """A helper or household by name; `id` None for a helper who is only supposed."""

    id: uuid.UUID | None
    name: str


@dataclass(frozen=True)
class Touched:
    """A household whose helpers change: who no longer comes, who comes."""

    household: Person
    leaves: list[Person]
    comes: list[Person]


@dataclass(frozen=True)
class Told:
    """A change in words. `sentences`: coverage, points and ways; empty together with `touched` when nothing changes."""

    sentences: list[str]
    touched: list[Touched]


def tell(change: Change | None) -> Told | None:
    """A change in words; None for none."""
    if change is None:
        return None
    return Told(sentences(change), _touched(change))


def sentences(change: Change) -> list[str]:
    """What a change brings and costs, the most important first."""
    found = [level(place, urgency, more) for (place, urgency), more in change.coverage.items()]
    if change.points:
        found.append(_points(change.points))
    if change.travel > 0:
        found.append(_("%(number)s m more to walk in all", number=change.travel))
    elif change.travel < 0:
        found.append(_("%(number)s m less to walk in all", number=-change.travel))
    return found


def level(place: int, urgency: int, more: int) -> str:
    """How many households more (or fewer) of an urgency have their first, second or third helper."""
    number, facts = abs(more), {"urgency": urgency, "nth": _(NTH.get(place, NTH[2]))}
    if place == 1 and more > 0:
        return ngettext(
            "%(num)s more household of urgency %(urgency)s has a helper",
            "%(num)s more households of urgency %(urgency)s have a helper",
            number,
            **facts,
        )
    if place == 1:
        return ngettext(
            "%(num)s household fewer of urgency %(urgency)s has a helper",
            "%(num)s households fewer of urgency %(urgency)s have a helper",
            number,
            **facts,
        )
    if more > 0:
        return ngettext(
            "%(num)s more household of urgency %(urgency)s has a %(nth)s helper",
            "%(num)s more households of urgency %(urgency)s have a %(nth)s helper",
            number,
            **facts,
        )
    return ngettext(
        "%(num)s household fewer of urgency %(urgency)s has a %(nth)s helper",
        "%(num)s households fewer of urgency %(urgency)s have a %(nth)s helper",
        number,
        **facts,
    )


def _points(more: int) -> str:
    if more > 0:
        return ngettext("%(num)s point more in all", "%(num)s points more in all", more)
    return ngettext("%(num)s point less in all", "%(num)s points less in all", -more)


def _touched(change: Change) -> list[Touched]:
    """The pairs that change, household by household, in the order of the engine."""
    pairs = (*change.removed, *change.added)
    helpers = people(profiles.names, (helper_id for helper_id, _household_id in pairs))
    households = people(registration.names, (household_id for _helper_id, household_id in pairs))
    found: dict[str, Touched] = {}
    for helper_id, household_id in pairs:
        one = found.setdefault(household_id, Touched(households[household_id], [], []))
        gone = (helper_id, household_id) in change.removed
        (one.leaves if gone else one.comes).append(helpers[helper_id])
    return list(found.values())


def people(
    names: Callable[[Collection[uuid.UUID]], dict[uuid.UUID, str]], ids: Iterable[str]
) -> dict[str, Person]:
    """Ids as the engine has them → the people; who is gone since is a dash."""
    real = {one: uuid.UUID(one) for one in ids if one != NEWCOMER}
    found = names(set(real.values()))
    known = {one: Person(row_id, found.get(row_id, "–")) for one, row_id in real.items()}
    return {**known, NEWCOMER: Person(None, _("the new helper"))}


def wanted_person(advice: Mapping[str, Any]) -> str:
    """Whom to look for, as one sentence."""
    skill = said(catalogue.NEED_KINDS, [advice["skill"]])
    degree, gender, times = advice["level"], advice["gender"], advice["times"]
    facts = [
        _("One more person for %(skill)s", skill=skill[:1].lower() + skill[1:]),
        _(LEVELS[degree]) if degree > 1 else "",
        _(MEN_OR_WOMEN[gender]) if gender in MEN_OR_WOMEN else "",
        _(TIMES[times]),
        _("living near %(estate)s", estate=advice["area"]) if advice["area"] else "",
    ]
    return (", " if str(get_locale()) == "en" else "，").join(filter(None, facts))


def gains(advice: Mapping[str, Any]) -> list[str]:
    """What that person would bring."""
    return [level(one["place"], one["urgency"], one["more"]) for one in advice["coverage"]]


def waiting(advice: Mapping[str, Any]) -> str:
    """How many wait for this kind of help."""
    return ngettext(
        "%(num)s household waits for this kind of help.",
        "%(num)s households wait for this kind of help.",
        advice["waiting"],
    )

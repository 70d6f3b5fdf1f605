"""What a run found besides its pairs, as its page shows it: who competes, whom to look for, how the work spreads."""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from app.pairings import changes
from app.pairings.changes import Person
from services.households import registration
from services.pairings.models import MatchingRun, Proposal
from services.pairings.parties import Parties
from services.volunteers import profiles

# So many of those who compete are named; the numbers say how many they are.
NAMED = 12
BEST = 3


@dataclass(frozen=True)
class Rivals:
    """Who competes where helpers are too few: all of them by number, the first by name."""

    households: list[Person]
    helpers: list[Person]
    more_households: int
    more_helpers: int


@dataclass(frozen=True)
class Wanted:
    """A kind of helper to look for: in words, with the households that would gain and the page that proves it."""

    person: str
    gains: list[str]
    waiting: str
    households: list[Person]
    kind: str
    url: str


@dataclass(frozen=True)
class Spread:
    """How the work spreads: bars of (words, number, address) and sentences."""

    load: list[tuple[str, int, None]]
    choices: list[tuple[str, int, None]]
    idle: str
    ways: str


@dataclass(frozen=True)
class Hours:
    """What was set aside so that everybody's hours suffice: pairs of helper and household, the first by name.

    `sentences`: how many, and what that can have cost; `proven`: no household.
    """

    pairs: list[tuple[Person, Person]]
    more: int
    sentences: list[str]
    proven: bool
    bound: str


def hours(run: MatchingRun) -> Hours | None:
    """How a run fitted everybody's hours; None when nothing was lost by it."""
    found = run.certificate.get("hours")
    if not found or not found["given_up"]:
        return None
    pairs = found["given_up"]
    helpers = changes.people(profiles.names, (helper_id for helper_id, _household_id in pairs[:NAMED]))
    homes = changes.people(registration.names, (household_id for _helper_id, household_id in pairs[:NAMED]))
    number = ngettext(
        "%(num)s pair was set aside first, because a helper's hours would not have been enough for all the households.",
        "%(num)s pairs were set aside first, because a helper's hours would not have been enough for all the households.",
        len(pairs),
    )
    return Hours(
        [(helpers[helper_id], homes[household_id]) for helper_id, household_id in pairs[:NAMED]],
        max(0, len(pairs) - NAMED),
        [number, _cost(found)],
        not found["more_helped"],
        found["bound"],
    )


def _cost(hours: Mapping[str, Any]) -> str:
    if hours["more_helped"]:
        return _("Whether another choice within everybody's hours could help a household more is not known.")
    if not hours["points"]:
        return _("That costs nothing: within everybody's hours no other assignment is better.")
    return ngettext(
        "Within everybody's hours no household more can be helped; at most %(num)s point could be gained.",
        "Within everybody's hours no household more can be helped; at most %(num)s points could be gained.",
        hours["points"],
    )


def rivals(left_out: Mapping[str, Mapping[str, Any]]) -> dict[uuid.UUID, Rivals]:
    """By household left out for want of helpers: who competes. Older runs did not keep it."""
    rows = {key: row for key, row in left_out.items() if row.get("households") and row.get("helpers")}
    shown = {
        key: ([one for one in row["households"] if one != key][:NAMED], row["helpers"][:NAMED])
        for key, row in rows.items()
    }
    households = changes.people(registration.names, (one for names, _h in shown.values() for one in names))
    helpers = changes.people(profiles.names, (one for _h, names in shown.values() for one in names))
    return {
        uuid.UUID(key): Rivals(
            [households[one] for one in others],
            [helpers[one] for one in able],
            len(rows[key]["households"]) - 1 - len(others),
            len(rows[key]["helpers"]) - len(able),
        )
        for key, (others, able) in shown.items()
    }


def wanted(run: MatchingRun) -> list[Wanted]:
    """Whom to look for next, the best first."""
    names = changes.people(registration.names, (one for row in run.advice for one in row["households"]))
    return [
        Wanted(
            changes.wanted_person(row),
            changes.gains(row),
            changes.waiting(row),
            [names[one] for one in row["households"]],
            row["skill"],
            question_url(row),
        )
        for row in run.advice
    ]


def question_url(advice: Mapping[str, Any]) -> str:
    """The page that asks what this newcomer would change."""
    asked = {name: advice[name] or None for name in ("skill", "level", "times", "area", "gender")}
    return url_for("pairings.what_if", kind="newcomer", **asked)


def spread(run: MatchingRun) -> Spread | None:
    """How the work spreads; None for runs that did not keep it."""
    found = run.fairness
    if not found:
        return None
    return Spread(
        load=[(_load(int(key)), count, None) for key, count in _ascending(found["load"])],
        choices=[(text, count, None) for text, count in _best(found["choices"]) if count],
        idle=ngettext(
            "%(num)s helper could help a household and helps none.",
            "%(num)s helpers could help a household and help none.",
            found["idle"],
        )
        if found["idle"]
        else _("Everybody who could help somebody helps."),
        ways=_(
            "The shortest way is %(least)s m, the middle one %(middle)s m, the longest %(most)s m.",
            least=found["ways"][0],
            middle=found["ways"][1],
            most=found["ways"][2],
        ),
    )


def _ascending(counts: Mapping[str, int]) -> list[tuple[str, int]]:
    return sorted(counts.items(), key=lambda item: int(item[0]))


def _load(households: int) -> str:
    if not households:
        return _("No household")
    return ngettext("%(num)s household", "%(num)s households", households)


def _best(choices: Mapping[str, int]) -> list[tuple[str, int]]:
    further = sum(count for rank, count in choices.items() if int(rank) >= BEST)
    return [
        (_("The best possible for them"), choices.get("1", 0)),
        (_("The second best"), choices.get("2", 0)),
        (_("Further down"), further),
    ]


def by_household(rows: Iterable[Parties[Proposal]]) -> list[list[Parties[Proposal]]]:
    """Proposals as teams: those of one household together, its first helper in front."""
    teams: dict[uuid.UUID, list[Parties[Proposal]]] = {}
    for one in rows:
        teams.setdefault(one.household.id, []).append(one)
    return [sorted(team, key=lambda one: one.row.kind != "primary") for team in teams.values()]

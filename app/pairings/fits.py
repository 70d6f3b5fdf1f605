"""Why a household fits a helper, and why others do not, in the words of a neighbour: no points, nobody ranked."""

from collections.abc import Iterable, Mapping
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from app.pairings import words
from app.pairings.blueprint import bp
from app.words import said, week
from services.communities import catalogue
from services.core.errors import N_
from services.core.week import FULL_WEEK
from services.pairings.find import Aside

URGENT = 4
# What keeps a household from being shown: the sentence, what to do about it, and the page where it is done.
ASIDE = {
    "skill": (N_("Needs other help than you offer: %(what)s"), N_("Change what I help with"), "volunteers.edit_own"),
    "level": (N_("Needs somebody with more practice: %(what)s"), N_("Change what I help with"), "volunteers.edit_own"),
    "time": (N_("Outside your hours"), N_("Change my hours"), "volunteers.availability"),
    "hours": (N_("Takes more hours a week than you have left"), N_("Change my hours"), "volunteers.availability"),
    "language": (N_("Speaks another language: %(what)s"), N_("Change my languages"), "volunteers.edit_own"),
    "same_gender": (N_("Wishes for a woman, or for a man"), N_("Look at my profile"), "volunteers.own"),
    "check": (
        N_("Needs a paper the office has not seen from you, or that ran out: %(what)s. Please take it to the office."),
        N_("See my papers"),
        "volunteers.own",
    ),
    "circumstance": (N_("You said you would rather not: %(what)s"), N_("Change what I would rather not"), "volunteers.edit_own"),
    "distance": (N_("Farther than you want to go"), N_("Change how far I go"), "volunteers.edit_own"),
    "several": (N_("More than one thing does not fit"), N_("Look at my profile"), "volunteers.own"),
    "set_apart": (N_("Was settled in another way before. The office tells you more if you ask."), "", ""),
    "helped": (N_("Somebody helps already, or is being asked"), "", ""),
}  # fmt: skip
_TERMS = {
    "check": catalogue.CHECKS,
    "language": catalogue.LANGUAGES,
    "circumstance": catalogue.CIRCUMSTANCES,
}


def aside(one: Aside) -> tuple[str, str, str]:
    """What is in the way of some households, what to do about it, and where ("" when there is nothing to do)."""
    sentence, todo, endpoint = ASIDE[one.code]
    what = said(_TERMS.get(one.code, catalogue.NEED_KINDS), one.what)
    return _(sentence, what=what), _(todo) if todo else "", url_for(endpoint) if endpoint else ""


def way(metres: int, terms: Mapping[str, int]) -> str:
    """How far it is, as a neighbour would say it; "" when one of the homes is not placed."""
    if metres == 0:
        return _("In your own building") if terms.get("nearness") else ""
    if metres < 1000:
        return _("About %(number)s m from your home", number=max(50, round(metres, -1)))
    return _("About %(number)s km from your home", number=f"{metres / 1000:.1f}")


def because(terms: Mapping[str, int], metres: int, together: int | None) -> list[str]:
    """Why a household fits, in sentences; `together` is when both are free, None when any time suits."""
    found = [_("It is help you said you can give"), way(metres, terms)]
    if together:
        found.append(_("You are both free: %(times)s", times=week(together)))
    if terms.get("first_language"):
        found.append(_("You speak the language of the home"))
    if terms.get("complement"):
        found.append(_("You bring what nobody gives this household yet"))
    return [sentence for sentence in found if sentence]


def why_me(proposal: Any, volunteer: Any, needs: Iterable[Any]) -> list[str]:
    """Why a proposal came to this helper, in sentences."""
    wanted = 0
    for need in needs:
        wanted |= FULL_WEEK if need.week is None else need.week
    together = None if wanted == FULL_WEEK else volunteer.week & wanted
    return because(proposal.terms, proposal.travel, together)


def urgent(needs: Iterable[Any]) -> bool:
    """True when one of the needs cannot wait long."""
    return any(need.urgency >= URGENT for need in needs)


def how_many(number: int) -> str:
    """So many households, in words."""
    return ngettext("%(num)s household", "%(num)s households", number)


@bp.context_processor
def _words() -> dict[str, object]:
    return {
        "aside_text": aside,
        "because": because,
        "why_me": why_me,
        "urgent": urgent,
        "how_many": how_many,
        "building_place": words.place,
    }

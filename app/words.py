"""Catalogue codes as people read them."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _

from app.language import english, local, named_in, speech
from services.communities import catalogue
from services.communities.catalogue import Term
from services.core.errors import N_
from services.core.week import text_from_week

# Why somebody looks at what is masked.
LOOK = {
    "call": N_("To call"),
    "visit": N_("For a visit"),
    "check": N_("To check the record"),
    "emergency": N_("Emergency"),
    "other": N_("Something else"),
}


class Option(tuple[str, str]):
    """(code, words) of a list to choose from; a `hidden` one is offered only where it is chosen already."""

    hidden = False


class HiddenOption(Option):
    """An option that the community has hidden."""

    hidden = True


def options(terms: tuple[Term, ...]) -> list[tuple[str, str]]:
    """A list to choose from: (code, words), as the community has it."""
    speaks_english = english()
    return [
        (HiddenOption if term.hidden else Option)((term.code, named_in(term, speaks_english)))
        for term in catalogue.listed(terms)
    ]


def named(names: Mapping[str, str]) -> list[tuple[str, str]]:
    """Codes with their English names as a list to choose from, in the page's language."""
    return [Option((code, _(name))) for code, name in names.items()]


def plain(number: Decimal | None) -> str:
    """A number of hours without a needless ".0"; "" for none."""
    return f"{number:f}".removesuffix(".0") if number is not None else ""


def amount(need: Any) -> str:
    """How much of a need there is, in words."""
    parts = []
    if need.once:
        parts.append(_("once"))
    if need.times:
        parts.append(
            _("%(times)s times", times=need.times) if need.once else _("%(times)s × a week", times=need.times)
        )
    if need.hours:
        hours = plain(need.hours)
        parts.append(_("%(hours)s h", hours=hours) if need.once else _("%(hours)s h a week", hours=hours))
    return ", ".join(parts)


def look_reasons() -> list[tuple[str, str]]:
    """Why somebody looks at what is masked, to choose from."""
    return named(LOOK)


def said(terms: tuple[Term, ...], codes: Iterable[str]) -> str:
    """Codes in words, as one enumeration; a code the list no longer has stands as it is."""
    known = {term.code: term for term in catalogue.listed(terms)}
    between = ", " if english() else "、"
    return between.join(local(known[code]) if code in known else code for code in codes if code)


def week(mask: int | None) -> str:
    """A week in words; "" for none."""
    return text_from_week(mask, speech().code) if mask else ""

"""Catalogue codes as people read them."""

from collections.abc import Iterable

from flask_babel import get_locale

from app.language import local
from services.communities.catalogue import Term
from services.core.week import text_from_week


def options(terms: tuple[Term, ...]) -> list[tuple[str, str]]:
    """A list to choose from: (code, words)."""
    return [(term.code, local(term)) for term in terms]


def said(terms: tuple[Term, ...], codes: Iterable[str]) -> str:
    """Codes in words, as one enumeration; a code the list no longer has stands as it is."""
    words = dict(options(terms))
    between = ", " if str(get_locale()) == "en" else "、"
    return between.join(words.get(code, code) for code in codes if code)


def week(mask: int | None) -> str:
    """A week in words; "" for none."""
    return text_from_week(mask, str(get_locale())) if mask else ""

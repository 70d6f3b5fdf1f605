"""What an entry of a word list is, and how a community changes the lists that Linli comes with."""

import re
import unicodedata
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import select

from services.communities.models import CatalogueTerm
from services.core import scope
from services.core.db import db


@dataclass(frozen=True)
class Term:
    """One entry of a list: stored `code`, names for people, and further words that mean the same.

    A `hidden` one is not offered any more; what holds it keeps it. An `own` one is the community's.
    """

    code: str
    en: str
    zh: str
    synonyms: tuple[str, ...] = ()
    hidden: bool = False
    own: bool = False


def plain(text: str) -> str:
    """`text` for comparing words: full-width made half-width, lower case, no spaces."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)).lower()


def changed(which: str, terms: tuple[Term, ...]) -> tuple[Term, ...]:
    """The list `which` as the community that the session serves has it; `terms` as they are where none is served."""
    if scope.serving() is None:
        return terms
    kept = scope.memory()
    if which not in kept:
        rows = _rows(kept).get(which, {})
        own = [row for code, row in rows.items() if code not in {term.code for term in terms}]
        kept[which] = tuple(_changed(term, rows.get(term.code)) for term in terms) + tuple(
            Term(row.code, row.name_en, row.name, tuple(row.words), row.hidden, own=True) for row in own
        )
    return kept[which]


def _rows(kept: dict[str, Any]) -> dict[str, dict[str, CatalogueTerm]]:
    """What the community changed, by list and code: all lists at once, since a page needs several."""
    if "terms" not in kept:
        found = kept["terms"] = {}
        for row in db.session.scalars(select(CatalogueTerm).order_by(CatalogueTerm.code)):
            found.setdefault(row.which, {})[row.code] = row
    return kept["terms"]


def _changed(term: Term, row: CatalogueTerm | None) -> Term:
    if row is None:
        return term
    # The ledgers' words for it stay words for it.
    words = (*term.synonyms, *row.words)
    if row.name:
        return replace(
            term, en=row.name_en, zh=row.name, synonyms=(term.en, term.zh, *words), hidden=row.hidden
        )
    return replace(term, synonyms=words, hidden=row.hidden)

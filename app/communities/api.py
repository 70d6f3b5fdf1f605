"""The community, its buildings and its word lists for programs."""

from dataclasses import dataclass
from typing import Any

from flask import g

from app.api.area import Area, needs_scope
from app.api.bodies import body
from app.auth import allow
from app.communities.api_schemas import (
    BuildingSchema,
    CommunityFactsSchema,
    CommunityRowSchema,
    WordFactsSchema,
    WordListSchema,
    WordSchema,
)
from app.communities.schemas import OfferedSchema
from services.communities import catalogue, regions, wordlists
from services.communities.models import Building, Community
from services.communities.terms import Term
from services.core import locks
from services.core.paging import Page

bp = Area("communities", __name__, "The community itself: its facts, its buildings, its word lists.")

READ = "communities:read"
FACTS = body(WordFactsSchema)
WORDS = "/word-lists/<which>/words"
WORD = f"{WORDS}/<code>"


@dataclass(frozen=True)
class WordList:
    """A word list by its code."""

    code: str
    open: bool


@bp.shows("/community", CommunityRowSchema)
@needs_scope(READ)
@allow("signed_in")
def show_community() -> Community:
    """What the community says of itself."""
    return regions.get_community(g.community.id)


@bp.changes(
    "/community",
    CommunityRowSchema,
    body(CommunityFactsSchema),
    lambda: locks.advisory("community", g.community.id),
    show_community,
    "PUT",
)
@allow("communities.settings")
def change_community(data: dict[str, Any]) -> Community:
    """Change what the community says of itself."""
    return regions.change(g.actor, **data)


@bp.lists("/buildings", BuildingSchema)
@needs_scope(READ)
@allow("signed_in")
def list_buildings(asked: dict[str, Any]) -> Page[Building]:
    """All buildings, by estate and number."""
    return Page(regions.buildings(), None)


@bp.lists("/word-lists", WordListSchema)
@needs_scope(READ)
@allow("signed_in")
def list_word_lists(asked: dict[str, Any]) -> Page[WordList]:
    """The lists whose codes stand in other answers."""
    return Page([WordList(code, code in catalogue.OPEN) for code in catalogue.LISTS], None)


@bp.lists(WORDS, WordSchema)
@needs_scope(READ)
@allow("signed_in")
def list_words(asked: dict[str, Any], which: str) -> Page[Term]:
    """A list as the community has it, also what is no longer offered."""
    return Page(wordlists.readable(g.actor, which=which), None)


@bp.creates(WORDS, WordSchema, FACTS, key="code")
@allow("communities.settings")
def add_word(data: dict[str, Any], which: str) -> Term:
    """Add a word of the community's own to a list that is open."""
    code = wordlists.add(g.actor, which=which, **data)
    return wordlists.term(g.actor, which=which, code=code)


@bp.shows(WORD, WordSchema)
@needs_scope(READ)
@allow("signed_in")
def show_word(which: str, code: str) -> Term:
    """A word."""
    return wordlists.readable_term(g.actor, which=which, code=code)


def _hold(**_path: str) -> None:
    locks.advisory("word lists", g.community.id)


@bp.changes(WORD, WordSchema, FACTS, _hold, show_word, "PUT")
@allow("communities.settings")
def rename_word(data: dict[str, Any], which: str, code: str) -> Term:
    """Call a word otherwise, on every page and in every list."""
    wordlists.rename(g.actor, which=which, code=code, **data)
    return wordlists.term(g.actor, which=which, code=code)


@bp.acts(f"{WORD}/offer", WordSchema, body(OfferedSchema))
@allow("communities.settings")
def offer_word(data: dict[str, Any], which: str, code: str) -> Term:
    """Offer a word for choice, or no longer; what holds it keeps it."""
    wordlists.offer(g.actor, which=which, code=code, **data)
    return wordlists.term(g.actor, which=which, code=code)


@bp.removes(WORD, _hold, show_word, WordSchema)
@allow("communities.settings")
def remove_word(which: str, code: str) -> None:
    """Remove a word of the community's own that nothing uses."""
    wordlists.remove(g.actor, which=which, code=code)

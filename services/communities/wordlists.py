"""Changing a community's word lists: other names, terms of its own, terms no longer offered."""

import re
from collections.abc import Callable, Sequence

from services.communities import catalogue
from services.communities.models import CatalogueTerm
from services.communities.terms import Term, plain
from services.core import audit, locks, permissions, scope
from services.core.actor import Actor
from services.core.db import db, new_id
from services.core.errors import N_, Conflict, DomainError, NotFound

MOST_OWN = 100
# What separates words in a ledger's cell, and how often something is needed.
_NO_WORD = re.compile(r"[、,;/|，；／｜\d\n]|每")

_users: dict[str, list[Callable[[str], bool]]] = {which: [] for which in catalogue.OPEN}


def used_by(which: str, holds: Callable[[str], bool]) -> None:
    """Have `holds(code)` asked before a term of the list `which` is removed; for the areas that store its codes."""
    _users[which].append(holds)


def in_use(which: str, code: str) -> bool:
    """True when something of this community holds the term."""
    return any(holds(code) for holds in _users[which])


def readable(actor: Actor, *, which: str) -> tuple[Term, ...]:
    """Any list as the community has it, for whoever needs its codes. Raises Forbidden, NotFound."""
    permissions.require(actor, "signed_in")
    if which not in catalogue.LISTS:
        raise NotFound()
    return catalogue.listed(catalogue.LISTS[which])


def readable_term(actor: Actor, *, which: str, code: str) -> Term:
    """One term of any list. Raises Forbidden, NotFound."""
    return _with_code(readable(actor, which=which), code)


def terms(actor: Actor, *, which: str) -> tuple[Term, ...]:
    """A list as the community has it. Raises Forbidden, NotFound for a list that is not open to changes."""
    permissions.require(actor, "communities.settings")
    if which not in catalogue.OPEN:
        raise NotFound()
    return catalogue.listed(catalogue.OPEN[which])


def term(actor: Actor, *, which: str, code: str) -> Term:
    """One term of a list. Raises Forbidden, NotFound."""
    return _with_code(terms(actor, which=which), code)


def _with_code(known: Sequence[Term], code: str) -> Term:
    found = next((one for one in known if one.code == code), None)
    if found is None:
        raise NotFound()
    return found


def add(actor: Actor, *, which: str, name: str, name_en: str, words: Sequence[str] = ()) -> str:
    """Add a term of the community's own; its code, which never changes. Raises Forbidden, NotFound, DomainError."""
    _hold(actor)
    known = terms(actor, which=which)
    if sum(one.own for one in known) >= MOST_OWN:
        raise DomainError(
            "too_many",
            N_(
                "A list holds at most %(most)s words of your own. Remove one that nobody uses, then add this."
            ),
            most=MOST_OWN,
        )
    code = f"own_{new_id().hex[-12:]}"
    _check(known, code, name, name_en, words)
    db.session.add(
        CatalogueTerm(which=which, code=code, name=name, name_en=name_en, words=_once(words), hidden=False)
    )
    return _done(actor, "added", which, code)


def rename(actor: Actor, *, which: str, code: str, name: str, name_en: str, words: Sequence[str] = ()) -> str:
    """Call a term otherwise; `words` are further ones that ledgers use for it. Raises Forbidden, NotFound, DomainError."""
    _hold(actor)
    term(actor, which=which, code=code)
    _check(terms(actor, which=which), code, name, name_en, words)
    row = _row(which, code)
    row.name, row.name_en, row.words = name, name_en, _once(words)
    return _done(actor, "renamed", which, code)


def offer(actor: Actor, *, which: str, code: str, offered: bool) -> str:
    """Offer a term for choice, or no longer; what holds it keeps it. Raises Forbidden, NotFound."""
    _hold(actor)
    term(actor, which=which, code=code)
    _row(which, code).hidden = not offered
    return _done(actor, "offered" if offered else "hidden", which, code)


def remove(actor: Actor, *, which: str, code: str) -> str:
    """Remove a term of the community's own that nothing holds. Raises Forbidden, NotFound, DomainError, Conflict."""
    _hold(actor)
    if not term(actor, which=which, code=code).own:
        raise DomainError(
            "built_in", N_("Linli came with this word, so it stays. Hide it, and it is no longer offered.")
        )
    if in_use(which, code):
        raise Conflict(
            "in_use",
            N_("Records of this community use this word, so it stays. Hide it, and it is no longer offered."),
        )
    db.session.delete(_row(which, code))
    return _done(actor, "removed", which, code)


def words_of(which: str, code: str) -> list[str]:
    """The further words that the community gave a term."""
    row = db.session.get(CatalogueTerm, (scope.community_id(), which, code))
    return list(row.words) if row else []


def _hold(actor: Actor) -> None:
    """One change at a time, so that no word comes to mean two things. Raises Forbidden, NotFound."""
    permissions.require(actor, "communities.settings")
    if actor.community_id is None:
        raise NotFound()
    locks.advisory("word lists", actor.community_id)
    scope.memory().clear()


def _row(which: str, code: str) -> CatalogueTerm:
    row = db.session.get(CatalogueTerm, (scope.community_id(), which, code))
    if row is None:
        row = CatalogueTerm(which=which, code=code, name="", name_en="", words=[], hidden=False)
        db.session.add(row)
    return row


def _check(known: Sequence[Term], code: str, name: str, name_en: str, words: Sequence[str]) -> None:
    for field, given in (("name", [name]), ("name_en", [name_en]), ("words", list(words))):
        for word in given:
            if not plain(word) or (field != "name_en" and _NO_WORD.search(word)):
                raise DomainError(
                    "word",
                    N_(
                        "“%(word)s” could not be told apart in a ledger. "
                        "Write it without commas, slashes, digits and 每."
                    ),
                    field=field,
                    word=word[:20],
                )
            other = next(
                (one for one in known if one.code != code and plain(word) in _plain_words(one)), None
            )
            if other is not None:
                raise DomainError(
                    "word_taken",
                    N_("“%(word)s” already means %(zh)s (%(en)s) in this list. Choose another word."),
                    field=field,
                    word=word[:20],
                    zh=other.zh,
                    en=other.en,
                )


def _plain_words(one: Term) -> set[str]:
    return {plain(word) for word in (one.code, one.en, one.zh, *one.synonyms)}


def _once(words: Sequence[str]) -> list[str]:
    return list({plain(word): word for word in words}.values())


def _done(actor: Actor, what: str, which: str, code: str) -> str:
    db.session.flush()
    scope.memory().clear()
    audit.record(actor, f"word_list.{what}", "community", None, list=which, term=code)
    return code

"""Cells that several ledgers share: who somebody is, when they can, and what a note says that matching can use."""

from collections.abc import Callable
from datetime import date

from services.communities.catalogue import CIRCUMSTANCES, GENDERS, WISHED_GENDER, Term, find
from services.core.week import read_week, text_from_week
from services.ledgers.cells import phones
from services.ledgers.cells.dates import past_day
from services.ledgers.cells.text import items
from services.ledgers.issues import Note
from services.ledgers.rows import Row

Notes = list[Note]


def phone(row: Row) -> str | None:
    """The row's phone; a missing one is named."""
    if "phone" in row.cells and not row.text("phone"):
        row.say("phone", Note("phone_missing"))
    return row.take("phone", phones.phone)


def gender(text: str) -> tuple[str | None, Notes]:
    """female or male."""
    found = find(GENDERS, text)
    return (found.code if found else None), [Note("gender_unclear", text)] if text and not found else []


def one(terms: tuple[Term, ...]) -> Callable[[str], tuple[str | None, Notes]]:
    """A parser for a cell that holds one word of a vocabulary."""

    def parse(text: str) -> tuple[str | None, Notes]:
        found = find(terms, text)
        return (found.code if found else None), [Note("word_unknown", text)] if text and not found else []

    return parse


def past(today: date) -> Callable[[str], tuple[date | None, Notes]]:
    """A parser for a day that cannot lie in the future."""
    return lambda text: past_day(text, today)


def times(text: str) -> tuple[int | None, Notes]:
    """A mask of half-hours; None when nothing was written or understood."""
    if not text:
        return None, [Note("times_missing")]
    week = read_week(text)
    notes = [Note("times_unclear", clause) for clause in week.unread]
    if week.rounded:
        notes.append(Note("times_rounded", text, text_from_week(week.mask)))
    return week.mask or None, notes


def wished_gender(text: str) -> str | None:
    """The gender of helper a note wishes for."""
    found = {term.code for item in items(text) if (term := find(WISHED_GENDER, item))}
    return found.pop() if len(found) == 1 else None


def circumstances(text: str) -> tuple[str, ...]:
    """What a note says about the home: a dog, a cat, a smoker."""
    return tuple(dict.fromkeys(term.code for item in items(text) if (term := find(CIRCUMSTANCES, item))))

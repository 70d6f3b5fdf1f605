"""How a value stands in a cell of Linli's own files: written so that people can read it, and read back to the same value."""

import csv
import io
import re
import unicodedata
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from services.communities import catalogue
from services.communities.catalogue import Term
from services.core import week as weeks
from services.core.errors import N_, DomainError
from services.ledgers.cells import dates

_BETWEEN = re.compile(r"[、,，;；\n]")
_YES = ("yes", "是", "true", "1")


@dataclass(frozen=True)
class Form:
    """A way of writing values: `show` in a language, `read` raises DomainError for what it does not understand.

    Of a form with `few` values what was shown once is worth remembering.
    """

    show: Callable[[Any, str], str]
    read: Callable[[str], Any]
    few: bool = False

    def showing(self, language: str) -> Callable[[Any], str]:
        """`show` for many values in a row, in one language."""
        if not self.few:
            return lambda value: self.show(value, language)
        shown: dict[str, str] = {}

        def remembering(value: Any) -> str:
            key = repr(value)
            if key not in shown:
                shown[key] = self.show(value, language)
            return shown[key]

        return remembering


def not_understood() -> DomainError:
    """What stands in the cell means nothing there."""
    return DomainError("cell", N_("This is not understood here."))


def text(longest: int, *, empty: str | None = "", filled: bool = False) -> Form:
    """Text of at most `longest` characters, exactly as it is; `empty` is what an empty cell means."""

    def read(written: str) -> str | None:
        if filled and not written.strip():
            raise DomainError("cell", N_("Please fill this in."))
        if len(written) > longest:
            raise DomainError("long", N_("Please shorten this: it is too long."))
        return written or empty

    return Form(lambda value, language: value or "", read)


def whole(least: int, most: int, *, filled: bool = False) -> Form:
    """A whole number; None for an empty cell, unless it has to be `filled`."""

    def read(written: str) -> int | None:
        plain = unicodedata.normalize("NFKC", written).strip()
        if not plain and filled:
            raise DomainError("cell", N_("Please fill this in."))
        if not plain:
            return None
        if not re.fullmatch(r"[0-9]{1,9}", plain) or not least <= int(plain) <= most:
            raise DomainError("cell", N_("This number is outside what is possible here."))
        return int(plain)

    return Form(lambda value, language: "" if value is None else str(value), read)


def _read_amount(written: str) -> Decimal | None:
    plain = unicodedata.normalize("NFKC", written).strip()
    if not plain:
        return None
    if not re.fullmatch(r"[0-9]{1,3}(\.[0-9])?", plain):
        raise DomainError("cell", N_("This number is outside what is possible here."))
    return Decimal(plain)


def plain_number(value: Decimal) -> str:
    """A number without zeros that say nothing: 2, 1.5."""
    return f"{value.normalize():f}"


AMOUNT = Form(lambda value, language: "" if value is None else plain_number(value), _read_amount)


def _read_day(written: str) -> date | None:
    if not written.strip():
        return None
    found = dates.read_day(written)
    if found is None:
        raise DomainError("day", N_("This is not a day, such as 2026-03-01."))
    return found


DAY = Form(lambda value, language: value.isoformat() if value else "", _read_day)


def _read_moment(written: str) -> datetime | None:
    try:
        return datetime.fromisoformat(written.strip()) if written.strip() else None
    except ValueError as error:
        raise not_understood() from error


MOMENT = Form(lambda value, language: value.isoformat() if value else "", _read_moment)


def _read_id(written: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(written.strip()) if written.strip() else None
    except ValueError as error:
        raise DomainError(
            "id", N_("This is no number that Linli gave. Empty the cell for a new one.")
        ) from error


ID = Form(lambda value, language: str(value) if value else "", _read_id)


def _read_yes(written: str) -> bool:
    plain = catalogue.plain(written)
    if plain not in ("", "no", "否", "false", "0", *_YES):
        raise not_understood()
    return plain in _YES


YES = Form(lambda value, language: ("是" if _chinese(language) else "yes") if value else "", _read_yes)


def _read_week(written: str) -> int:
    try:
        return weeks.week_from_text(written)
    except ValueError as error:
        raise DomainError("week", N_("These times are not understood, such as Mon 9:00–11:30.")) from error


WEEK = Form(lambda value, language: weeks.text_from_week(value or 0, language), _read_week, few=True)


def one(terms: tuple[Term, ...], *, filled: bool = False) -> Form:
    """A word of a list; "" for none, unless it has to be `filled`."""

    def read(written: str) -> str:
        if not written.strip() and not filled:
            return ""
        return _code(terms, written)

    return Form(lambda value, language: _word(terms, value, language) if value else "", read, few=True)


def several(terms: tuple[Term, ...]) -> Form:
    """Words of a list, in the list's own order."""

    def show(codes: Sequence[str], language: str) -> str:
        return _joined([_word(terms, code, language) for code in sorted(codes)], language)

    return Form(show, lambda written: sorted({_code(terms, part) for part in _parts(written)}), few=True)


def levels(terms: tuple[Term, ...]) -> Form:
    """Words of a list, each with a level: "Haircut 2, Company 1"."""

    def show(held: dict[str, int], language: str) -> str:
        return _joined([f"{_word(terms, code, language)} {held[code]}" for code in sorted(held)], language)

    def read(written: str) -> dict[str, int]:
        found = {}
        for part in _parts(written):
            word, _space, level = part.rpartition(" ")
            if level not in ("1", "2", "3"):
                word, level = part, "1"
            found[_code(terms, word)] = int(level)
        return found

    return Form(show, read, few=True)


def _chinese(language: str) -> bool:
    return language.startswith("zh")


def _parts(written: str) -> list[str]:
    return [part.strip() for part in _BETWEEN.split(written) if part.strip()]


def _joined(words: Sequence[str], language: str) -> str:
    return ("、" if _chinese(language) else ", ").join(words)


def _word(terms: tuple[Term, ...], code: str, language: str) -> str:
    """The term's name where it is read back as the same term, else its code."""
    term = next((term for term in catalogue.listed(terms) if term.code == code), None)
    name = (term.zh if _chinese(language) else term.en) if term else ""
    found = catalogue.find(terms, name) if name and not _BETWEEN.search(name) else None
    return name if found and found.code == code else code


def _code(terms: tuple[Term, ...], word: str) -> str:
    found = catalogue.find(terms, word)
    if found is None:
        raise DomainError("word", N_("Linli does not know this word here. Please use one of its list."))
    return found.code


def lines(width: int) -> Form:
    """Several things of `width` texts each: one a line, with commas between, as in a CSV file; their order does not matter."""

    def show(rows: Sequence[tuple[str, ...]], language: str) -> str:
        return "\n".join(_line(row) for row in sorted(rows))

    def read(written: str) -> list[tuple[str, ...]]:
        try:
            rows = [row for row in csv.reader(io.StringIO(written, newline="")) if any(row)]
        except csv.Error as error:
            raise not_understood() from error
        if any(len(row) > width for row in rows):
            raise not_understood()
        return sorted({(*row, *[""] * (width - len(row))) for row in rows})

    return Form(show, read)


def _line(row: Sequence[str]) -> str:
    buffer = io.StringIO()
    csv.writer(buffer).writerow(row)
    return buffer.getvalue().removesuffix("\r\n")

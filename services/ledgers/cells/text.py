"""Cells as text: tidied, lists split, ID numbers taken out."""

import math
import re
import unicodedata
from datetime import date, datetime, time, timedelta

from services.communities.catalogue import Term, find
from services.ledgers.issues import Note

CellValue = str | int | float | bool | date | datetime | time | timedelta | None

# Stands where an ID number stood. The number itself goes no further than the reader of the file.
ID_REMOVED = "⟨ID⟩"

_ID_NUMBER = re.compile(r"(?<!\d)\d{6}[ -]?\d{8}[ -]?\d{3}[0-9Xx](?!\d)")
_OLD_ID_NUMBER = re.compile(r"(?<!\d)[1-9]\d{5}\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}(?!\d)")
_UNSEEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u200b-\u200f\u2028-\u202e\u2060\ufeff\ud800-\udfff]")
_SEPARATORS = re.compile(r"[、,;/|\n]+")


def written(value: CellValue) -> str:
    """The cell as a person would read it: whole numbers without ".0", dates as YYYY-MM-DD, no ID numbers."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float):
        return _number(value)
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ", "minutes")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, time):
        return value.isoformat("minutes")
    return without_id_numbers(_UNSEEN.sub("", str(value)).replace("\r\n", "\n").strip())


def _number(value: int | float) -> str:
    if isinstance(value, float) and not math.isfinite(value):
        return ""
    if 1e17 <= abs(value) < 1e18:
        return ID_REMOVED  # an ID number that a spreadsheet turned into a float
    whole = isinstance(value, int) or value.is_integer()
    return without_id_numbers(str(int(value)) if whole else repr(value))


def without_id_numbers(text: str) -> str:
    """`text` with every ID number (18 or the old 15 digits, full-width too) replaced by a marker."""
    narrow = unicodedata.normalize("NFKC", text)
    if not (_ID_NUMBER.search(narrow) or _OLD_ID_NUMBER.search(narrow)):
        return text
    return _OLD_ID_NUMBER.sub(ID_REMOVED, _ID_NUMBER.sub(ID_REMOVED, narrow))


def narrow(text: str) -> str:
    """`text` with full-width forms made half-width and spaces at the ends removed."""
    return unicodedata.normalize("NFKC", text).strip()


def name(text: str) -> str:
    """A name with spaces (also full-width ones) removed between and around Chinese characters."""
    return re.sub(r"(?<=[^\x00-\x7f])\s+|\s+(?=[^\x00-\x7f])|\s+$|^\s+", "", re.sub(r"\s+", " ", text))


def items(text: str, *, spaces: bool = False) -> list[str]:
    """The parts of a list in any of the separators offices use; spaces separate too when `spaces`."""
    parts = _SEPARATORS.split(narrow(text))
    if spaces:
        parts = [word for part in parts for word in part.split()]
    return [part.strip() for part in parts if part.strip()]


def codes(terms: tuple[Term, ...], text: str) -> tuple[tuple[str, ...], list[Note]]:
    """The codes of a list of words from one vocabulary, in order and once each; unknown words are named."""
    found: list[str] = []
    notes: list[Note] = []
    for part in items(text):
        words = [part] if find(terms, part) else part.split()
        for word in words:
            term = find(terms, word)
            if term is None:
                notes.append(Note("word_unknown", word))
            elif term.code not in found:
                found.append(term.code)
    return tuple(found), notes


def suspicious(text: str) -> list[Note]:
    """Named, not changed: text that a spreadsheet or a page could take for code. Output is what makes it harmless."""
    notes = []
    if text[:1] in tuple("=+-@＝＋－＠\t\r") and len(text) > 1 and not re.fullmatch(r"[+-][\d .-]+", text):
        notes.append(Note("looks_like_formula", text))
    if re.search(r"<\s*/?[A-Za-z!][^>]*>?", text):
        notes.append(Note("looks_like_html", text))
    return notes

"""Days: the forms offices write, and consent with its day."""

import re
from datetime import date, timedelta

from services.ledgers.cells.text import narrow
from services.ledgers.issues import Note

_FORMS = (
    re.compile(r"(\d{4})\s*[-/.]\s*(\d{1,2})\s*[-/.]\s*(\d{1,2})(?:[ T]00:00(?::00)?)?"),
    re.compile(r"(\d{4})(\d{2})(\d{2})"),
    re.compile(r"(\d{4})\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*[日号]?"),
)
_EARLIEST = date(1900, 1, 1)
_LATEST = date(2200, 1, 1)
_SERIAL = re.compile(r"\d{4,5}")
_SERIAL_ZERO = date(1899, 12, 30)


def read_day(text: str) -> date | None:
    """The day in `text`, or None when it is not a real day written in a form we know."""
    plain = narrow(text)
    for form in _FORMS:
        match = form.fullmatch(plain)
        if match:
            try:
                day = date(*(int(part) for part in match.groups()))
            except ValueError:
                return None
            return day if _EARLIEST <= day <= _LATEST else None
    return None


def day(text: str) -> tuple[date | None, list[Note]]:
    """A day; a spreadsheet's bare day number (20000 to 60000) is read and named."""
    if not narrow(text):
        return None, []
    found = read_day(text)
    if found:
        return found, []
    plain = narrow(text)
    if _SERIAL.fullmatch(plain) and 20000 <= int(plain) <= 60000:
        found = _SERIAL_ZERO + timedelta(days=int(plain))
        return found, [Note("date_serial", text, found.isoformat())]
    return None, [Note("date_unclear", text)]


def past_day(text: str, today: date) -> tuple[date | None, list[Note]]:
    """A day that cannot lie after `today`."""
    found, notes = day(text)
    if found and found > today:
        return None, [Note("date_future", text, found.isoformat())]
    return found, notes


def consent(text: str, today: date) -> tuple[date | None, list[Note]]:
    """The day consent was signed; None when it was not, or nobody wrote so."""
    plain = narrow(text)
    if not plain:
        return None, [Note("consent_missing")]
    if plain in ("未签", "未签署", "没签", "否", "无", "no"):
        return None, []
    match = re.fullmatch(r"(?:已签署?)?\s*(.*?)\s*(?:已签署?|签署|签)?", plain)
    found = read_day(match[1]) if match else None
    if found is None:
        return None, [Note("consent_unclear", text)]
    if found > today:
        return None, [Note("date_future", text, found.isoformat())]
    return found, []

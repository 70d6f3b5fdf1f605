"""The pledge list: one row, one pledge of a co-building unit."""

from dataclasses import dataclass
from datetime import date

from services.communities.catalogue import UNIT_KINDS
from services.ledgers import facts
from services.ledgers.cells import amounts, dates, text
from services.ledgers.cells.amounts import Promise
from services.ledgers.issues import Note
from services.ledgers.rows import Row

_OPEN_ENDED = ("", "长期", "长期有效", "永久", "不限", "无期限", "-", "—")


@dataclass(frozen=True)
class PledgeEntry:
    """A pledge as the list tells it. `ends` None is open-ended; `text` is the pledge as written."""

    row: int
    organisation: str
    organisation_kind: str | None
    contact: str
    phone: str | None
    promise: Promise
    text: str
    starts: date | None
    ends: date | None
    wishes: str


def read_pledge(row: Row, today: date) -> PledgeEntry | None:
    """The pledge of a row; None when an error keeps it out."""
    written = row.require("promise")
    promise = amounts.promise(written)
    if written and promise is None:
        row.say("promise", Note("pledge_unclear", written))
    organisation = text.name(row.require("organisation"))
    kind = row.take("organisation_kind", facts.one(UNIT_KINDS))
    phone = facts.phone(row)
    starts = _day(row, "starts")
    ends = None if text.narrow(row.text("ends")) in _OPEN_ENDED else _day(row, "ends")
    if starts and ends and ends < starts:
        row.say("ends", Note("dates_reversed", ends.isoformat(), starts.isoformat()))
    if row.refused or promise is None:
        return None
    contact = text.name(row.text("contact"))
    return PledgeEntry(
        row.number, organisation, kind, contact, phone, promise, written, starts, ends, row.text("wishes")
    )


def _day(row: Row, name: str) -> date | None:
    written = row.text(name)
    found = dates.read_day(written)
    if written and found is None:
        row.say(name, Note("term_unclear", written))
    return found

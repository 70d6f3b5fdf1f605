"""The household ledger: one row, one household with its needs."""

from dataclasses import dataclass
from datetime import date

from services.communities.catalogue import HOUSEHOLD_CATEGORIES, LANGUAGES
from services.ledgers import facts
from services.ledgers.cells import addresses, dates, needs, numbers, text
from services.ledgers.cells.addresses import Address
from services.ledgers.cells.needs import Need
from services.ledgers.issues import Note
from services.ledgers.rows import Row


@dataclass(frozen=True)
class HouseholdEntry:
    """A household as the ledger tells it. `week` is a mask of half-hours; None wherever the ledger does not say."""

    row: int
    name: str
    address: Address
    gender: str | None
    birth: date | None
    phone: str | None
    people: int | None
    categories: tuple[str, ...]
    needs: tuple[Need, ...]
    urgency: int | None
    week: int | None
    languages: tuple[str, ...]
    wished_gender: str | None
    circumstances: tuple[str, ...]
    notes: str
    consent_on: date | None


def read_household(row: Row, today: date) -> HouseholdEntry | None:
    """The household of a row; None when an error keeps it out."""
    name = text.name(row.require("name"))
    address = _address(row)
    notes = row.text("notes")
    entry = HouseholdEntry(
        row.number,
        name,
        address or Address("", ""),
        row.take("gender", facts.gender),
        row.take("birth", facts.past(today)),
        facts.phone(row),
        row.take("people", lambda cell: numbers.count(cell, least=1, most=50)),
        row.take("categories", lambda cell: text.codes(HOUSEHOLD_CATEGORIES, cell)),
        row.take("needs", needs.needs),
        row.take("urgency", numbers.urgency),
        row.take("times", facts.times),
        row.take("languages", lambda cell: text.codes(LANGUAGES, cell)),
        facts.wished_gender(notes),
        facts.circumstances(notes),
        notes,
        row.take("consent", lambda cell: dates.consent(cell, today)),
    )
    return None if row.refused or address is None else entry


def _address(row: Row) -> Address | None:
    if "estate" not in row.cells and row.text("address"):
        found = addresses.whole(row.text("address"))
        if found is None or not found.door:
            row.say("address", Note("address_unclear", row.text("address")))
            return None
        return found
    estate = text.name(row.require("estate"))
    building, door = _part(row, "building"), _part(row, "door")
    unit = _part(row, "unit") if row.text("unit") else ""
    if not estate or building is None or door is None or unit is None:
        return None
    return Address(estate, building, unit, door)


def _part(row: Row, name: str) -> str | None:
    written = row.require(name)
    found = addresses.part(written)
    if written and found is None:
        row.say(name, Note("address_unclear", written))
    return found

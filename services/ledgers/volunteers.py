"""The volunteer register: one row, one volunteer."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from services.communities.catalogue import LANGUAGES, NEED_KINDS, PARTY_REGISTRATION, POLITICAL_STATUS
from services.ledgers import facts
from services.ledgers.cells import addresses, credentials, numbers, text
from services.ledgers.cells.addresses import Address
from services.ledgers.cells.credentials import Credential, Limits
from services.ledgers.issues import Note
from services.ledgers.rows import Row


@dataclass(frozen=True)
class VolunteerEntry:
    """A volunteer as the register tells it. `week` is a mask of half-hours; None wherever the register does not say."""

    row: int
    name: str
    gender: str | None
    birth: date | None
    phone: str | None
    political_status: str | None
    party_registration: str | None
    employer: str
    skills: tuple[str, ...]
    languages: tuple[str, ...]
    week: int | None
    hours_per_week: Decimal | None
    places: int | None
    address: Address | None
    address_text: str
    credentials: tuple[Credential, ...]
    limits: Limits
    registered_on: date | None
    notes: str

    @property
    def party_member(self) -> bool:
        """Full and probationary members."""
        return self.political_status in ("party_member", "probationary")


def read_volunteer(row: Row, today: date) -> VolunteerEntry | None:
    """The volunteer of a row; None when an error keeps it out."""
    entry = VolunteerEntry(
        row.number,
        text.name(row.require("name")),
        row.take("gender", facts.gender),
        row.take("birth", facts.past(today)),
        facts.phone(row),
        row.take("political_status", facts.one(POLITICAL_STATUS)),
        row.take("party_registration", facts.one(PARTY_REGISTRATION)),
        row.text("employer"),
        row.take("skills", lambda cell: text.codes(NEED_KINDS, cell)),
        row.take("languages", lambda cell: text.codes(LANGUAGES, cell)),
        row.take("times", facts.times),
        row.take("hours", _hours),
        row.take("places", _places),
        row.take("address", _address),
        row.text("address"),
        row.take("credentials", credentials.credentials),
        row.take("limits", credentials.limits),
        row.take("registered_on", facts.past(today)),
        row.text("notes"),
    )
    return None if row.refused else entry


def _hours(cell: str) -> tuple[Decimal | None, list[Note]]:
    return numbers.hours(cell, most=100) if cell else (None, [Note("hours_missing")])


def _places(cell: str) -> tuple[int | None, list[Note]]:
    return numbers.count(cell, most=50) if cell else (None, [Note("places_missing")])


def _address(cell: str) -> tuple[Address | None, list[Note]]:
    found = addresses.whole(cell)
    return found, [Note("address_text", cell)] if cell and not found else []

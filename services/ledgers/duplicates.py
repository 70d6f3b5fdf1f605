"""The same household, person or pledge twice in one file: dropped when equal, merged when only the phone is new, else refused."""

from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field, fields, replace

from services.ledgers.households import HouseholdEntry
from services.ledgers.issues import Note
from services.ledgers.layout import Dropped
from services.ledgers.pledges import PledgeEntry
from services.ledgers.rows import Row
from services.ledgers.volunteers import VolunteerEntry

Entry = HouseholdEntry | VolunteerEntry | PledgeEntry

# The column of a value whose name differs from its column's.
_COLUMNS = {
    "week": "times",
    "hours_per_week": "hours",
    "consent_on": "consent",
    "wished_gender": "notes",
    "circumstances": "notes",
    "address_text": "address",
}


@dataclass
class Kept:
    """The entries so far, by the row they came from; the rows that went into another; what was seen where."""

    entries: dict[int, Entry] = field(default_factory=dict)
    dropped: list[Dropped] = field(default_factory=list)
    seen: dict[Hashable, int] = field(default_factory=dict)


def settle(read: Iterable[tuple[Row, Entry]]) -> Kept:
    """Go through the rows in order and keep each household, person or pledge once; issues are added to the rows."""
    kept = Kept()
    for row, entry in read:
        first = next((kept.seen[key] for key in _keys(entry) if key in kept.seen), None)
        if first is not None:
            _meet(row, entry, first, kept)
        elif isinstance(entry, PledgeEntry):
            _keep_pledge(row, entry, kept)
        else:
            _keep(row.number, _with_own_phone(row, entry, None, kept), kept)
    return kept


def _keys(entry: Entry) -> list[Hashable]:
    """What makes two entries the same one, the surest first."""
    if isinstance(entry, PledgeEntry):
        return [("pledge", entry.organisation, entry.contact, entry.promise, entry.starts, entry.ends)]
    keys: list[Hashable] = []
    if isinstance(entry, HouseholdEntry):
        keys.append(("door", entry.address))
    elif entry.birth:
        keys.append(("born", entry.name, entry.birth))
    if entry.phone:
        keys.append(("phone", entry.name, entry.phone))
    if isinstance(entry, VolunteerEntry) and not keys:
        keys.append(("lives", entry.name, entry.address_text))
    return keys


def _keep(number: int, entry: Entry, kept: Kept) -> None:
    kept.entries[number] = entry
    for key in _keys(entry):
        kept.seen.setdefault(key, number)
    if entry.phone:
        kept.seen.setdefault(("any name", entry.phone), number)


def _keep_pledge(row: Row, entry: PledgeEntry, kept: Kept) -> None:
    first = kept.entries.get(kept.seen.setdefault(("kind of", entry.organisation), row.number))
    if isinstance(first, PledgeEntry) and first.organisation_kind != entry.organisation_kind:
        row.say("organisation_kind", Note("same_unit", row.text("organisation_kind")), other_row=first.row)
    else:
        _keep(row.number, entry, kept)


def _meet(row: Row, entry: Entry, number: int, kept: Kept) -> None:
    first = kept.entries[number]
    differs = _differences(entry, first)
    if differs and differs != ["phone"]:
        titles = tuple(row.cells[name].title for name in differs if name in row.cells)
        row.say(
            "name" if "name" in row.cells else "promise",
            Note(_conflict(entry, first)),
            other_row=number,
            differs=titles,
        )
        return
    # What was said of this row is said of the first one already, and this row is not imported "without" anything.
    row.issues[:] = [issue for issue in row.issues if issue.code == "id_number_removed"]
    offered, entry = entry.phone, _with_own_phone(row, entry, number, kept)
    if differs and entry.phone:
        row.say("phone", Note("phone_new", row.text("phone"), entry.phone), other_row=number)
        _keep(number, replace(first, phone=entry.phone), kept)
    elif differs and not offered:
        row.say("phone", Note("phone_kept", row.text("phone")), other_row=number)
    reason = "merged" if differs and entry.phone else "duplicate"
    kept.dropped.append(Dropped(row.number, reason, _name(entry), number))


def _conflict(entry: Entry, first: Entry) -> str:
    if isinstance(entry, PledgeEntry):
        return "same_pledge"
    if (
        isinstance(entry, HouseholdEntry)
        and isinstance(first, HouseholdEntry)
        and entry.address == first.address
    ):
        return "same_door"
    return "same_person"


def _differences(one: Entry, other: Entry) -> list[str]:
    """The columns in which two entries of a kind differ."""
    found = []
    for name in (f.name for f in fields(one) if f.name != "row"):
        if getattr(one, name) == getattr(other, name):
            continue
        if name == "address" and isinstance(one, HouseholdEntry) and isinstance(other, HouseholdEntry):
            parts = ("estate", "building", "unit", "door")
            found += [part for part in parts if getattr(one.address, part) != getattr(other.address, part)]
            found.append("address")
        else:
            found.append(_COLUMNS.get(name, name))
    return list(dict.fromkeys(found))


def _with_own_phone(row: Row, entry: Entry, own: int | None, kept: Kept) -> Entry:
    """A phone that another row has under another name is named; a volunteer signs in by phone, so it stays with the first."""
    other = kept.seen.get(("any name", entry.phone)) if entry.phone else None
    if other is None or other == own or isinstance(entry, PledgeEntry):
        return entry
    if isinstance(entry, HouseholdEntry):
        row.say("phone", Note("phone_shared", row.text("phone")), other_row=other)
        return entry
    row.say("phone", Note("phone_taken", row.text("phone")), other_row=other)
    return replace(entry, phone=None)


def _name(entry: Entry) -> str:
    return entry.organisation if isinstance(entry, PledgeEntry) else entry.name

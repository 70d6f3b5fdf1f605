"""A sheet and its layout to records, with everything that must be said and every row accounted for."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from services.core.errors import N_
from services.ledgers import columns, duplicates, progress, rows
from services.ledgers.duplicates import Entry
from services.ledgers.households import read_household
from services.ledgers.issues import Issue, LedgerError
from services.ledgers.layout import Dropped, Layout, split
from services.ledgers.pledges import read_pledge
from services.ledgers.rows import Row
from services.ledgers.sheets import Sheet
from services.ledgers.volunteers import read_volunteer

IMPORTED, REFUSED, DROPPED = "imported", "refused", "dropped"

_READERS: dict[str, Callable[[Row, date], Entry | None]] = {
    columns.HOUSEHOLDS: read_household,
    columns.VOLUNTEERS: read_volunteer,
    columns.PLEDGES: read_pledge,
}


@dataclass(frozen=True)
class Understood:
    """What a sheet says. Every row of the sheet is in exactly one of `entries`, `refused` and `dropped`."""

    kind: str
    entries: tuple[Any, ...]
    issues: tuple[Issue, ...]
    refused: tuple[int, ...]
    dropped: tuple[Dropped, ...]

    def outcomes(self) -> dict[int, str]:
        """For each row number what became of it: imported, refused or dropped."""
        return (
            {entry.row: IMPORTED for entry in self.entries}
            | dict.fromkeys(self.refused, REFUSED)
            | {row.row: DROPPED for row in self.dropped}
        )


def understand(sheet: Sheet, layout: Layout, *, today: date) -> Understood:
    """Read every row of a sheet. Raises LedgerError when the layout does not fit the sheet or lacks a needed column."""
    check(sheet, layout)
    titles = sheet.rows[layout.header_row - 1]
    records, dropped = split(sheet, layout)
    read: list[tuple[Row, Entry]] = []
    begun: list[Row] = []
    for number, texts in progress.each(records):
        row = rows.begin(number, texts, titles, layout)
        begun.append(row)
        entry = _READERS[layout.kind](row, today)
        if entry is not None:
            read.append((row, entry))
    kept = duplicates.settle(read)
    return Understood(
        layout.kind,
        tuple(kept.entries.values()),
        tuple(issue for row in begun for issue in row.issues),
        tuple(row.number for row in begun if row.refused),
        tuple(sorted([*dropped, *kept.dropped], key=lambda row: row.row)),
    )


def check(sheet: Sheet, layout: Layout) -> None:
    """Whether a layout fits a sheet and holds every column that is needed. Raises LedgerError."""
    width = len(sheet.rows[0]) if sheet.rows else 0
    known = columns.FIELDS.get(layout.kind, {})
    carried = [name for name in layout.fields.values() if name != columns.ID_NUMBER]
    fits = (
        1 <= layout.header_row <= len(sheet.rows)
        and all(0 <= index < width for index in layout.fields)
        and all(name in known for name in layout.fields.values())
        and len(set(carried)) == len(carried)
    )
    if not fits:
        raise LedgerError(
            "ledger_layout", N_("The columns chosen do not fit this sheet. Choose each field once.")
        )
    lacking = columns.missing(layout.kind, layout.fields)
    if lacking:
        raise LedgerError(
            "ledger_columns_missing",
            N_("No column holds: %(fields)s. Choose the column, or add it to the file."),
            fields="、".join(known[name].titles[0] for name in lacking),
        )

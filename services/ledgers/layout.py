"""Where the table is in a sheet: titles above, header row, rows, totals and notes below."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from services.core.errors import N_
from services.ledgers import columns
from services.ledgers.cells.text import ID_REMOVED, narrow
from services.ledgers.issues import shorten
from services.ledgers.sheets import Sheet

_SEARCHED_ROWS = 20
_FEWEST_TITLES = 3
_TOTAL = re.compile(
    r"(?i)(?:合\s*计|总\s*计|小\s*计|共\s*计|总\s*数|total)\s*[::]?\s*[\d,.]*\s*(?:户|人|条|项)?"
)
_REMARK = re.compile(r"(?:填表|说明|注|备注|制表|审核|填报|负责人)[^\d]{0,8}[::]?")


# Why a row is not a record, in words.
REASONS = {
    "title": N_("Title above the table"),
    "header": N_("Column titles"),
    "empty": N_("Empty row"),
    "total": N_("Total"),
    "remark": N_("Remark below the table"),
    "duplicate": N_("The same as row %(of_row)s"),
    "merged": N_("The same as row %(of_row)s; its phone was taken over"),
}


@dataclass(frozen=True)
class Layout:
    """What a sheet is: its kind, its header row (1 is the first), and the field of each column (0 is A)."""

    kind: str
    header_row: int
    fields: Mapping[int, str]


@dataclass(frozen=True)
class Guess:
    """A layout as recognised, for a person to correct: how sure each column is, and the columns with no field."""

    layout: Layout
    titles: tuple[str, ...]
    confidence: Mapping[int, float]
    unmapped: tuple[int, ...]


@dataclass(frozen=True)
class Dropped:
    """A row that is not a record: `reason` is a key of REASONS, and of which row."""

    row: int
    reason: str
    text: str = ""
    of_row: int | None = None


def guess(sheet: Sheet, kind: str | None = None) -> Guess | None:
    """The most likely table of a sheet (of one `kind`, when given); None when no header row is found."""
    best: tuple[float, int, str] | None = None
    for number, row in enumerate(sheet.rows[:_SEARCHED_ROWS]):
        for candidate in [kind] if kind else list(columns.FIELDS):
            found = columns.recognise(row, candidate)
            score = sum(match.confidence for match in found.values())
            enough = len(found) >= _FEWEST_TITLES
            if enough and (best is None or score > best[0]):
                best = (score, number, candidate)
    if best is None:
        return None
    return guess_at(sheet, best[1], best[2])


def find_table(sheets: Sequence[Sheet], kind: str | None = None) -> tuple[int, Guess] | None:
    """The first sheet that holds a table, by its index, with its layout; pages of instructions are passed over."""
    found = ((index, guess(sheet, kind)) for index, sheet in enumerate(sheets))
    return next(((index, guessed) for index, guessed in found if guessed), None)


def guess_at(sheet: Sheet, number: int, kind: str) -> Guess:
    """The columns of a sheet whose header row has the index `number` (0 is the first row)."""
    titles = sheet.rows[number]
    found = columns.recognise(titles, kind)
    for index in range(len(titles)):
        # A title that is known stays what it says; the numbers under it are out already.
        sure = index in found and found[index].confidence == 1.0
        if not sure and _holds_ids(sheet, number, index):
            found[index] = columns.Match(columns.ID_NUMBER, 1.0)
    unmapped = tuple(i for i in range(len(titles)) if i not in found and _holds_anything(sheet, number, i))
    return Guess(
        Layout(kind, number + 1, {index: match.field for index, match in sorted(found.items())}),
        titles,
        {index: match.confidence for index, match in found.items()},
        unmapped,
    )


def _holds_ids(sheet: Sheet, header: int, index: int) -> bool:
    filled = [row[index] for row in sheet.rows[header + 1 :] if row[index]]
    return bool(filled) and sum(cell == ID_REMOVED for cell in filled) * 2 > len(filled)


def _holds_anything(sheet: Sheet, header: int, index: int) -> bool:
    return any(row[index] for row in sheet.rows[header:])


def without_ids(sheet: Sheet, layout: Layout) -> Sheet:
    """The sheet for showing: every cell under an ID-number column is emptied, mistyped numbers too."""
    titles = sheet.rows[layout.header_row - 1]
    hidden = {index for index, title in enumerate(titles) if columns.names_id_numbers(title)}
    hidden |= {index for index, field in layout.fields.items() if field == columns.ID_NUMBER}
    top, body = sheet.rows[: layout.header_row], sheet.rows[layout.header_row :]
    emptied = tuple(tuple("" if i in hidden else cell for i, cell in enumerate(row)) for row in body)
    return replace(sheet, rows=top + emptied)


def split(sheet: Sheet, layout: Layout) -> tuple[list[tuple[int, tuple[str, ...]]], list[Dropped]]:
    """The rows that should be records, with their numbers, and every other row with the reason it is not one."""
    rows: list[tuple[int, tuple[str, ...]]] = []
    dropped: list[Dropped] = []
    shown = without_ids(sheet, layout).rows
    for number, row in enumerate(shown, 1):
        reason = _reason(number, row, layout, shown)
        if reason:
            dropped.append(Dropped(number, reason, shorten(" ".join(filter(None, row)))))
        else:
            rows.append((number, row))
    return rows, dropped


def _reason(
    number: int, row: tuple[str, ...], layout: Layout, rows: tuple[tuple[str, ...], ...]
) -> str | None:
    filled = [narrow(cell) for cell in row if cell]
    if not filled:
        return "empty"
    if number < layout.header_row:
        return "title"
    if number == layout.header_row or row == rows[layout.header_row - 1]:
        return "header"
    if _TOTAL.fullmatch(filled[0]):
        return "total"
    if len(filled) == 1 and _REMARK.match(filled[0]):
        return "remark"
    return None

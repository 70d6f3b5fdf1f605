"""A file as sheets of cells: xlsx and xls by calamine, csv in the encodings offices use."""

import csv
import io
from collections.abc import Callable
from dataclasses import dataclass
from itertools import islice
from typing import Any

import python_calamine as calamine

from services.core.errors import N_
from services.ledgers import archives
from services.ledgers.cells.text import written
from services.ledgers.files.writing import as_it_was
from services.ledgers.issues import LedgerError

LARGEST_FILE = 10 * 1024 * 1024
MOST_ROWS = 20_000
MOST_COLUMNS = 200
MOST_CELLS = MOST_ROWS * MOST_COLUMNS  # of all sheets together, and of all that merged cells fill
_ZIP, _COMPOUND = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@dataclass(frozen=True)
class Sheet:
    """Rows of cells as text, all of one width; row 1 of the file is `rows[0]`. ID numbers are already taken out."""

    name: str
    rows: tuple[tuple[str, ...], ...]


def read(data: bytes, filename: str, *, exact: bool = False) -> list[Sheet]:
    """The sheets of a file that hold anything; `exact` leaves every text as it is, as Linli itself wrote it.

    Raises LedgerError, in words for the user, when there are none.
    """
    if len(data) > LARGEST_FILE:
        raise archives.too_large()
    if data.startswith(_ZIP) or data.startswith(_COMPOUND):
        sheets = _workbook(data, _exactly if exact else written)
    elif filename.lower().endswith((".xlsx", ".xlsm", ".xls", ".xlsb", ".ods")) and data:
        raise archives.unreadable()
    else:
        sheets = [_csv(data, as_it_was if exact else written)]
    sheets = [sheet for sheet in sheets if any(any(row) for row in sheet.rows)]
    if not sheets:
        raise LedgerError("ledger_empty", N_("This file is empty."))
    return sheets


def _exactly(value: Any) -> str:
    return value if isinstance(value, str) else written(value)


def _workbook(data: bytes, cell: Callable[[Any], str]) -> list[Sheet]:
    if data.startswith(_ZIP):
        archives.check(data, rows=MOST_ROWS, columns=MOST_COLUMNS)
    try:
        with calamine.CalamineWorkbook.from_filelike(io.BytesIO(data)) as book:
            return _worksheets(book, cell)
    except calamine.PasswordError as error:
        raise archives.protected() from error
    except calamine.CalamineError as error:
        # An encrypted xlsx is a compound file whose streams have these names.
        if "EncryptedPackage".encode("utf-16-le") in data:
            raise archives.protected() from error
        raise archives.unreadable() from error


def _worksheets(book: calamine.CalamineWorkbook, cell: Callable[[Any], str]) -> list[Sheet]:
    sheets, left = [], MOST_CELLS
    for index, about in enumerate(book.sheets_metadata):
        if about.typ == calamine.SheetTypeEnum.WorkSheet:
            sheet = book.get_sheet_by_index(index)
            left -= sheet.total_height * sheet.total_width
            if sheet.total_height > MOST_ROWS or sheet.total_width > MOST_COLUMNS or left < 0:
                raise archives.too_large()
            sheets.append(_worksheet(sheet, cell))
    return sheets


def _worksheet(sheet: calamine.CalamineSheet, cell: Callable[[Any], str]) -> Sheet:
    cells = sheet.to_python(skip_empty_area=False)
    left = MOST_CELLS
    for (top, column), (bottom, _) in sheet.merged_cell_ranges or ():
        below = cells[top + 1 : bottom + 1]
        left -= len(below)
        if left < 0:
            raise archives.too_large()
        for row in below:
            if column < len(row):
                row[column] = cells[top][column]
    return Sheet(sheet.name, _square([[cell(value) for value in row] for row in cells]))


def _csv(data: bytes, cell: Callable[[Any], str]) -> Sheet:
    text = _decoded(data)
    if "\x00" in text:
        raise archives.unreadable()
    rows = []
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text)):
            rows.append([cell(value) for value in row])
            if len(rows) > MOST_ROWS or len(row) > MOST_COLUMNS:
                raise archives.too_large()
    except csv.Error as error:
        raise archives.unreadable() from error
    return Sheet("", _square(rows))


def _delimiter(text: str) -> str:
    """What stands between cells: in Linli's own file what stands between its keys, else what there is most of."""
    head = text[:20_000]
    for delimiter in ",\t;":
        first = list(islice(csv.reader(io.StringIO(head, newline=""), delimiter=delimiter), 2))
        if any(len(row) > 1 and row[0] == "id" for row in first):
            return delimiter
    return max(",\t;", key=head.count)


def _decoded(data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    elif b"\x00" in data[:200]:
        # Without a mark, the zero halves of commas and digits tell which byte comes first.
        low_first = data[1:200:2].count(0) >= data[0:200:2].count(0)
        encodings = ["utf-16-le" if low_first else "utf-16-be"]
    else:
        encodings = ["utf-8-sig", "gb18030"]
    for encoding in encodings:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise archives.unreadable()


def _square(rows: list[list[str]]) -> tuple[tuple[str, ...], ...]:
    while rows and not any(rows[-1]):
        rows.pop()
    width = max(map(len, rows), default=0)
    return tuple(tuple(row + [""] * (width - len(row))) for row in rows)

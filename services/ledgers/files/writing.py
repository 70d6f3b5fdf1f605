"""Rows as the bytes of a file: CSV in two encodings, or xlsx. Nothing in a cell runs, and each is read back as it was."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import IO

import xlsxwriter

ENDINGS = ("xlsx", "csv")
ENCODINGS = ("utf-8-sig", "gb18030")
# What a spreadsheet takes for the beginning of a formula, in half and full width, and the mark that keeps it from doing so.
_MARK = "'"
_DANGEROUS = (_MARK, "=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_ROWS_AT_ONCE = 500


def harmless(text: str) -> str:
    """A cell of a CSV file that no spreadsheet runs; `as_it_was` takes the mark away again."""
    return _MARK + text if text.startswith(_DANGEROUS) else text


def as_it_was(text: str) -> str:
    """What `harmless` was given."""
    return text.removeprefix(_MARK)


def csv_bytes(rows: Iterable[Sequence[str]], encoding: str) -> Iterator[bytes]:
    """The rows as CSV, some at a time; `encoding` is one of ENCODINGS."""
    first = True
    for some in _batched(rows):
        buffer = io.StringIO(newline="")
        csv.writer(buffer).writerows([harmless(cell) for cell in row] for row in some)
        yield buffer.getvalue().encode(encoding if first or encoding == "gb18030" else "utf-8")
        first = False


def _batched(rows: Iterable[Sequence[str]]) -> Iterator[list[Sequence[str]]]:
    left = iter(rows)
    while some := list(islice(left, _ROWS_AT_ONCE)):
        yield some


def xlsx(rows: Iterable[Sequence[str]], into: IO[bytes], *, name: str) -> None:
    """Write the rows as an xlsx with one sheet; row by row to the disk, so that many of them need no memory."""
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(into, options)
    sheet, head = book.add_worksheet(name[:31]), book.add_format({"bold": True})
    keys, written = book.add_format({"font_color": "#666666"}), book.add_format({"num_format": "@"})
    sheet.freeze_panes(2, 2)
    for number, row in enumerate(rows):
        if number == 0:
            sheet.set_column(0, 0, 12)
            sheet.set_column(1, len(row) - 1, 18, written)
        how = (head, keys)[number] if number < 2 else written
        for column, cell in enumerate(row):
            if cell:
                sheet.write_string(number, column, cell, how)
    book.close()


def write(rows: Iterable[Sequence[str]], into: IO[bytes], *, ending: str, encoding: str, name: str) -> None:
    """Write a file of one of ENDINGS."""
    if ending == "xlsx":
        xlsx(rows, into, name=name)
        return
    for part in csv_bytes(rows, encoding):
        into.write(part)

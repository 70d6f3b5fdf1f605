"""Looking into a workbook's zip before it is opened: how large it unfolds, and how far its cells reach."""

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator

from services.core.errors import N_
from services.ledgers.issues import LedgerError

LARGEST_UNFOLDED = 80 * 1024 * 1024
LARGEST_RATIO = 200
_CHUNK = 1 << 16
_CELL = re.compile(rb"(?i)\br\s*=\s*[\"']([A-Z]{1,4})([0-9]{1,9})[\"']")
_ROW = re.compile(rb"\br\s*=\s*[\"']()([0-9]{1,9})[\"']")
_OVERLAP = 64  # a reference cut in two by the end of a chunk is seen whole in the next
# Other kinds of workbook say "repeat this a million times"; only what can be measured beforehand is opened.
_NEEDED, _NOT_OPENED = "xl/workbook.xml", ("xl/workbook.bin", "content.xml")
_LOCAL_HEADER = 30


def check(data: bytes, *, rows: int, columns: int) -> None:
    """Refuse a workbook that unfolds too far or reaches beyond `rows` or `columns` (a reader would fill them all)."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, ValueError, struct.error, OSError, NotImplementedError) as error:
        raise unreadable() from error
    if any(entry.flag_bits & 1 for entry in entries):
        raise protected()
    names = {entry.filename for entry in entries}
    if _NEEDED not in names or names.intersection(_NOT_OPENED):
        raise unreadable()
    left = LARGEST_UNFOLDED
    for entry in entries:
        left -= _unfold(data, entry, left, rows, columns)


def unreadable() -> LedgerError:
    """The file is not what its name says, or it is damaged."""
    return LedgerError(
        "ledger_unreadable",
        N_("This is not a spreadsheet we can read. Save it as .xlsx or .csv and upload that."),
    )


def protected() -> LedgerError:
    """The file is encrypted."""
    return LedgerError(
        "ledger_protected", N_("This file has a password. Save a copy without it and upload that.")
    )


def too_large() -> LedgerError:
    """The file holds more than one ledger does."""
    return LedgerError(
        "ledger_too_large",
        N_(
            "This file is too large: at most 10 MB, 20,000 rows and 200 columns. Split it and upload the parts."
        ),
    )


def _unfold(data: bytes, entry: zipfile.ZipInfo, left: int, rows: int, columns: int) -> int:
    """Count the bytes an entry really unfolds to: the size it declares may be a lie."""
    start = entry.header_offset + _LOCAL_HEADER
    if start > len(data) or entry.header_offset < 0:
        raise unreadable()
    name_length, extra_length = struct.unpack("<HH", data[start - 4 : start])
    packed = data[start + name_length + extra_length :][: entry.compress_size]
    size, tail, in_sheet = 0, b"", False
    for chunk in _chunks(packed, entry.compress_type):
        if size == 0 and b"\x00" in chunk[:64] and entry.filename.endswith(".xml"):
            raise unreadable()  # UTF-16, in which the references below would not be seen
        size += len(chunk)
        if size > left or size > LARGEST_RATIO * max(len(packed), 1024):
            raise too_large()
        in_sheet = in_sheet or b"sheetData" in tail + chunk
        _check_reach(tail + chunk, in_sheet, rows, columns)
        tail = chunk[-_OVERLAP:]
    return size


def _chunks(packed: bytes, method: int) -> Iterator[bytes]:
    if method == zipfile.ZIP_STORED:
        yield packed
        return
    if method != zipfile.ZIP_DEFLATED:
        raise unreadable()
    inflater = zlib.decompressobj(-15)
    while packed and not inflater.eof:
        try:
            yield inflater.decompress(packed, _CHUNK)
        except zlib.error as error:
            raise unreadable() from error
        packed = inflater.unconsumed_tail
    yield inflater.flush()


def _check_reach(xml: bytes, in_sheet: bool, rows: int, columns: int) -> None:
    for letters, number in _CELL.findall(xml) + (_ROW.findall(xml) if in_sheet else []):
        column = 0
        for letter in letters.upper():
            column = column * 26 + letter - 64
        if int(number) > rows or column > columns:
            raise too_large()

"""Linli's own file found out by its row of keys, and its rows as they are: nothing is guessed or tidied."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from services.core.errors import N_
from services.ledgers import progress
from services.ledgers.cells.text import without_id_numbers
from services.ledgers.files.kinds import Kind
from services.ledgers.files.register import KINDS, PREFIX, of_import
from services.ledgers.issues import LedgerError
from services.ledgers.layout import Dropped, Layout
from services.ledgers.sheets import Sheet

_KEY_ROWS = (2, 1)
_FEWEST = 2


@dataclass(frozen=True)
class FileEntry:
    """One row of a file: its cells by the key of their field."""

    row: int
    kind: Kind
    cells: dict[str, str]

    @property
    def name(self) -> str:
        """Whom or what it is about."""
        return without_id_numbers(" ".join(self.cells.get(key, "") for key in self.kind.named).strip())


def find(sheets: Sequence[Sheet], kind: str | None = None) -> tuple[int, Layout] | None:
    """The first sheet with a row of keys, and its columns; None for a file that is not Linli's own.

    Raises LedgerError when the keys left in the file are those of several kinds.
    """
    for index, sheet in enumerate(sheets):
        for number in _KEY_ROWS:
            keys = sheet.rows[number - 1] if len(sheet.rows) >= number else ()
            if keys and keys[0] == "id" and (chosen := _kind(keys, kind)):
                fields = {at: key for at, key in enumerate(keys) if key in {f.key for f in chosen.fields}}
                _refuse_twice(fields)
                return index, Layout(PREFIX + chosen.key, number, fields)
    return None


def _kind(keys: Sequence[str], wanted: str | None) -> Kind | None:
    found = Counter(
        {key: len({f.key for f in kind.fields}.intersection(keys)) for key, kind in KINDS.items()}
    )
    if wanted:
        found = Counter({wanted.removeprefix(PREFIX): found[wanted.removeprefix(PREFIX)]})
    best = found.most_common(2)
    if best[0][1] < _FEWEST:
        return None
    if len(best) > 1 and best[0][1] == best[1][1]:
        raise LedgerError(
            "ledger_kind",
            N_(
                "The second row of this file has too few keys to tell what it is about. Take the file out again and leave its second row as it is."
            ),
        )
    return KINDS[best[0][0]]


def _refuse_twice(fields: dict[int, str]) -> None:
    if len(set(fields.values())) != len(fields):
        raise LedgerError(
            "ledger_layout", N_("The columns chosen do not fit this sheet. Choose each field once.")
        )


def entries(sheet: Sheet, layout: Layout) -> tuple[list[FileEntry], list[Dropped]]:
    """The rows of a file, and those that are no records: headings, keys and empty ones."""
    kind = of_import(layout.kind)
    if kind is None:
        raise LookupError(layout.kind)
    found, dropped = [], []
    for number, texts in enumerate(progress.each(sheet.rows), 1):
        if number <= layout.header_row:
            dropped.append(Dropped(number, "header"))
        elif not any(texts):
            dropped.append(Dropped(number, "empty"))
        else:
            found.append(FileEntry(number, kind, {key: texts[at] for at, key in layout.fields.items()}))
    return found, dropped

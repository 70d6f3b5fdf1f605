"""One row being read: its cells by field, and what has been said about them so far."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from services.ledgers import columns
from services.ledgers.cells.text import ID_REMOVED, suspicious
from services.ledgers.issues import CODES, ERROR, Issue, Note, shorten
from services.ledgers.layout import Layout

T = TypeVar("T")
_UNREAD = (columns.NUMBER, columns.ID_NUMBER)


@dataclass(frozen=True)
class Cell:
    """Where a value stands and what stands there."""

    letter: str
    title: str
    text: str


@dataclass
class Row:
    """A row while it is read. `issues` grows; cells do not change."""

    number: int
    kind: str
    cells: dict[str, Cell]
    issues: list[Issue] = field(default_factory=list)

    def text(self, name: str) -> str:
        """What stands in the field's column; empty when there is no such column."""
        return self.cells[name].text if name in self.cells else ""

    def take(self, name: str, parse: Callable[[str], tuple[T, list[Note]]]) -> T:
        """The field's value by `parse`; its notes become issues of this row. Nothing is said of a column that is not there."""
        value, notes = parse(self.text(name))
        for note in notes if name in self.cells else ():
            self.say(name, note)
        return value

    def require(self, name: str) -> str:
        """The field's text; an error when it is empty."""
        text = self.text(name)
        if not text:
            self.say(name, Note("missing"))
        return text

    def say(
        self, name: str, note: Note, *, other_row: int | None = None, differs: tuple[str, ...] = ()
    ) -> None:
        """Add an issue about the field's cell."""
        cell = self.cells.get(name) or Cell("", columns.FIELDS[self.kind][name].label, "")
        self.issues.append(
            Issue(
                self.number,
                cell.letter,
                cell.title,
                CODES[note.code][0],
                note.code,
                shorten(note.raw),
                shorten(note.understood),
                other_row,
                differs,
            )
        )

    @property
    def refused(self) -> bool:
        """Whether an error keeps this row out."""
        return any(issue.severity == ERROR for issue in self.issues)


def begin(number: int, texts: tuple[str, ...], titles: tuple[str, ...], layout: Layout) -> Row:
    """A row with its cells by field, and what can be said of any cell: code-like text, ID numbers, length."""
    cells = {
        name: Cell(columns.letter(index), titles[index], texts[index])
        for index, name in layout.fields.items()
        if name not in _UNREAD and index < len(texts)
    }
    row = Row(number, layout.kind, cells)
    for name, cell in list(cells.items()):
        longest = columns.FIELDS[layout.kind][name].longest
        if len(cell.text) > longest:
            row.say(name, Note("too_long", cell.text, str(longest)))
            row.cells[name] = Cell(cell.letter, cell.title, "")
            continue
        if ID_REMOVED in cell.text:
            row.say(name, Note("id_number_removed"))
        for note in suspicious(cell.text):
            row.say(name, note)
    return row

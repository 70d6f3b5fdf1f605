"""Every row of a ledger as a line to be kept: what becomes of it, what there is to say, what was understood."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from services.ledgers import columns, household_facts, layout, steps, volunteer_facts
from services.ledgers.cells.text import without_id_numbers
from services.ledgers.files.reading import FileEntry
from services.ledgers.files.register import of_import
from services.ledgers.issues import Issue
from services.ledgers.layout import Dropped
from services.ledgers.pledges import PledgeEntry
from services.ledgers.steps import Step
from services.ledgers.uploads import Opened

Line = dict[str, Any]


@dataclass(frozen=True)
class Preview:
    """What an import would do: a step for each entry, every row that stays out, everything there is to say.

    `digest` names exactly this; whoever agrees to it agrees to nothing else.
    """

    kind: str
    steps: tuple[Step, ...]
    issues: tuple[Issue, ...]
    refused: tuple[int, ...]
    dropped: tuple[Dropped, ...]
    counts: dict[str, int]
    digest: str


def lines(seen: Preview, found: Sequence[Step], opened: Opened, *, full: bool = False) -> list[Line]:
    """A line for each row of the sheet; `full`, for a preview, with old and new values and all that was understood.

    A refused row keeps its cells, and the row of titles too, so that they can be given back to be mended.
    """
    said: dict[int, list[Line]] = {}
    for issue in seen.issues:
        said.setdefault(issue.row, []).append(asdict(issue))
    shown = layout.without_ids(opened.sheet, opened.layout).rows
    own = of_import(seen.kind)
    named = own.named if own else ("name", "organisation")
    names = [i for i, name in opened.layout.fields.items() if name in named]
    rows: dict[int, Line] = {}
    for row in seen.refused:
        cells = [without_id_numbers(cell) for cell in shown[row - 1]]
        rows[row] = {"outcome": steps.REFUSED, "name": " ".join(cells[i] for i in names), "cells": cells}
    for step in found:
        if step.outcome != steps.REFUSED:
            rows[step.entry.row] = _line(seen.kind, step, full)
    for dropped in seen.dropped:
        about = {"name": dropped.text, "reason": dropped.reason, "of_row": dropped.of_row}
        rows[dropped.row] = {"outcome": steps.DROPPED, **about}
    if seen.refused and (titles := rows.get(opened.layout.header_row)):
        titles["cells"] = list(shown[opened.layout.header_row - 1])
    return [{"row": number, **rows[number], "issues": said.get(number, [])} for number in sorted(rows)]


def _line(kind: str, step: Step, full: bool) -> Line:
    line: Line = {"outcome": step.outcome, "name": name_of(step.entry)}
    if not full:
        return line | {"changes": [change.field for change in step.changes]}
    changes = [asdict(change) for change in step.changes]
    return line | {"changes": changes, "understood": understood(kind, step.entry)}


def name_of(entry: Any) -> str:
    """Whom or what an entry is about."""
    return f"{entry.organisation} {entry.text}" if isinstance(entry, PledgeEntry) else entry.name


def understood(kind: str, entry: Any) -> Line:
    """Everything that was understood of a row, as plain values by field."""
    if isinstance(entry, FileEntry):
        return {key: cell for key, cell in entry.cells.items() if cell}
    if kind == columns.HOUSEHOLDS:
        at = entry.address
        place = " ".join(part for part in (at.estate, at.building, at.unit, at.door) if part)
        return {"address": place, **household_facts.said_of(entry)}
    if kind == columns.VOLUNTEERS:
        return volunteer_facts.said_of(entry)
    promise = entry.promise
    return {
        "organisation_kind": entry.organisation_kind,
        "kind": promise.kind,
        "what": promise.what,
        "amount": f"{promise.quantity.normalize():f} {promise.measure}" if promise.quantity else "",
        "per": promise.per,
        "times": promise.week,
        "starts": entry.starts.isoformat() if entry.starts else "",
        "ends": entry.ends.isoformat() if entry.ends else "",
        "contact": entry.contact,
        "phone": entry.phone or "",
        "wishes": entry.wishes,
    }

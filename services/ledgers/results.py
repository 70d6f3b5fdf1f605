"""Every row of a ledger as a line to be kept: what becomes of it, what there is to say, what was understood."""

import uuid
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from itertools import islice
from typing import Any

from services.core.actor import Actor
from services.core.errors import NotFound
from services.core.paging import Page
from services.ledgers import columns, household_facts, layout, steps, uploads, volunteer_facts
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


@dataclass(frozen=True)
class Told:
    """What becomes or became of a row of the ledger, without a word of whom it is about.

    `reason` says why it is no record (as row `of_row`), `changed` the fields that change, `issues` what there is to say.
    """

    row: int
    outcome: str
    reason: str
    of_row: int | None
    changed: list[str]
    issues: list[Issue]


def told(
    actor: Actor, *, import_id: uuid.UUID, outcome: str = "", after: str | None = None, limit: int = 50
) -> Page[Told]:
    """The rows of an import in their order, and the cursor of the next part; before it is imported, of one's own.

    Raises Forbidden, NotFound.
    """
    row = uploads.get_import(actor, import_id)
    if row.content_kept and row.uploaded_by != actor.account_id:
        raise NotFound()
    begin = int(after) if after and after.isdecimal() else 0
    kept = (line for line in row.result or [] if line["row"] > begin and outcome in ("", line["outcome"]))
    part = list(islice(kept, limit + 1))
    following = str(part[limit - 1]["row"]) if len(part) > limit else None
    return Page([_told(line) for line in part[:limit]], following)


def _told(line: Line) -> Told:
    changed = [one["field"] if isinstance(one, dict) else one for one in line.get("changes", [])]
    issues = [Issue(**one) for one in line["issues"]]
    return Told(line["row"], line["outcome"], line.get("reason", ""), line.get("of_row"), changed, issues)


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

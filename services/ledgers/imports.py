"""From an upload to the community's rows: a preview of everything that would happen, then all of it in one transaction."""

import json
import uuid
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import date, timedelta
from types import ModuleType
from typing import Any

from services.communities import regions
from services.core import audit, clock, crypto, locks, permissions
from services.core.actor import Actor
from services.core.db import db
from services.core.errors import N_, Conflict
from services.households import facts as household_facts
from services.ledgers import (
    columns,
    into_households,
    into_pledges,
    into_volunteers,
    progress,
    reading,
    results,
    steps,
    uploads,
)
from services.ledgers.files import into as into_files
from services.ledgers.files import reading as own_files
from services.ledgers.files.register import KINDS, PREFIX
from services.ledgers.issues import CODES, WARNING, Issue, shorten
from services.ledgers.layout import Dropped, Layout
from services.ledgers.models import LedgerImport
from services.ledgers.results import Preview
from services.ledgers.sheets import Sheet
from services.ledgers.steps import Say, Step
from services.ledgers.uploads import Opened
from services.volunteers import facts as volunteer_facts

_INTO: dict[str, ModuleType] = {
    columns.HOUSEHOLDS: into_households,
    columns.VOLUNTEERS: into_volunteers,
    columns.PLEDGES: into_pledges,
    **{PREFIX + key: into_files for key in KINDS},
}
# What must not be taken by somebody else between looking and writing.
_HOLDS: dict[str, Callable[[Actor], None]] = {
    columns.HOUSEHOLDS: household_facts.hold_doors,
    columns.VOLUNTEERS: volunteer_facts.hold_phones,
}

# How often the work of each state looks at each row.
LOOKS = {"reading": 2, "importing": 3}
# How long refused rows can be fetched to be mended.
MENDABLE = timedelta(days=7)


def preview(actor: Actor, sheet: Sheet, layout: Layout) -> Preview:
    """Read a sheet and compare it with what Linli has; nothing is written.

    Raises Forbidden, LedgerError when the layout does not fit.
    """
    permissions.require(actor, "ledgers.import")
    # Held, so that every row of the ledger finds the community without asking for it again.
    community = regions.get_community(actor.community_id or 0)
    understood = _understand(sheet, layout, clock.today(community.zone))
    found = _INTO[layout.kind].compare(actor, understood.entries, _say(sheet, layout))
    out = {step.entry.row for step in found if step.outcome == steps.REFUSED}
    issues = [*understood.issues, *(issue for step in found for issue in step.issues)]
    refused = tuple(sorted(out.union(understood.refused)))
    return Preview(
        layout.kind,
        tuple(found),
        tuple(sorted(issues, key=lambda issue: (issue.row, issue.severity))),
        refused,
        understood.dropped,
        _counts(sheet, found, refused, understood.dropped, issues),
        _digest(sheet, layout, found),
    )


def _understand(sheet: Sheet, layout: Layout, today: date) -> reading.Understood:
    if not layout.kind.startswith(PREFIX):
        return reading.understand(sheet, layout, today=today)
    entries, dropped = own_files.entries(sheet, layout)
    return reading.Understood(layout.kind, tuple(entries), (), (), tuple(dropped))


def _say(sheet: Sheet, layout: Layout) -> Say:
    """What comparing says of a cell, put where the cell stands."""
    where = {name: index for index, name in layout.fields.items()}
    # The first row of Linli's own file has the words, the second the keys.
    titles = sheet.rows[0 if layout.kind.startswith(PREFIX) else layout.header_row - 1]

    def say(
        entry: Any,
        name: str,
        code: str,
        understood: str = "",
        other_row: int | None = None,
        values: dict[str, str] | None = None,
    ) -> Issue:
        index = where.get(name)
        letter = columns.letter(index) if index is not None else ""
        title = titles[index] if index is not None else ""
        raw = shorten(sheet.rows[entry.row - 1][index]) if index is not None else ""
        severity = CODES[code][0]
        return Issue(
            entry.row, letter, title, severity, code, raw, understood, other_row, values=values or {}
        )

    return say


def _counts(
    sheet: Sheet,
    found: Sequence[Step],
    refused: Sequence[int],
    dropped: Sequence[Dropped],
    issues: Sequence[Issue],
) -> dict[str, int]:
    counted = Counter(step.outcome for step in found)
    counts = {outcome: counted[outcome] for outcome in steps.OUTCOMES}
    warned = {issue.row for issue in issues if issue.severity == WARNING}
    return counts | {
        steps.REFUSED: len(refused),
        steps.DROPPED: len(dropped),
        "rows": len(sheet.rows),
        "warned": len(warned.difference(refused)),
    }


def _digest(sheet: Sheet, layout: Layout, found: Sequence[Step]) -> str:
    plan = [[step.entry.row, step.outcome, [asdict(change) for change in step.changes]] for step in found]
    content = [sheet.rows, layout.kind, layout.header_row, sorted(layout.fields.items()), plan]
    return crypto.lookup_key("ledger plan", json.dumps(content, ensure_ascii=False))


def bring_in(actor: Actor, *, import_id: uuid.UUID, digest: str, leave: bool = False) -> LedgerImport:
    """Do what was previewed as `digest`, all of it or nothing; `leave` leaves known rows that differ as they are.

    An import that is done already is given back as it is. Raises Forbidden, NotFound, and Conflict when Linli's
    rows have changed since the preview in a way that changes what the import would do.
    """
    permissions.require(actor, "ledgers.import")
    locks.advisory("ledger import", actor.community_id or 0)
    done = uploads.get_import(actor, import_id)
    if done.state == "imported" and done.uploaded_by == actor.account_id:
        return done
    opened = uploads.open_upload(actor, import_id=import_id, lock=True)
    return _carry_out(actor, opened, digest, leave=leave)


def carry_out(actor: Actor, row: LedgerImport, *, digest: str, leave: bool) -> None:
    """Do what was agreed to for an upload whose turn it is. Raises as `bring_in`."""
    _carry_out(actor, _open(row), digest, leave=leave)


def keep_preview(actor: Actor, row: LedgerImport) -> None:
    """Read and compare an upload whose turn it is, and keep what its preview shows. Raises Forbidden, LedgerError."""
    opened = _open(row)
    seen = preview(actor, opened.sheet, opened.layout)
    row = locks.lock(LedgerImport, row.id)
    if row.state == "reading":
        row.counts, row.plan, row.state = seen.counts, seen.digest, "read"
        row.result = results.lines(seen, seen.steps, opened, full=True)
        db.session.flush()


def _open(row: LedgerImport) -> Opened:
    if row.content is None:
        raise Conflict("ledger_over", N_("This file has been imported or removed already."))
    opened = uploads.opened(row, row.content)
    progress.expect(len(opened.sheet.rows) * LOOKS[row.state])
    return opened


def changed() -> Conflict:
    """What was agreed to is not what would happen now."""
    return Conflict(
        "ledger_changed",
        N_("Something changed since you looked at this page. Please look again, then import."),
    )


def _carry_out(actor: Actor, opened: Opened, digest: str, *, leave: bool) -> LedgerImport:
    state = opened.row.state
    if hold := _HOLDS.get(opened.layout.kind):
        hold(actor)
    seen = preview(actor, opened.sheet, opened.layout)
    writes = any(step.outcome in (steps.NEW, steps.CHANGED) for step in seen.steps)
    if writes and seen.digest != digest:
        raise changed()
    found = [step.left() for step in seen.steps] if leave else list(seen.steps)
    _INTO[opened.layout.kind].write(actor, found)
    row = locks.lock(LedgerImport, opened.row.id)
    if row.state != state:
        # Given back meanwhile: whoever asked has been told that nothing was imported.
        raise changed()
    row.counts = _final(seen, found)
    row.result = results.lines(seen, found, opened)
    row.state, row.content, row.imported_at = "imported", None, clock.now()
    # The cells of refused rows are there to be mended for a while.
    row.due_at = clock.now() + MENDABLE if seen.refused else None
    db.session.flush()
    numbers = {name: row.counts[name] for name in (*steps.OUTCOMES, "rows")}
    audit.record(actor, "ledger.imported", "ledger_import", row.id, ledger=row.kind, **numbers)
    return row


def _final(seen: Preview, found: Sequence[Step]) -> dict[str, int]:
    counted = Counter(step.outcome for step in found)
    done = (steps.NEW, steps.CHANGED, steps.SAME, steps.LEFT)
    return seen.counts | {outcome: counted[outcome] for outcome in done}

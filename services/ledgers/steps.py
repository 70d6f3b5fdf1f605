"""What an entry will do here: a new row, changes to a known one, nothing, or a refusal with its reason."""

import json
import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import select

from services.core import crypto
from services.core.db import db
from services.ledgers.issues import Issue
from services.ledgers.models import LedgerMemory

NEW, CHANGED, SAME, LEFT, REFUSED, DROPPED = "new", "changed", "same", "left", "refused", "dropped"
OUTCOMES = (NEW, CHANGED, SAME, LEFT, REFUSED, DROPPED)

# Values by field, as they are compared: lists sorted, days and numbers as text.
Values = dict[str, Any]
Say = Callable[..., Issue]


@dataclass(frozen=True)
class Change:
    """One fact that the ledger says otherwise than Linli has it."""

    field: str
    old: Any
    new: Any


@dataclass(frozen=True)
class Step:
    """What becomes of an entry of any kind. `row` is the record it meets or makes; `said` what the ledger says of it, as digests."""

    entry: Any
    outcome: str
    row: Any = None
    changes: tuple[Change, ...] = ()
    issues: tuple[Issue, ...] = ()
    said: dict[str, str] = field(default_factory=dict)

    def left(self) -> "Step":
        """The same entry with its differences left as they are in Linli, and forgotten, so that they are offered again."""
        fields = {change.field for change in self.changes}
        said = {name: digest for name, digest in self.said.items() if name not in fields}
        outcome = LEFT if self.outcome == CHANGED else self.outcome
        return replace(self, outcome=outcome, changes=(), said=said)

    def new_value(self, name: str) -> bool:
        """Whether the field is one that changes."""
        return any(change.field == name for change in self.changes)


def refused(entry: Any, issue: Issue) -> Step:
    """The entry stays out, and why."""
    return Step(entry, REFUSED, issues=(issue,))


def digests(subject_id: uuid.UUID, values: Values) -> dict[str, str]:
    """What the ledger says of a subject, as digests that tell only whether it says the same again."""
    return {name: _digest(subject_id, name, value) for name, value in values.items()}


def _digest(subject_id: uuid.UUID, name: str, value: Any) -> str:
    text = json.dumps([name, value], ensure_ascii=False, sort_keys=True)
    return crypto.lookup_key(f"ledger {subject_id}", text)[:16]


def differences(
    said: Values, digest: dict[str, str], present: Values, before: dict[str, str]
) -> list[Change]:
    """The facts where the ledger says something new and Linli has something else.

    A cell that says what it said at the last import changes nothing, whatever was done by hand since.
    """
    return [
        Change(name, present.get(name), value)
        for name, value in said.items()
        if present.get(name) != value and before.get(name) != digest[name]
    ]


def remembered(subject_kind: str) -> dict[uuid.UUID, dict[str, str]]:
    """What the ledger said of each subject of a kind at the last import."""
    rows = select(LedgerMemory.subject_id, LedgerMemory.said).where(LedgerMemory.subject_kind == subject_kind)
    return {row.subject_id: row.said for row in db.session.execute(rows)}


def remember(subject_kind: str, told: Iterable[tuple[uuid.UUID, dict[str, str]]]) -> None:
    """Keep what the ledger says now of each subject (id, digests) that came in; flushed with the next flush."""
    kept = {
        row.subject_id: row
        for row in db.session.scalars(select(LedgerMemory).where(LedgerMemory.subject_kind == subject_kind))
    }
    for subject_id, said in told:
        known = kept.get(subject_id)
        if known is None and said:
            kept[subject_id] = LedgerMemory(subject_kind=subject_kind, subject_id=subject_id, said=said)
            db.session.add(kept[subject_id])
        elif known is not None and (now := known.said | said) != known.said:
            known.said = now

"""The rows of Linli's own file and the records there are: compared, tried, and carried out when somebody has agreed.

A known number is that record, and only what the file says otherwise is changed; any other number, or none, is a new
one. Each row goes the way a page goes, so the same rules refuse it: the preview does it all and takes it back.
"""

import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from services.core import jobs
from services.core.actor import Actor
from services.core.db import db, new_id
from services.core.errors import N_, DomainError
from services.ledgers import progress, steps
from services.ledgers.files import exports
from services.ledgers.files.kinds import Field, Kind
from services.ledgers.files.reading import FileEntry
from services.ledgers.issues import Issue
from services.ledgers.steps import Change, Say, Step

HIDDEN = "…"


@dataclass(frozen=True)
class _Wish:
    """What a row asks for: whose it is, whether there is such a record, and the values that are to be put there."""

    row_id: uuid.UUID
    known: bool
    values: dict[str, Any]
    changes: tuple[Change, ...] = ()


def compare(actor: Actor, entries: Sequence[FileEntry], say: Say) -> list[Step]:
    """What each row would do: done and taken back again, so nothing is written."""
    if not entries:
        return []
    kind = entries[0].kind
    present, gone = _present(kind, entries)
    met: dict[uuid.UUID, int] = {}
    found = []
    with _taken_back():
        for entry in progress.each(entries):
            found.append(_step(actor, kind, entry, present, gone, met, say))
    return found


@contextmanager
def _taken_back() -> Iterator[None]:
    trial = db.session.begin_nested()
    try:
        with jobs.silence():
            yield
    finally:
        trial.rollback()


def _present(
    kind: Kind, entries: Sequence[FileEntry]
) -> tuple[dict[uuid.UUID, dict[str, Any]], set[uuid.UUID]]:
    ids = set()
    for entry in entries:
        try:
            ids.add(kind.field("id").form.read(entry.cells["id"]))
        except DomainError:
            continue
    ids.discard(None)
    return exports.known(kind, ids), exports.gone(kind, ids)


def _step(
    actor: Actor,
    kind: Kind,
    entry: FileEntry,
    present: dict[uuid.UUID, dict[str, Any]],
    gone: set[uuid.UUID],
    met: dict[uuid.UUID, int],
    say: Say,
) -> Step:
    try:
        wish = _wish(actor, kind, entry, present)
        if wish.row_id in met:
            return steps.refused(entry, say(entry, "id", "same_subject", other_row=met[wish.row_id]))
        met[wish.row_id] = entry.row
        if wish.row_id in gone:
            raise DomainError(
                "merged", N_("This one was put together with another: change that one."), field="id"
            )
        if wish.known and not wish.changes:
            return Step(entry, steps.SAME, row=wish)
        with db.session.begin_nested():
            _do(actor, kind, wish)
    except DomainError as error:
        return steps.refused(entry, _refusal(kind, entry, error, say))
    return Step(entry, steps.CHANGED if wish.known else steps.NEW, row=wish, changes=wish.changes)


def _refusal(kind: Kind, entry: FileEntry, error: DomainError, say: Say) -> Issue:
    fields = {one.key for one in kind.fields}
    name = error.field if error.field in fields else kind.named[0]
    values = {key: str(value) for key, value in error.params.items()}
    return say(entry, name, "rule", understood=error.message, values=values)


def _wish(actor: Actor, kind: Kind, entry: FileEntry, present: dict[uuid.UUID, dict[str, Any]]) -> _Wish:
    row_id = _read(kind.field("id"), entry.cells["id"])
    known = present.get(row_id) if row_id else None
    fields = [one for one in kind.fields if one.key in entry.cells and one.key != "id" and not one.aside]
    if known is None:
        return _Wish(row_id or new_id(), False, {one.key: _read(one, entry.cells[one.key]) for one in fields})
    values, changes = {}, []
    for one in fields:
        if (change := _change(one, entry.cells[one.key], known[one.key], actor.language)) is None:
            continue
        if one.fixed:
            raise DomainError(
                "fixed",
                N_("This is not changed by a file. Put the cell back as it was, and change it on the page."),
                field=one.key,
            )
        values[one.key], said = change
        changes.append(said)
    return _Wish(known["id"], True, values, tuple(changes))


def _change(field: Field, written: str, present: Any, language: str) -> tuple[Any, Change] | None:
    """The value a cell says and the change it makes; None when it says what there is."""
    before = field.form.show(present, language)
    if written == before:
        return None
    value = _read(field, written)
    after = field.form.show(value, language)
    if after == before:
        return None
    return value, Change(field.key, HIDDEN if field.sealed and before else before, after)


def _read(field: Field, written: str) -> Any:
    try:
        if "\x00" in written:
            raise DomainError("cell", N_("This is not understood here."))
        written.encode()
        return field.form.read(written)
    except UnicodeEncodeError as error:
        raise DomainError("cell", N_("This is not understood here."), field=field.key) from error
    except DomainError as error:
        raise DomainError(error.code, error.message, field=field.key, **error.params) from error


def _do(actor: Actor, kind: Kind, wish: _Wish) -> None:
    act = kind.change if wish.known else kind.add
    act(actor, wish.row_id, wish.values)


def write(actor: Actor, found: Sequence[Step]) -> None:
    """Do what was agreed to, all of it: what `compare` did just now, this time to stay."""
    for step in progress.each(found):
        if step.outcome in (steps.NEW, steps.CHANGED):
            _do(actor, step.entry.kind, step.row)
    db.session.flush()

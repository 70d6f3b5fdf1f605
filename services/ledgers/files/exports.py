"""Everything of one kind as the rows of a file: asked for and put on record first, then read page by page."""

import uuid
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, func, select

from services.core import audit, permissions
from services.core.actor import Actor
from services.core.db import among, db
from services.core.errors import N_, DomainError, Forbidden, NotFound
from services.ledgers.files.kinds import Kind
from services.ledgers.files.register import KINDS

# Why sealed columns leave the product; the code is kept in the audit.
REASONS = ("change", "authority", "keep", "move", "other")
AT_ONCE = 500


@dataclass(frozen=True)
class Export:
    """A file that may leave: how many records, and its rows, headings and keys first."""

    kind: Kind
    number: int
    rows: Iterator[list[str]]


def export(
    actor: Actor,
    *,
    kind: str,
    sealed: bool = False,
    reason: str = "",
    ids: Collection[uuid.UUID] | None = None,
    say: Callable[[str], str] = str,
) -> Export:
    """The records of a kind (those of `ids`) as rows of text in the actor's language; `say` translates headings.

    With `sealed`, for a reason of REASONS, phones, doors and what is sensitive are among them. It is on record before
    the first row is given. Raises Forbidden, NotFound, DomainError naming the field.
    """
    permissions.require(actor, "ledgers.export")
    if kind not in KINDS:
        raise NotFound()
    if ids is not None and not ids:
        raise DomainError("none", N_("Please tick at least one."), field="id")
    chosen = KINDS[kind]
    permissions.require(actor, chosen.permission)
    fields = chosen.columns(sealed)
    classes = sorted({one.sealed for one in fields if one.sealed})
    if classes:
        _check_sealed(actor, classes, reason)
    statement = _records(chosen, ids)
    number = db.session.scalars(select(func.count()).select_from(statement.subquery())).one()
    if ids is not None and number != len(set(ids)):
        raise NotFound()
    audit.record(
        actor,
        f"{chosen.subject}.exported",
        "community",
        None,
        number=number,
        classes=classes,
        reason=reason if classes else "",
    )
    return Export(chosen, number, _rows(chosen, statement, sealed, actor.language, say))


def _check_sealed(actor: Actor, classes: Collection[str], reason: str) -> None:
    if reason not in REASONS:
        raise DomainError(
            "reason", N_("Please say why phones, doors and notes are to leave Linli."), field="reason"
        )
    if not any(permissions.revealable(role, "any").issuperset(classes) for role in actor.roles):
        raise Forbidden()


def _records(kind: Kind, ids: Collection[uuid.UUID] | None) -> Select[Any]:
    statement = select(kind.model)
    if kind.gone is not None:
        statement = statement.where(~kind.gone)
    return statement if ids is None else statement.where(among(kind.model.id, set(ids)))


def _rows(
    kind: Kind, statement: Select[Any], sealed: bool, language: str, say: Callable[[str], str]
) -> Iterator[list[str]]:
    fields = kind.columns(sealed)
    yield [say(one.label) for one in fields]
    yield [one.key for one in fields]
    shows = [(one.key, one.form.showing(language)) for one in fields]
    for values in _pages(kind, statement):
        for record in values:
            yield [show(record[key]) for key, show in shows]


def _pages(kind: Kind, statement: Select[Any]) -> Iterator[list[dict[str, Any]]]:
    """The values of all records by id, some at a time: what was given out is not held."""
    after: uuid.UUID | None = None
    while True:
        page = statement if after is None else statement.where(kind.model.id > after)
        rows = db.session.scalars(page.order_by(kind.model.id).limit(AT_ONCE)).all()
        if rows:
            after = rows[-1].id
            yield kind.values(rows)
        if len(rows) < AT_ONCE:
            return


def known(kind: Kind, ids: Collection[uuid.UUID]) -> dict[uuid.UUID, dict[str, Any]]:
    """The values of those records that there are, by id."""
    found: dict[uuid.UUID, dict[str, Any]] = {}
    for values in _pages(kind, _records(kind, ids)):
        found.update((one["id"], one) for one in values)
    return found


def gone(kind: Kind, ids: Collection[uuid.UUID]) -> set[uuid.UUID]:
    """Those ids whose rows are kept and are no records of the community any more."""
    if kind.gone is None:
        return set()
    rows = select(kind.model.id).where(among(kind.model.id, set(ids)), kind.gone)
    return set(db.session.scalars(rows))

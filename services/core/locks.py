"""Locks that end with the transaction."""

import uuid
import zlib
from typing import TypeVar

from sqlalchemy import select, text

from services.core.db import CommunityRow, db
from services.core.errors import NotFound

Row = TypeVar("Row", bound=CommunityRow)


def get(model: type[Row], row_id: uuid.UUID | str | None) -> Row:
    """The row of this community with that id. Raises NotFound, also for what is not an id."""
    return _one(model, row_id, None)


def lock(model: type[Row], row_id: uuid.UUID | str | None) -> Row:
    """The row, read afresh and locked until the transaction ends. Raises NotFound."""
    # FOR NO KEY UPDATE: ids never change, so rows that point here may be added meanwhile.
    return _one(model, row_id, "change")


def share(model: type[Row], row_id: uuid.UUID | str | None) -> Row:
    """The row, read afresh; others may hold it too, and nobody changes it until the transaction ends. Raises NotFound."""
    return _one(model, row_id, "share")


def _one(model: type[Row], row_id: uuid.UUID | str | None, lock: str | None) -> Row:
    try:
        wanted = row_id if isinstance(row_id, uuid.UUID) else uuid.UUID(str(row_id))
    except ValueError as error:
        raise NotFound() from error
    statement = select(model).where(model.id == wanted)
    if lock is not None:
        statement = statement.with_for_update(read=lock == "share", key_share=lock == "change")
        statement = statement.execution_options(populate_existing=True)
    row = db.session.scalars(statement).one_or_none()
    if row is None:
        raise NotFound()
    return row


def advisory(name: str, number: int) -> None:
    """Wait for the named lock `(name, number)`; it ends with the transaction."""
    key = zlib.crc32(name.encode()) - 2**31
    db.session.execute(text("SELECT pg_advisory_xact_lock(:key, :number)"), {"key": key, "number": number})

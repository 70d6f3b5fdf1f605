"""Pages of a long list by keyset: stable while rows come and go, as fast on page 500 as on page 1."""

import contextlib
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy import Select

from services.core.db import db

Row = TypeVar("Row")


@dataclass(frozen=True)
class Page(Generic[Row]):
    """One page: its rows, and the cursor of the next page or None at the end."""

    rows: Sequence[Row]
    next: str | None


def newest_first(
    statement: Select[Row], id_column: Any, *, after: str | None = None, limit: int = 50
) -> Page[Row]:
    """Rows of `statement` by `id_column` (a UUIDv7, so by time) from the newest; `after` is a page's cursor.

    A cursor that is not an id begins at the start.
    """
    statement = statement.order_by(id_column.desc()).limit(limit + 1)
    with contextlib.suppress(ValueError):
        statement = statement.where(id_column < uuid.UUID(after)) if after else statement
    rows = db.session.scalars(statement).all()
    shown = rows[:limit]
    more = len(rows) > limit
    return Page(shown, str(shown[-1].id) if more else None)  # type: ignore[attr-defined]


def in_parts(rows: Sequence[Any], *, after: str | None = None, limit: int = 50) -> Page[Any]:
    """A part of rows that are all at hand, in their order; `after` is how many came before."""
    start = int(after) if after and after.isascii() and after.isdigit() and len(after) < 9 else 0
    end = start + limit
    return Page(rows[start:end], str(end) if end < len(rows) else None)

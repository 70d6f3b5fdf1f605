"""An office's spreadsheet on its way into the product, and what it said the last time."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, DateTime, Index, Integer, String, UniqueConstraint, Uuid
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from services.core.db import CommunityRow, Sealed, SealedBytes, SealedJSON, Swept, personal


class LedgerImport(Swept, CommunityRow):
    """One upload: the file itself (sealed, dropped once imported or given up), how its columns were read, what came of it.

    `state`: uploaded → imported | given_up; an upload nobody imports is given up at `due_at`. `mapping` is the header
    row and the field of each column; `result` names every row: what it became or why not.
    """

    __tablename__ = "ledger_import"
    __table_args__ = (
        Index("ix_ledger_import_due", "due_at", postgresql_where="state = 'uploaded'"),
        CheckConstraint("state in ('uploaded', 'imported', 'given_up')", name="state"),
        CheckConstraint("(content is null) = (state <> 'uploaded')", name="content"),
    )

    kind: Mapped[str] = mapped_column(String(20))
    filename: Mapped[str] = mapped_column(Sealed("ledger_import.filename"), info=personal("sensitive"))
    digest: Mapped[str] = mapped_column(String(64))
    content: Mapped[bytes | None] = mapped_column(
        SealedBytes("ledger_import.content"), deferred=True, info=personal("sensitive")
    )
    sheet: Mapped[int] = mapped_column(Integer, default=0)
    mapping: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
    state: Mapped[str] = mapped_column(String(10), default="uploaded")
    due_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    uploaded_by: Mapped[uuid.UUID | None] = mapped_column(Uuid)
    imported_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    counts: Mapped[dict[str, int]] = mapped_column(JSONB, default=dict)
    result: Mapped[Any | None] = mapped_column(
        SealedJSON("ledger_import.result"), deferred=True, info=personal("sensitive")
    )


class LedgerMemory(CommunityRow):
    """What the ledger said of a subject at the last import: field → a keyed digest of the cell, which tells only whether
    the cell is still the same. A cell that says the same as the last time changes nothing."""

    __tablename__ = "ledger_memory"
    __table_args__ = (UniqueConstraint("community_id", "subject_kind", "subject_id"),)

    subject_kind: Mapped[str] = mapped_column(String(30))
    subject_id: Mapped[uuid.UUID] = mapped_column(Uuid)
    said: Mapped[dict[str, str]] = mapped_column(JSONB)

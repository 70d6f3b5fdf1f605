"""An office's spreadsheet on its way into the product, and what it said the last time."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import Boolean, CheckConstraint, DateTime, Index, Integer, String, UniqueConstraint, Uuid
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from services.core.db import CommunityRow, Sealed, SealedBytes, SealedJSON, Swept, personal


class LedgerImport(Swept, CommunityRow):
    """One upload: the file itself (sealed, dropped once imported or given up), how its columns were read, what came of it.

    `state`: uploaded → reading → read → importing → imported, or given_up; reading and importing is the background's.
    At `due_at` an upload nobody imports is given up, and of an imported one the refused rows' cells are forgotten.
    `mapping` is the header row and the field of each column; `result` names every row: what it will become or became, or
    why not; `plan` is the digest of what the preview shows. `done` of `total` is how far the work is; `error` why it was refused.
    """

    __tablename__ = "ledger_import"
    __table_args__ = (
        Index("ix_ledger_import_due", "due_at", postgresql_where="due_at is not null"),
        CheckConstraint(
            "state in ('uploaded', 'reading', 'read', 'importing', 'imported', 'given_up')", name="state"
        ),
        CheckConstraint("(content is null) = (state in ('imported', 'given_up'))", name="content"),
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
    due_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    uploaded_by: Mapped[uuid.UUID | None] = mapped_column(Uuid)
    imported_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    plan: Mapped[str] = mapped_column(String(64), default="")
    leave: Mapped[bool] = mapped_column(Boolean, default=False)
    begun_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    done: Mapped[int] = mapped_column(Integer, default=0)
    total: Mapped[int] = mapped_column(Integer, default=0)
    error: Mapped[str] = mapped_column(String(40), default="")
    counts: Mapped[dict[str, int]] = mapped_column(JSONB, default=dict)
    result: Mapped[Any | None] = mapped_column(
        SealedJSON("ledger_import.result"), deferred=True, info=personal("sensitive")
    )

    @property
    def content_kept(self) -> bool:
        """Whether the file is still here: it waits or is being worked on."""
        return self.state not in ("imported", "given_up")


class LedgerMemory(CommunityRow):
    """What the ledger said of a subject at the last import: field → a keyed digest of the cell, which tells only whether
    the cell is still the same. A cell that says the same as the last time changes nothing."""

    __tablename__ = "ledger_memory"
    __table_args__ = (UniqueConstraint("community_id", "subject_kind", "subject_id"),)

    subject_kind: Mapped[str] = mapped_column(String(30))
    subject_id: Mapped[uuid.UUID] = mapped_column(Uuid)
    said: Mapped[dict[str, str]] = mapped_column(JSONB)

"""The outbox: one text to one person by one channel."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, DateTime, ForeignKey, Index, String, UniqueConstraint, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from services.core.db import CommunityRow, SealedJSON, Swept, personal


class Message(Swept, CommunityRow):
    """A message waiting to go, sent or failed; written in the transaction of its cause.

    `channel`: inbox (read in the product, there from `due_at` on) or email. `state`: queued → sent | failed. `key`
    makes one cause speak once per channel. `params` fill the template's words and hold personal data, so sealed.
    """

    __tablename__ = "message"
    __table_args__ = (
        UniqueConstraint("community_id", "key", "channel"),
        Index("ix_message_account", "community_id", "account_id", "id"),
        Index("ix_message_due", "community_id", "due_at", postgresql_where="state = 'queued'"),
        CheckConstraint("channel in ('inbox', 'email')", name="channel"),
        CheckConstraint("state in ('queued', 'sent', 'failed')", name="state"),
    )

    account_id: Mapped[uuid.UUID] = mapped_column(Uuid, ForeignKey("account.id"))
    channel: Mapped[str] = mapped_column(String(10))
    template: Mapped[str] = mapped_column(String(40))
    params: Mapped[dict[str, Any]] = mapped_column(SealedJSON("message.params"), info=personal("sensitive"))
    language: Mapped[str] = mapped_column(String(10))
    key: Mapped[str] = mapped_column(String(120))
    path: Mapped[str] = mapped_column(String(200), default="")
    subject_kind: Mapped[str] = mapped_column(String(30))
    subject_id: Mapped[uuid.UUID] = mapped_column(Uuid)
    state: Mapped[str] = mapped_column(String(10), default="queued")
    due_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    error: Mapped[str | None] = mapped_column(String(60))
    sent_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    read_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))

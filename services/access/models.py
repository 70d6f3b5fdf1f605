"""What lets programs in, and what they were answered."""

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import Date, DateTime, ForeignKey, Index, Integer, String, UniqueConstraint, Uuid
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from services.core.db import CommunityRow, SealedBytes, personal


class AccessToken(CommunityRow):
    """A secret with which a program acts as an account in one community, within `scopes`; kept as a digest.

    `prefix` is its visible beginning, by which a person knows it again. `expires_on` is its last day. `used_at` is
    written at most once an hour.
    """

    __tablename__ = "access_token"
    __table_args__ = (
        UniqueConstraint("community_id", "digest"),
        Index("ix_access_token_account", "community_id", "account_id"),
    )

    account_id: Mapped[uuid.UUID] = mapped_column(Uuid, ForeignKey("account.id"))
    title: Mapped[str] = mapped_column(String(60))
    prefix: Mapped[str] = mapped_column(String(20))
    digest: Mapped[str] = mapped_column(String(64))
    scopes: Mapped[list[str]] = mapped_column(ARRAY(String))
    expires_on: Mapped[date] = mapped_column(Date)
    used_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    revoked_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class Reply(CommunityRow):
    """What a request with an Idempotency-Key was answered, kept in the transaction of its effect for a day.

    `request` is the digest of what was asked. The body may hold personal data: it is sealed.
    """

    __tablename__ = "reply"
    __table_args__ = (
        UniqueConstraint("community_id", "account_id", "digest"),
        Index("ix_reply_created", "community_id", "created_at"),
    )

    account_id: Mapped[uuid.UUID] = mapped_column(Uuid, ForeignKey("account.id"))
    digest: Mapped[str] = mapped_column(String(64))
    request: Mapped[str] = mapped_column(String(64))
    status: Mapped[int] = mapped_column(Integer)
    headers: Mapped[dict[str, Any]] = mapped_column(JSONB)
    body: Mapped[bytes] = mapped_column(SealedBytes("reply.body"), info=personal("sensitive"))

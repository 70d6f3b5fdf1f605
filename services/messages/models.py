"""The outbox: one text to one person by one channel; how people want to be reached; a community's own words."""

import uuid
from datetime import datetime, time
from typing import Any

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    DateTime,
    ForeignKey,
    Index,
    String,
    Time,
    UniqueConstraint,
    Uuid,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from services.core.db import CommunityRow, Sealed, SealedJSON, Swept, personal

# The ways out of the product, in the order of who has not chosen another.
EXTERNAL = ("push", "email", "sms", "chat")


class Message(Swept, CommunityRow):
    """A message waiting to go, sent or failed; written in the transaction of its cause.

    `channel`: inbox (read in the product, there from `due_at` on) or one of EXTERNAL. `state`: queued → sent →
    delivered, or failed. `key` makes one cause speak once per channel. `params` fill the template's words and hold
    personal data, so sealed. `error` says why it waits or failed. Rows that leave as one text share `reference`, the
    id of the first of them, under which the provider knows it; it is committed before anything is handed over.
    `noticed_at`: nothing is left to do about a failed one, the office knows or another channel took over.
    """

    __tablename__ = "message"
    __table_args__ = (
        UniqueConstraint("community_id", "key", "channel"),
        Index("ix_message_account", "community_id", "account_id", "id"),
        Index("ix_message_due", "community_id", "due_at", postgresql_where="state = 'queued'"),
        Index(
            "ix_message_dead",
            "community_id",
            "due_at",
            postgresql_where="state = 'failed' and noticed_at is null",
        ),
        Index("ix_message_sent", "community_id", "sent_at", postgresql_where="channel <> 'inbox'"),
        Index("ix_message_reference", "community_id", "reference", postgresql_where="reference is not null"),
        CheckConstraint("channel in ('inbox', 'push', 'email', 'sms', 'chat')", name="channel"),
        CheckConstraint("state in ('queued', 'sent', 'delivered', 'failed')", name="state"),
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
    reference: Mapped[uuid.UUID | None] = mapped_column(Uuid)
    noticed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class Preference(CommunityRow):
    """How an account wants to be reached from one community; who has none is served by the defaults.

    `channels`: those of EXTERNAL that are wanted, the first first. Between `quiet_from` and `quiet_until` (the
    community's clock, also across midnight) nothing leaves the product; with `digest` all of a day leaves together in
    the morning. `blocked`: channels whose address does not exist, as their provider reported.
    """

    __tablename__ = "preference"
    __table_args__ = (
        UniqueConstraint("community_id", "account_id"),
        CheckConstraint("(quiet_from is null) = (quiet_until is null)", name="quiet"),
    )

    account_id: Mapped[uuid.UUID] = mapped_column(Uuid, ForeignKey("account.id"))
    channels: Mapped[list[str]] = mapped_column(ARRAY(String), default=lambda: list(EXTERNAL))
    quiet_from: Mapped[time | None] = mapped_column(Time)
    quiet_until: Mapped[time | None] = mapped_column(Time)
    digest: Mapped[bool] = mapped_column(Boolean, default=False)
    blocked: Mapped[list[str]] = mapped_column(ARRAY(String), default=list)
    chat_url: Mapped[str | None] = mapped_column(Sealed("preference.chat_url"), info=personal("contact"))


class PushSubscription(CommunityRow):
    """A browser on some device that notifies an account of this community's messages.

    `endpoint` is its address at its maker's push service, `p256dh` and `auth` are the keys to encrypt for it.
    `endpoint_key` finds a browser that comes again.
    """

    __tablename__ = "push_subscription"
    __table_args__ = (
        UniqueConstraint("community_id", "endpoint_key"),
        Index("ix_push_subscription_account", "community_id", "account_id"),
    )

    account_id: Mapped[uuid.UUID] = mapped_column(Uuid, ForeignKey("account.id"))
    endpoint: Mapped[str] = mapped_column(Sealed("push_subscription.endpoint"), info=personal("contact"))
    p256dh: Mapped[str] = mapped_column(Sealed("push_subscription.p256dh"), info=personal("contact"))
    auth: Mapped[str] = mapped_column(Sealed("push_subscription.auth"), info=personal("contact"))
    endpoint_key: Mapped[str] = mapped_column(String(64))


class Wording(CommunityRow):
    """A community's own words for a template in one language ("zh", "en")."""

    __tablename__ = "wording"
    __table_args__ = (UniqueConstraint("community_id", "code", "language"),)

    code: Mapped[str] = mapped_column(String(40))
    language: Mapped[str] = mapped_column(String(10))
    subject: Mapped[str] = mapped_column(String(120))
    body: Mapped[str] = mapped_column(String(2000))

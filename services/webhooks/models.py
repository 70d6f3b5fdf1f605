"""Webhooks: where another system hears of what happens here, and each telling of it."""

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, DateTime, Index, Integer, String, Uuid
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from services.core.db import CommunityRow, Sealed, Swept, link, personal


class WebhookEndpoint(CommunityRow):
    """An address of another system, and which events it hears of.

    `state`: on, paused (by the office), stopped (by Linli, `reason` says why) or removed (then without address and
    secrets). `old_secret` signs beside `secret` until `old_until`. `failures` in a row since `failing_since`; nothing is
    tried before `rests_until`. `version` counts what the office changed. An address may hold a key of its own, so it is
    sealed as the secrets are.
    """

    __tablename__ = "webhook_endpoint"
    __table_args__ = (
        CheckConstraint("state in ('on', 'paused', 'stopped', 'removed')", name="state"),
        CheckConstraint("(old_secret is null) = (old_until is null)", name="old_secret"),
    )

    url: Mapped[str] = mapped_column(Sealed("webhook_endpoint.url"), info=personal("sensitive"))
    events: Mapped[list[str]] = mapped_column(ARRAY(String))
    secret: Mapped[str] = mapped_column(Sealed("webhook_endpoint.secret"), info=personal("sensitive"))
    old_secret: Mapped[str | None] = mapped_column(
        Sealed("webhook_endpoint.old_secret"), info=personal("sensitive")
    )
    old_until: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    state: Mapped[str] = mapped_column(String(10), default="on")
    reason: Mapped[str] = mapped_column(String(20), default="")
    failures: Mapped[int] = mapped_column(Integer, default=0)
    failing_since: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    rests_until: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    last_success_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    version: Mapped[int] = mapped_column(Integer, default=1)


class WebhookDelivery(Swept, CommunityRow):
    """One event for one endpoint; its id is the `webhook-id` by which a receiver knows it again.

    `state`: waiting → delivered or failed. `next_at`: when a waiting one is tried, and when another is forgotten.
    `status` and `error` are of the last try, at `tried_at`.
    """

    __tablename__ = "webhook_delivery"
    __table_args__ = (
        link("endpoint_id", "webhook_endpoint"),
        Index("ix_webhook_delivery_endpoint", "community_id", "endpoint_id", "id"),
        Index("ix_webhook_delivery_next", "community_id", "next_at"),
        CheckConstraint("state in ('waiting', 'delivered', 'failed')", name="state"),
    )

    endpoint_id: Mapped[uuid.UUID] = mapped_column(Uuid)
    event: Mapped[str] = mapped_column(String(60))
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    subject_kind: Mapped[str] = mapped_column(String(30))
    subject_id: Mapped[uuid.UUID] = mapped_column(Uuid)
    state: Mapped[str] = mapped_column(String(10), default="waiting")
    next_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    status: Mapped[int | None] = mapped_column(Integer)
    error: Mapped[str | None] = mapped_column(String(20))
    tried_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))

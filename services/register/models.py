"""What the office decided about two rows that look like one household or one person."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, DateTime, Index, String, Uuid
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from services.core.db import CommunityRow, SealedJSON, personal


class Twin(CommunityRow):
    """A decision about two rows of `kind` (household, volunteer): `verdict` same (`other_id` was put into `kept_id`) or different.

    `moved` names every row that went over and what its columns held: ids and codes only. `before` is what the kept row and its
    head held where the other's value took its place. Undoing puts both back; afterwards, and when it is too late, they are empty.
    """

    __tablename__ = "twin"
    __table_args__ = (
        Index(
            "uq_twin_other",
            "community_id",
            "other_id",
            unique=True,
            postgresql_where="verdict = 'same' and undone_at is null",
        ),
        Index("ix_twin_kept", "community_id", "kept_id"),
        CheckConstraint("kind in ('household', 'volunteer')", name="kind"),
        CheckConstraint("verdict in ('same', 'different')", name="verdict"),
        CheckConstraint("kept_id <> other_id", name="two"),
    )

    kind: Mapped[str] = mapped_column(String(10))
    kept_id: Mapped[uuid.UUID] = mapped_column(Uuid)
    other_id: Mapped[uuid.UUID] = mapped_column(Uuid)
    verdict: Mapped[str] = mapped_column(String(10))
    moved: Mapped[list[Any]] = mapped_column(JSONB, default=list)
    before: Mapped[list[Any]] = mapped_column(
        SealedJSON("twin.before"), default=list, info=personal("sensitive")
    )
    decided_by: Mapped[uuid.UUID | None] = mapped_column(Uuid)
    undone_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    undone_by: Mapped[uuid.UUID | None] = mapped_column(Uuid)

"""What happened at a household: the source of service hours."""

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, DateTime, Index, Integer, String, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from services.core.db import CommunityRow, Sealed, link, personal


class Visit(CommunityRow):
    """A visit or call by the helper of a pairing. Its minutes count once both sides have confirmed it.

    `kind`: visit, call. `outcome`: well, concern, absent. Each side's confirmation says when, by whom and how: account,
    link, code, or call (a member of staff rang and noted it). `state`: noted → confirmed | disputed | corrected;
    a correction is a new visit that names the one it replaces.
    """

    __tablename__ = "visit"
    __table_args__ = (
        link("pairing_id", "pairing"),
        link("follow_up_id", "follow_up"),
        link("corrects_id", "visit"),
        Index("ix_visit_pairing", "community_id", "pairing_id", "started_at"),
        CheckConstraint("minutes between 1 and 720", name="minutes"),
    )

    pairing_id: Mapped[uuid.UUID] = mapped_column(Uuid)
    follow_up_id: Mapped[uuid.UUID | None] = mapped_column(Uuid)
    corrects_id: Mapped[uuid.UUID | None] = mapped_column(Uuid)
    started_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    minutes: Mapped[int] = mapped_column(Integer)
    kind: Mapped[str] = mapped_column(String(10))
    outcome: Mapped[str] = mapped_column(String(10))
    note: Mapped[str | None] = mapped_column(Sealed("visit.note"), info=personal("sensitive"))
    state: Mapped[str] = mapped_column(String(10), default="noted")
    noted_by: Mapped[uuid.UUID | None] = mapped_column(Uuid)
    helper_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    helper_by: Mapped[uuid.UUID | None] = mapped_column(Uuid)
    helper_how: Mapped[str] = mapped_column(String(10), default="")
    household_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    household_by: Mapped[uuid.UUID | None] = mapped_column(Uuid)
    household_how: Mapped[str] = mapped_column(String(10), default="")
    reason: Mapped[str] = mapped_column(String(30), default="")

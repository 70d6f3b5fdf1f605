"""Figures a street or district may see, and when each community's are counted next."""

from datetime import date, datetime

from sqlalchemy import Date, DateTime, Index, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from services.core.db import CommunityRow, Scoped, Swept


class Rollup(Scoped):
    """One figure of one community on one day; `part` splits a metric (a need kind, an urgency) or is empty."""

    __tablename__ = "rollup"

    metric: Mapped[str] = mapped_column(String(40), primary_key=True)
    part: Mapped[str] = mapped_column(String(30), primary_key=True, default="")
    day: Mapped[date] = mapped_column(Date, primary_key=True)
    value: Mapped[int] = mapped_column(Integer)
    computed_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class RollupSchedule(Swept, CommunityRow):
    """When a community's figures are counted next; one row each, and the sweep rings for what is due."""

    __tablename__ = "rollup_schedule"
    __table_args__ = (UniqueConstraint("community_id"), Index("ix_rollup_schedule_next", "next_at"))

    next_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))

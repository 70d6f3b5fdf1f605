"""Figures a street or district may see: counts by community, never rows about people."""

from datetime import date, datetime

from sqlalchemy import Date, DateTime, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from services.core.db import Scoped


class Rollup(Scoped):
    """One figure of one community on one day; `part` splits a metric (a need kind, an urgency) or is empty."""

    __tablename__ = "rollup"

    metric: Mapped[str] = mapped_column(String(40), primary_key=True)
    part: Mapped[str] = mapped_column(String(30), primary_key=True, default="")
    day: Mapped[date] = mapped_column(Date, primary_key=True)
    value: Mapped[int] = mapped_column(Integer)
    computed_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))

"""Projects: what the neighbourhood and its units do together, step by step, with what it takes."""

import uuid
from datetime import date

from sqlalchemy import BigInteger, CheckConstraint, Date, ForeignKey, Index, String, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from services.core.db import CommunityRow, link

# The states of a project that goes on.
LIVING = ("planned", "under_way")


class Project(CommunityRow):
    """Something done together, for which somebody of the office answers.

    `state`: planned → under_way → done, or stopped for a reason. The public page shows it from `published_on` on.
    """

    __tablename__ = "project"
    __table_args__ = (
        Index("ix_project_state", "community_id", "state", "id"),
        CheckConstraint("state in ('planned', 'under_way', 'done', 'stopped')", name="state"),
        CheckConstraint("target_on >= starts_on", name="order"),
    )

    title: Mapped[str] = mapped_column(String(80))
    about: Mapped[str] = mapped_column(String(500), default="")
    theme: Mapped[str] = mapped_column(String(20))
    place: Mapped[str] = mapped_column(String(80), default="")
    lead_id: Mapped[uuid.UUID] = mapped_column(Uuid, ForeignKey("account.id"))
    starts_on: Mapped[date] = mapped_column(Date)
    target_on: Mapped[date] = mapped_column(Date)
    state: Mapped[str] = mapped_column(String(10), default="planned")
    stop_reason: Mapped[str] = mapped_column(String(30), default="")
    ended_on: Mapped[date | None] = mapped_column(Date)
    published_on: Mapped[date | None] = mapped_column(Date)
    created_by: Mapped[uuid.UUID | None] = mapped_column(Uuid)


class ProjectPart(CommunityRow):
    """One thing a project takes: so much of `measure`, as a pledge of that kind counts it."""

    __tablename__ = "project_part"
    __table_args__ = (
        link("project_id", "project"),
        Index("ix_project_part_project", "community_id", "project_id"),
        CheckConstraint("quantity > 0", name="quantity"),
    )

    project_id: Mapped[uuid.UUID] = mapped_column(Uuid)
    kind: Mapped[str] = mapped_column(String(10))
    item: Mapped[str] = mapped_column(String(80))
    measure: Mapped[str] = mapped_column(String(20))
    quantity: Mapped[int] = mapped_column(BigInteger)


class Milestone(CommunityRow):
    """A step of a project with the day it is due; `line` says what came of it."""

    __tablename__ = "milestone"
    __table_args__ = (
        link("project_id", "project"),
        Index("ix_milestone_project", "community_id", "project_id"),
    )

    project_id: Mapped[uuid.UUID] = mapped_column(Uuid)
    title: Mapped[str] = mapped_column(String(80))
    due_on: Mapped[date] = mapped_column(Date)
    done_on: Mapped[date | None] = mapped_column(Date)
    line: Mapped[str] = mapped_column(String(200), default="")

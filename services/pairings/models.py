"""Matching runs, the proposals they make and the pairings that come of them."""

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Date,
    DateTime,
    Float,
    Index,
    Integer,
    String,
    UniqueConstraint,
    Uuid,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from services.core.db import CommunityRow, Swept, link

# A proposal in one of these takes a place on both sides until it is answered.
STANDING = ("offered", "published")


class MatchingRun(Swept, CommunityRow):
    """One computed set of proposals over a snapshot, with its certificate.

    `state`: queued → running → done → published, or failed, or replaced by a later run. `value` and `bound` are exact
    integers kept as text; `proven` says they are equal. `levels` counts households by urgency, covered and not.
    `fairness` says how the work spreads, `advice` whom to look for.
    """

    __tablename__ = "matching_run"

    requested_by: Mapped[uuid.UUID | None] = mapped_column(Uuid)
    state: Mapped[str] = mapped_column(String(10), default="queued")
    started_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    finished_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    published_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    seconds: Mapped[float | None] = mapped_column(Float)
    households: Mapped[int] = mapped_column(Integer, default=0)
    helpers: Mapped[int] = mapped_column(Integer, default=0)
    candidates: Mapped[int] = mapped_column(Integer, default=0)
    covered: Mapped[int] = mapped_column(Integer, default=0)
    value: Mapped[str] = mapped_column(String(80), default="")
    bound: Mapped[str] = mapped_column(String(80), default="")
    proven: Mapped[bool] = mapped_column(Boolean, default=False)
    levels: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
    certificate: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
    left_out: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
    fairness: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
    advice: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, default=list)
    snapshot: Mapped[str] = mapped_column(String(64), default="")
    error: Mapped[str | None] = mapped_column(String(60))


class Proposal(CommunityRow):
    """Helper → household, waiting for staff, helper and household to say yes.

    `state`: draft → published → accepted | declined | lost (somebody else was first) | withdrawn. An offer begins as
    "offered" instead of a draft: the helper has said yes before anybody asked. `terms` are the
    named points of the score. Each side's answer is "yes", "no" or empty, with who gave it and how.
    """

    __tablename__ = "proposal"
    __table_args__ = (
        link("run_id", "matching_run"),
        link("volunteer_id", "volunteer"),
        link("household_id", "household"),
        Index("ix_proposal_household", "community_id", "household_id"),
        Index("ix_proposal_volunteer", "community_id", "volunteer_id"),
        Index(
            "uq_proposal_living",
            "community_id",
            "volunteer_id",
            "household_id",
            unique=True,
            postgresql_where="state in ('draft', 'offered', 'published')",
        ),
    )

    run_id: Mapped[uuid.UUID | None] = mapped_column(Uuid)
    volunteer_id: Mapped[uuid.UUID] = mapped_column(Uuid)
    household_id: Mapped[uuid.UUID] = mapped_column(Uuid)
    kind: Mapped[str] = mapped_column(String(10), default="primary")
    needs: Mapped[list[uuid.UUID]] = mapped_column(ARRAY(Uuid), default=list)
    score: Mapped[int] = mapped_column(Integer, default=0)
    travel: Mapped[int] = mapped_column(Integer, default=0)
    terms: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
    state: Mapped[str] = mapped_column(String(10), default="draft")
    published_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    helper_answer: Mapped[str] = mapped_column(String(5), default="")
    helper_how: Mapped[str] = mapped_column(String(10), default="")
    helper_by: Mapped[uuid.UUID | None] = mapped_column(Uuid)
    helper_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    household_answer: Mapped[str] = mapped_column(String(5), default="")
    household_how: Mapped[str] = mapped_column(String(10), default="")
    household_by: Mapped[uuid.UUID | None] = mapped_column(Uuid)
    household_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    declined_by: Mapped[str] = mapped_column(String(10), default="")
    reason: Mapped[str] = mapped_column(String(30), default="")


class Pairing(CommunityRow):
    """A living helper–household relation, `kind` primary ("one helps one") or supporting ("many to one").

    `ended_on` is the last day. `stop_reason` is why the helper asked to stop, until the office has seen to it.
    """

    __tablename__ = "pairing"
    __table_args__ = (
        link("volunteer_id", "volunteer"),
        link("household_id", "household"),
        link("proposal_id", "proposal"),
        UniqueConstraint("community_id", "proposal_id"),
        Index("ix_pairing_household", "community_id", "household_id"),
        Index(
            "uq_pairing_living",
            "community_id",
            "volunteer_id",
            "household_id",
            unique=True,
            postgresql_where="ended_on is null",
        ),
        Index(
            "uq_pairing_primary",
            "community_id",
            "household_id",
            unique=True,
            postgresql_where="ended_on is null and kind = 'primary'",
        ),
        CheckConstraint("ended_on is null or ended_on >= started_on", name="order"),
    )

    volunteer_id: Mapped[uuid.UUID] = mapped_column(Uuid)
    household_id: Mapped[uuid.UUID] = mapped_column(Uuid)
    proposal_id: Mapped[uuid.UUID | None] = mapped_column(Uuid)
    kind: Mapped[str] = mapped_column(String(10))
    started_on: Mapped[date] = mapped_column(Date)
    ended_on: Mapped[date | None] = mapped_column(Date)
    end_reason: Mapped[str] = mapped_column(String(30), default="")
    stop_reason: Mapped[str] = mapped_column(String(30), default="")


class PairLock(CommunityRow):
    """What the office insists on until it lets go: this helper for this household, or (without a helper) nobody for it.

    The next runs take it as given.
    """

    __tablename__ = "pair_lock"
    __table_args__ = (
        link("household_id", "household"),
        link("volunteer_id", "volunteer"),
        Index(
            "uq_pair_lock_pair",
            "community_id",
            "household_id",
            "volunteer_id",
            unique=True,
            postgresql_where="volunteer_id is not null",
        ),
        Index(
            "uq_pair_lock_left_out",
            "community_id",
            "household_id",
            unique=True,
            postgresql_where="volunteer_id is null",
        ),
    )

    household_id: Mapped[uuid.UUID] = mapped_column(Uuid)
    volunteer_id: Mapped[uuid.UUID | None] = mapped_column(Uuid)

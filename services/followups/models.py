"""Plans, and the follow-ups they make, on any subject."""

import uuid
from datetime import date, datetime, time

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Date,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    String,
    Time,
    UniqueConstraint,
    Uuid,
)
from sqlalchemy.orm import Mapped, mapped_column

from services.core.db import CommunityRow, Sealed, Swept, link, personal


class Plan(CommunityRow):
    """The rule that makes follow-ups of a subject of `subject_kind` once `event` has happened to it.

    The first falls `after_days` after the event's day, later ones by `rule` (an RRULE counted from there; "": once);
    `on_holiday` says what becomes of a day on a holiday or free weekend. `owner` is a role of the subject ("helper")
    or "staff"; reminders go out `remind_days` before the due day, on it and, with `remind_every`, again each so many
    days; `late_days` after it those are told whom `late_to` names.
    """

    __tablename__ = "plan"
    __table_args__ = (
        UniqueConstraint("community_id", "subject_kind", "code"),
        CheckConstraint("on_holiday in ('next', 'previous', 'same', 'skip')", name="on_holiday"),
        CheckConstraint("late_to in ('deputy', 'staff', 'admin')", name="late_to"),
    )

    code: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(60))
    name_en: Mapped[str] = mapped_column(String(60))
    subject_kind: Mapped[str] = mapped_column(String(30))
    event: Mapped[str] = mapped_column(String(30))
    after_days: Mapped[int] = mapped_column(Integer)
    rule: Mapped[str] = mapped_column(String(200), default="")
    on_holiday: Mapped[str] = mapped_column(String(10), default="next")
    owner: Mapped[str] = mapped_column(String(20))
    remind_days: Mapped[int] = mapped_column(Integer, default=1)
    remind_every: Mapped[int | None] = mapped_column(Integer)
    late_days: Mapped[int] = mapped_column(Integer, default=2)
    late_to: Mapped[str] = mapped_column(String(10), default="deputy")
    active: Mapped[bool] = mapped_column(Boolean, default=True)


LIVING = ("open", "reminded", "escalated")


class FollowUp(Swept, CommunityRow):
    """Somebody must do something about a subject by a day.

    `state`: open → reminded → escalated while it lives, then done or closed; a postponed one is open again. An empty
    owner means the community's staff. `anchor_on` is the first day of a recurring plan's series and `planned_on` this
    occurrence's own, both as counted; `due_on` is the working day that became of it, or a later one when postponed.
    `next_at` is when the sweep has to look at it again; empty when there is nothing more to wait for. `escalations`
    counts the weeks since `escalated_at` that have been spoken for. `ended`: the subject is over, no occurrence follows.
    `agreed_at` is the time of that day which two people have agreed on; empty for what a rule made.
    """

    __tablename__ = "follow_up"
    __table_args__ = (
        link("plan_id", "plan"),
        UniqueConstraint("community_id", "plan_id", "subject_id", "occurrence"),
        Index("ix_follow_up_subject", "community_id", "subject_kind", "subject_id"),
        Index("ix_follow_up_owner", "community_id", "owner_id", "due_on"),
        Index("ix_follow_up_next", "community_id", "next_at", postgresql_where="next_at is not null"),
        CheckConstraint("state in ('open', 'reminded', 'escalated', 'done', 'closed')", name="state"),
        CheckConstraint("state not in ('done', 'closed') or next_at is null", name="over"),
    )

    plan_id: Mapped[uuid.UUID] = mapped_column(Uuid)
    occurrence: Mapped[int] = mapped_column(Integer)
    subject_kind: Mapped[str] = mapped_column(String(30))
    subject_id: Mapped[uuid.UUID] = mapped_column(Uuid)
    owner_id: Mapped[uuid.UUID | None] = mapped_column(Uuid, ForeignKey("account.id"))
    deputy_id: Mapped[uuid.UUID | None] = mapped_column(Uuid, ForeignKey("account.id"))
    anchor_on: Mapped[date] = mapped_column(Date)
    planned_on: Mapped[date] = mapped_column(Date)
    due_on: Mapped[date] = mapped_column(Date)
    agreed_at: Mapped[time | None] = mapped_column(Time)
    state: Mapped[str] = mapped_column(String(10), default="open")
    next_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    reminders: Mapped[int] = mapped_column(Integer, default=0)
    postponed: Mapped[int] = mapped_column(Integer, default=0)
    escalated_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    escalations: Mapped[int] = mapped_column(Integer, default=0)
    ended: Mapped[bool] = mapped_column(Boolean, default=False)
    done_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    done_by: Mapped[uuid.UUID | None] = mapped_column(Uuid)


class FollowUpEntry(CommunityRow):
    """One thing that happened to a follow-up: who (nobody when by itself), what, why; append-only.

    `action`: made, moved (by a change of its plan), agreed (on another day by the two concerned), reminded, escalated,
    postponed, handed_over (to the account `to_id`, or the staff), can and cannot (the answer for the day `to_on`),
    taken_back, done, closed.
    """

    __tablename__ = "follow_up_entry"
    __table_args__ = (
        link("follow_up_id", "follow_up"),
        Index("ix_follow_up_entry_follow_up", "community_id", "follow_up_id"),
    )

    follow_up_id: Mapped[uuid.UUID] = mapped_column(Uuid)
    account_id: Mapped[uuid.UUID | None] = mapped_column(Uuid)
    action: Mapped[str] = mapped_column(String(20))
    to_id: Mapped[uuid.UUID | None] = mapped_column(Uuid)
    reason: Mapped[str] = mapped_column(String(30), default="")
    note: Mapped[str | None] = mapped_column(Sealed("follow_up_entry.note"), info=personal("sensitive"))
    from_on: Mapped[date | None] = mapped_column(Date)
    to_on: Mapped[date | None] = mapped_column(Date)


class Absence(CommunityRow):
    """An account is away from `since` until `until`, both days included; `deputy_id` stands in, or the office.

    Nothing is rewritten for it: who is reached is decided when something is due.
    """

    __tablename__ = "absence"
    __table_args__ = (
        Index("ix_absence_account", "community_id", "account_id", "until"),
        Index("ix_absence_deputy", "community_id", "deputy_id", "until"),
        CheckConstraint("since <= until", name="days"),
    )

    account_id: Mapped[uuid.UUID] = mapped_column(Uuid, ForeignKey("account.id"))
    deputy_id: Mapped[uuid.UUID | None] = mapped_column(Uuid, ForeignKey("account.id"))
    since: Mapped[date] = mapped_column(Date)
    until: Mapped[date] = mapped_column(Date)
    cancelled: Mapped[bool] = mapped_column(Boolean, default=False)

"""What happened at a household: the source of service hours."""

import uuid
from datetime import date, datetime

from sqlalchemy import (
    CheckConstraint,
    Date,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    String,
    UniqueConstraint,
    Uuid,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from services.core.db import CommunityRow, Sealed, link, personal


class Visit(CommunityRow):
    """A visit or call by the helper of a pairing. Its minutes count once both sides have confirmed it.

    `kind`: visit, call. `outcome`: well, concern, absent. `state`: noted → confirmed; either may become disputed,
    corrected (another visit names it in `corrects_id`) or withdrawn; an absent household makes an attempt, which
    has no minutes and nobody to confirm it. Each side's confirmation says when, by whom and how: account, link, code, or
    call (a member of staff rang and noted it); for a household that cannot speak for itself also witness (staff asked the person
    named in `witness`). `link_by` handed out the link that was used. `submission` is the
    form's own key, so that a note sent twice is one visit.
    """

    __tablename__ = "visit"
    __table_args__ = (
        link("pairing_id", "pairing"),
        link("follow_up_id", "follow_up"),
        link("corrects_id", "visit"),
        UniqueConstraint("community_id", "submission"),
        UniqueConstraint("community_id", "corrects_id"),
        Index("ix_visit_pairing", "community_id", "pairing_id", "started_at"),
        Index("ix_visit_state", "community_id", "state", "id"),
        CheckConstraint("minutes between 1 and 720 or (outcome = 'absent' and minutes = 0)", name="minutes"),
        CheckConstraint(
            "state in ('noted', 'confirmed', 'attempt', 'disputed', 'corrected', 'withdrawn')", name="state"
        ),
        CheckConstraint(
            "case when outcome = 'absent' then state not in ('noted', 'confirmed') else state <> 'attempt' end",
            name="attempt",
        ),
        CheckConstraint(
            "state <> 'confirmed' or (helper_at is not null and household_at is not null)", name="both_sides"
        ),
        CheckConstraint(
            "household_how not in ('call', 'account', 'witness') or (household_by is not null "
            "and household_by is distinct from noted_by and household_by is distinct from helper_by)",
            name="no_back_door",
        ),
        CheckConstraint("(household_how = 'witness') = (witness is not null)", name="witness"),
    )

    pairing_id: Mapped[uuid.UUID] = mapped_column(Uuid)
    follow_up_id: Mapped[uuid.UUID | None] = mapped_column(Uuid)
    started_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    minutes: Mapped[int] = mapped_column(Integer)
    kind: Mapped[str] = mapped_column(String(10))
    outcome: Mapped[str] = mapped_column(String(10))
    note: Mapped[str | None] = mapped_column(Sealed("visit.note"), info=personal("sensitive"))
    state: Mapped[str] = mapped_column(String(10), default="noted")
    submission: Mapped[uuid.UUID | None] = mapped_column(Uuid)
    noted_by: Mapped[uuid.UUID | None] = mapped_column(Uuid)
    helper_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    helper_by: Mapped[uuid.UUID | None] = mapped_column(Uuid)
    helper_how: Mapped[str] = mapped_column(String(10), default="")
    household_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    household_by: Mapped[uuid.UUID | None] = mapped_column(Uuid)
    household_how: Mapped[str] = mapped_column(String(10), default="")
    witness: Mapped[str | None] = mapped_column(Sealed("visit.witness"), info=personal("name"))
    link_by: Mapped[uuid.UUID | None] = mapped_column(Uuid)
    disputed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    disputed_by: Mapped[uuid.UUID | None] = mapped_column(Uuid)
    disputed_how: Mapped[str] = mapped_column(String(10), default="")
    dispute_reason: Mapped[str] = mapped_column(String(30), default="")
    corrects_id: Mapped[uuid.UUID | None] = mapped_column(Uuid)
    correction_reason: Mapped[str] = mapped_column(String(30), default="")
    closed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    closed_by: Mapped[uuid.UUID | None] = mapped_column(Uuid)


class HouseholdCode(CommunityRow):
    """The six digits a household holds to say yes at the door; kept as an HMAC, so only the household has them.

    `tries` counts wrong entries of the community's day `tries_on`.
    """

    __tablename__ = "household_code"
    __table_args__ = (link("household_id", "household"), UniqueConstraint("community_id", "household_id"))

    household_id: Mapped[uuid.UUID] = mapped_column(Uuid)
    code_key: Mapped[str] = mapped_column(String(64))
    issue: Mapped[int] = mapped_column(Integer, default=1)
    issued_by: Mapped[uuid.UUID | None] = mapped_column(Uuid, ForeignKey("account.id"))
    issued_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    tries: Mapped[int] = mapped_column(Integer, default=0)
    tries_on: Mapped[date | None] = mapped_column(Date)


class Certificate(CommunityRow):
    """A numbered paper over a helper's confirmed minutes from `since` to `until`, both days included.

    `name` is as printed. `visits` are those it counts: it stands as long as each of them still counts. The secret on
    the paper follows from the row's id and is not kept.
    """

    __tablename__ = "certificate"
    __table_args__ = (
        link("volunteer_id", "volunteer"),
        UniqueConstraint("community_id", "number"),
        Index("ix_certificate_volunteer", "community_id", "volunteer_id", "id"),
        CheckConstraint("since <= until", name="days"),
        CheckConstraint("minutes > 0", name="minutes"),
    )

    number: Mapped[str] = mapped_column(String(20))
    volunteer_id: Mapped[uuid.UUID] = mapped_column(Uuid)
    name: Mapped[str] = mapped_column(String(60), info=personal("name"))
    since: Mapped[date] = mapped_column(Date)
    until: Mapped[date] = mapped_column(Date)
    minutes: Mapped[int] = mapped_column(Integer)
    visits: Mapped[list[uuid.UUID]] = mapped_column(ARRAY(Uuid))
    issued_on: Mapped[date] = mapped_column(Date)
    issued_by: Mapped[uuid.UUID | None] = mapped_column(Uuid)

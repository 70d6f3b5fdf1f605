"""Small wishes of households, and who has taken one on."""

import uuid
from datetime import date, datetime

from sqlalchemy import CheckConstraint, Date, DateTime, ForeignKey, Index, Integer, String, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from services.core.db import CommunityRow, Sealed, Swept, link, personal


class Wish(CommunityRow):
    """A household's small wish in a line, worth about so many yuan.

    `state`: asked (by the household itself, not yet seen by the office) → open → claimed → fulfilled (so says who took
    it on) → confirmed, or closed; `close_reason` says why it closed.
    """

    __tablename__ = "wish"
    __table_args__ = (
        link("household_id", "household"),
        Index("ix_wish_household", "community_id", "household_id"),
        Index("ix_wish_state", "community_id", "state", "id"),
        CheckConstraint("worth between 1 and 500", name="worth"),
        CheckConstraint(
            "state in ('asked', 'open', 'claimed', 'fulfilled', 'confirmed', 'closed')", name="state"
        ),
    )

    household_id: Mapped[uuid.UUID] = mapped_column(Uuid)
    kind: Mapped[str] = mapped_column(String(20))
    text: Mapped[str] = mapped_column(Sealed("wish.text"), info=personal("sensitive"))
    worth: Mapped[int | None] = mapped_column(Integer)
    state: Mapped[str] = mapped_column(String(10), default="open")
    close_reason: Mapped[str] = mapped_column(String(30), default="")
    created_by: Mapped[uuid.UUID | None] = mapped_column(Uuid)


class WishClaim(Swept, CommunityRow):
    """Somebody takes a wish on; of one wish there is one claim that was not given back.

    `next_at` is when the claimer is reminded, once. `confirmed_by` is who said that it came: office or household;
    `not_come_on` is when one of them said that it has not, and the claimer was asked to look again.
    """

    __tablename__ = "wish_claim"
    __table_args__ = (
        link("wish_id", "wish"),
        Index(
            "uq_wish_claim_wish",
            "community_id",
            "wish_id",
            unique=True,
            postgresql_where="given_back_on is null",
        ),
        Index("ix_wish_claim_account", "community_id", "account_id", "id"),
        Index("ix_wish_claim_next", "community_id", "next_at", postgresql_where="next_at is not null"),
        CheckConstraint("given_back_on is null or fulfilled_on is null", name="one_end"),
        CheckConstraint("confirmed_on is null or fulfilled_on is not null", name="order"),
    )

    wish_id: Mapped[uuid.UUID] = mapped_column(Uuid)
    account_id: Mapped[uuid.UUID] = mapped_column(Uuid, ForeignKey("account.id"))
    claimed_on: Mapped[date] = mapped_column(Date)
    given_back_on: Mapped[date | None] = mapped_column(Date)
    fulfilled_on: Mapped[date | None] = mapped_column(Date)
    note: Mapped[str | None] = mapped_column(Sealed("wish_claim.note"), info=personal("sensitive"))
    confirmed_on: Mapped[date | None] = mapped_column(Date)
    confirmed_by: Mapped[str] = mapped_column(String(10), default="")
    not_come_on: Mapped[date | None] = mapped_column(Date)
    next_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))

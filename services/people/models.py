"""Accounts, their memberships and roles, one-time tokens and consent."""

import uuid
from datetime import date, datetime

from sqlalchemy import (
    Boolean,
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
from sqlalchemy.orm import Mapped, mapped_column

from services.core import clock
from services.core.db import Base, CommunityRow, Sealed, new_id, personal


class Account(Base):
    """A person's sign-in, seen only by its owner, by the communities it belongs to and by its own sign-in key."""

    __tablename__ = "account"

    id: Mapped[uuid.UUID] = mapped_column(Uuid, primary_key=True, default=new_id)
    name: Mapped[str] = mapped_column(String(60), info=personal("name"))
    phone: Mapped[str | None] = mapped_column(Sealed("account.phone"), info=personal("contact"))
    phone_key: Mapped[str | None] = mapped_column(String(64), unique=True)
    email: Mapped[str | None] = mapped_column(Sealed("account.email"), info=personal("contact"))
    email_key: Mapped[str | None] = mapped_column(String(64), unique=True)
    password_hash: Mapped[str | None] = mapped_column(String(200))
    language: Mapped[str] = mapped_column(String(10), default="zh_Hans")
    big_text: Mapped[bool] = mapped_column(Boolean, default=False)
    active: Mapped[bool] = mapped_column(Boolean, default=True)
    # Raised to sign the account out everywhere.
    epoch: Mapped[int] = mapped_column(Integer, default=0)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=clock.now)


class Membership(CommunityRow):
    """An account's role in a community, from a day until a day (both inclusive; open when `until` is empty)."""

    __tablename__ = "membership"
    __table_args__ = (UniqueConstraint("community_id", "account_id", "role", "since"),)

    account_id: Mapped[uuid.UUID] = mapped_column(Uuid, ForeignKey("account.id"), index=True)
    role: Mapped[str] = mapped_column(String(20))
    since: Mapped[date] = mapped_column(Date)
    until: Mapped[date | None] = mapped_column(Date)


class RegionRole(Base):
    """An account's office in a region: an official of a street or district, or the installation's operator."""

    __tablename__ = "region_role"
    __table_args__ = (UniqueConstraint("account_id", "region_id", "role"),)

    id: Mapped[uuid.UUID] = mapped_column(Uuid, primary_key=True, default=new_id)
    account_id: Mapped[uuid.UUID] = mapped_column(Uuid, ForeignKey("account.id"), index=True)
    region_id: Mapped[int] = mapped_column(ForeignKey("region.id"))
    role: Mapped[str] = mapped_column(String(20))


class Token(CommunityRow):
    """A secret link or code, stored as a digest: an invitation, a household's answer without a sign-in, a calendar.

    It opens until `used_at`: when it was used up, or switched off if it opens more than once.
    """

    __tablename__ = "token"
    __table_args__ = (UniqueConstraint("community_id", "digest"),)

    purpose: Mapped[str] = mapped_column(String(30))
    subject_kind: Mapped[str] = mapped_column(String(30))
    subject_id: Mapped[uuid.UUID] = mapped_column(Uuid)
    digest: Mapped[str] = mapped_column(String(64))
    expires_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    used_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    created_by: Mapped[uuid.UUID | None] = mapped_column(Uuid)


class Consent(CommunityRow):
    """What somebody agreed to, for one purpose, until withdrawn; `evidence` says how it was given."""

    __tablename__ = "consent"
    __table_args__ = (
        Index("ix_consent_subject", "community_id", "subject_kind", "subject_id"),
        CheckConstraint("withdrawn_on is null or withdrawn_on >= given_on", name="order"),
    )

    subject_kind: Mapped[str] = mapped_column(String(30))
    subject_id: Mapped[uuid.UUID] = mapped_column(Uuid)
    purpose: Mapped[str] = mapped_column(String(30))
    given_on: Mapped[date] = mapped_column(Date)
    withdrawn_on: Mapped[date | None] = mapped_column(Date)
    evidence: Mapped[str] = mapped_column(String(30))

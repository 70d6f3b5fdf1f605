"""Helpers: their profile, skills, papers and limits."""

import uuid
from datetime import date
from decimal import Decimal

from sqlalchemy import (
    CheckConstraint,
    Date,
    ForeignKey,
    Index,
    Integer,
    Numeric,
    String,
    UniqueConstraint,
    Uuid,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column, validates

from services.core.db import CommunityRow, Sealed, Week, link, personal
from services.people import name_keys


class Volunteer(CommunityRow):
    """A helper's profile in one community.

    `week` is when he can come, `hours` how many hours a week (None: not said), `places` how many households he
    takes, `reach` how far he goes in metres (None: anywhere here). `limits` are circumstances he cannot work in
    (dog, man_living_alone).

    `state`: pending (registered himself and not yet seen by the office), active, paused, left, declined, merged (put together with
    another profile of the same person, which goes on). Only an
    active helper is matched. Until the office has agreed, a typed phone number proves nothing: a pending or
    declined profile has no claim on it (`phone_key` is unique among the others only).
    """

    __tablename__ = "volunteer"
    __table_args__ = (
        link("building_id", "building"),
        UniqueConstraint("community_id", "account_id"),
        Index(
            "uq_volunteer_phone_key",
            "community_id",
            "phone_key",
            unique=True,
            postgresql_where="state not in ('pending', 'declined', 'merged')",
        ),
        Index("ix_volunteer_name", "community_id", "name"),
        Index("ix_volunteer_tail_key", "community_id", "tail_key"),
        Index("ix_volunteer_name_keys", "community_id", postgresql_include=["id", "name_keys", "state"]),
        CheckConstraint("places between 0 and 50", name="places"),
    )

    account_id: Mapped[uuid.UUID | None] = mapped_column(Uuid, ForeignKey("account.id"))
    name: Mapped[str] = mapped_column(String(60), info=personal("name"))
    name_keys: Mapped[str] = mapped_column(String(name_keys.LONGEST), default="", info=personal("name"))
    gender: Mapped[str] = mapped_column(String(10), default="")
    birthday: Mapped[str | None] = mapped_column(Sealed("volunteer.birthday"), info=personal("sensitive"))
    phone: Mapped[str | None] = mapped_column(Sealed("volunteer.phone"), info=personal("contact"))
    phone_key: Mapped[str | None] = mapped_column(String(64))
    tail_key: Mapped[str | None] = mapped_column(String(64))
    building_id: Mapped[uuid.UUID | None] = mapped_column(Uuid, info=personal("place"))
    party: Mapped[str] = mapped_column(String(20), default="")
    party_kind: Mapped[str] = mapped_column(String(20), default="")
    employer: Mapped[str] = mapped_column(String(60), default="")
    languages: Mapped[list[str]] = mapped_column(ARRAY(String), default=list)
    week: Mapped[int] = mapped_column(Week, default=0)
    hours: Mapped[Decimal | None] = mapped_column(Numeric(4, 1))
    places: Mapped[int] = mapped_column(Integer, default=1)
    reach: Mapped[int | None] = mapped_column(Integer)
    limits: Mapped[list[str]] = mapped_column(ARRAY(String), default=list)
    note: Mapped[str | None] = mapped_column(Sealed("volunteer.note"), info=personal("sensitive"))
    registered_on: Mapped[date] = mapped_column(Date)
    state: Mapped[str] = mapped_column(String(10), default="active")
    version: Mapped[int] = mapped_column(Integer, default=1)

    __mapper_args__ = {"version_id_col": version}

    @validates("name")
    def _name(self, _column: str, name: str) -> str:
        self.name_keys = name_keys.keys_of(name or "")
        return name


class VolunteerSkill(CommunityRow):
    """A skill a helper holds, at level 1 (can), 2 (well) or 3 (trained)."""

    __tablename__ = "volunteer_skill"
    __table_args__ = (
        link("volunteer_id", "volunteer"),
        UniqueConstraint("community_id", "volunteer_id", "skill"),
    )

    volunteer_id: Mapped[uuid.UUID] = mapped_column(Uuid)
    skill: Mapped[str] = mapped_column(String(30))
    level: Mapped[int] = mapped_column(Integer, default=1)


class Credential(CommunityRow):
    """A paper somebody showed: a first-aid card, a clean record; valid to and including `expires_on`."""

    __tablename__ = "credential"
    __table_args__ = (
        link("volunteer_id", "volunteer"),
        UniqueConstraint("community_id", "volunteer_id", "kind"),
    )

    volunteer_id: Mapped[uuid.UUID] = mapped_column(Uuid)
    kind: Mapped[str] = mapped_column(String(30))
    issued_on: Mapped[date | None] = mapped_column(Date)
    expires_on: Mapped[date | None] = mapped_column(Date)


class Exclusion(CommunityRow):
    """Households a helper must not be paired with, as the office writes it: a surname in a building, any estate."""

    __tablename__ = "exclusion"
    __table_args__ = (
        link("volunteer_id", "volunteer"),
        UniqueConstraint("community_id", "volunteer_id", "building", "surname"),
    )

    volunteer_id: Mapped[uuid.UUID] = mapped_column(Uuid)
    building: Mapped[str] = mapped_column(String(20), default="", info=personal("place"))
    surname: Mapped[str] = mapped_column(String(10), info=personal("name"))

"""The helped: households, who lives there, what they lack."""

import uuid
from datetime import date
from decimal import Decimal

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Date,
    ForeignKey,
    Index,
    Integer,
    Numeric,
    String,
    Uuid,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column, validates

from services.core.db import CommunityRow, Sealed, SealedJSON, Week, link, personal
from services.people import name_keys


class Household(CommunityRow):
    """A household at a door. `state`: active, moved, deceased, closed, merged (another row of the same household goes on).

    `door_key` finds a door again without opening it, and one active household lives behind it. `categories` are
    catalogue codes, found again by `category_keys`; `circumstances` are what a helper may be unable to work with
    (dog, man_living_alone); `gender_wish` asks for a helper of one gender; `places` is how many helpers may serve
    it ("many to one").
    """

    __tablename__ = "household"
    __table_args__ = (
        link("building_id", "building"),
        Index(
            "uq_household_door_key",
            "community_id",
            "door_key",
            unique=True,
            postgresql_where="state = 'active'",
        ),
        Index("ix_household_name", "community_id", "name"),
        Index("ix_household_phone_key", "community_id", "phone_key"),
        Index("ix_household_tail_key", "community_id", "tail_key"),
        # The register reads a community's keys from the index alone.
        Index("ix_household_name_keys", "community_id", postgresql_include=["id", "name_keys", "state"]),
        CheckConstraint("places between 1 and 20", name="places"),
    )

    name: Mapped[str] = mapped_column(String(60), info=personal("name"))
    name_keys: Mapped[str] = mapped_column(String(name_keys.LONGEST), default="", info=personal("name"))
    account_id: Mapped[uuid.UUID | None] = mapped_column(Uuid, ForeignKey("account.id"))
    building_id: Mapped[uuid.UUID] = mapped_column(Uuid, info=personal("place"))
    entrance: Mapped[str] = mapped_column(String(20), default="", info=personal("place"))
    door: Mapped[str] = mapped_column(Sealed("household.door"), info=personal("door"))
    door_key: Mapped[str] = mapped_column(String(64))
    phone: Mapped[str | None] = mapped_column(Sealed("household.phone"), info=personal("contact"))
    phone_key: Mapped[str | None] = mapped_column(String(64))
    tail_key: Mapped[str | None] = mapped_column(String(64))
    people: Mapped[int | None] = mapped_column(Integer)
    categories: Mapped[list[str]] = mapped_column(
        SealedJSON("household.categories"), info=personal("sensitive")
    )
    category_keys: Mapped[list[str]] = mapped_column(ARRAY(String), default=list)
    languages: Mapped[list[str]] = mapped_column(ARRAY(String), default=list)
    circumstances: Mapped[list[str]] = mapped_column(ARRAY(String), default=list)
    gender_wish: Mapped[str] = mapped_column(String(10), default="")
    note: Mapped[str | None] = mapped_column(Sealed("household.note"), info=personal("sensitive"))
    places: Mapped[int] = mapped_column(Integer, default=1)
    state: Mapped[str] = mapped_column(String(10), default="active")
    version: Mapped[int] = mapped_column(Integer, default=1)

    __mapper_args__ = {"version_id_col": version}

    @validates("name")
    def _name(self, _column: str, name: str) -> str:
        self.name_keys = name_keys.keys_of(name or "")
        return name


class Resident(CommunityRow):
    """Somebody who lives in a household; `head` is the person the ledger names."""

    __tablename__ = "resident"
    __table_args__ = (
        link("household_id", "household"),
        Index("ix_resident_household", "community_id", "household_id"),
        Index(
            "ix_resident_name_keys", "community_id", postgresql_include=["household_id", "name_keys", "head"]
        ),
    )

    household_id: Mapped[uuid.UUID] = mapped_column(Uuid)
    name: Mapped[str] = mapped_column(String(60), info=personal("name"))
    name_keys: Mapped[str] = mapped_column(String(name_keys.LONGEST), default="", info=personal("name"))
    gender: Mapped[str] = mapped_column(String(10), default="")
    birthday: Mapped[str | None] = mapped_column(Sealed("resident.birthday"), info=personal("sensitive"))
    head: Mapped[bool] = mapped_column(Boolean, default=False)

    @validates("name")
    def _name(self, _column: str, name: str) -> str:
        self.name_keys = name_keys.keys_of(name or "")
        return name


class Need(CommunityRow):
    """What a household lacks. `kind` is a catalogue skill; `hours` and `times` are per week (or in all, when
    `once`); `week` is when it suits (None: any time); `urgency` 1 (can wait) to 5 (now).

    `state`: asked (by the household itself, not yet seen by the office), open, met, closed; `close_reason` says why it closed.
    """

    __tablename__ = "need"
    __table_args__ = (
        link("household_id", "household"),
        Index("ix_need_household", "community_id", "household_id"),
        CheckConstraint("urgency between 1 and 5", name="urgency"),
    )

    household_id: Mapped[uuid.UUID] = mapped_column(Uuid)
    kind: Mapped[str] = mapped_column(String(30))
    hours: Mapped[Decimal | None] = mapped_column(Numeric(4, 1))
    times: Mapped[int | None] = mapped_column(Integer)
    once: Mapped[bool] = mapped_column(Boolean, default=False)
    week: Mapped[int | None] = mapped_column(Week)
    urgency: Mapped[int] = mapped_column(Integer, default=3)
    state: Mapped[str] = mapped_column(String(10), default="open")
    met_on: Mapped[date | None] = mapped_column(Date)
    close_reason: Mapped[str] = mapped_column(String(30), default="")

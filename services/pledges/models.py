"""Co-building units, what they pledge, and the ledger of what became of it."""

import uuid
from datetime import date, datetime

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Date,
    DateTime,
    ForeignKey,
    Identity,
    Index,
    String,
    UniqueConstraint,
    Uuid,
)
from sqlalchemy.dialects.postgresql import ARRAY, TSTZRANGE, ExcludeConstraint, Range
from sqlalchemy.orm import Mapped, mapped_column

from services.core.db import CommunityRow, Scoped, Sealed, SealedBytes, Swept, Week, link, personal


class Unit(CommunityRow):
    """A co-building organisation: enterprise, school, village, agency, social organisation or shop.

    `area` is what it works on, in a line; `hopes` are the kinds of benefit it hopes for in return, `wish` says more.
    """

    __tablename__ = "unit"
    __table_args__ = (UniqueConstraint("community_id", "name"),)

    name: Mapped[str] = mapped_column(String(80))
    kind: Mapped[str] = mapped_column(String(20))
    area: Mapped[str] = mapped_column(String(80), default="")
    hopes: Mapped[list[str]] = mapped_column(ARRAY(String), default=list)
    wish: Mapped[str] = mapped_column(String(200), default="")
    state: Mapped[str] = mapped_column(String(10), default="active")


class UnitPerson(CommunityRow):
    """Somebody who speaks for a unit, with an account or only a phone. An account speaks for one unit."""

    __tablename__ = "unit_person"
    __table_args__ = (
        link("unit_id", "unit"),
        UniqueConstraint("community_id", "account_id"),
        Index("ix_unit_person_unit", "community_id", "unit_id"),
    )

    unit_id: Mapped[uuid.UUID] = mapped_column(Uuid)
    account_id: Mapped[uuid.UUID | None] = mapped_column(Uuid, ForeignKey("account.id"))
    name: Mapped[str] = mapped_column(String(60), info=personal("name"))
    phone: Mapped[str | None] = mapped_column(Sealed("unit_person.phone"), info=personal("contact"))
    phone_key: Mapped[str | None] = mapped_column(String(64))

    @property
    def signs_in(self) -> bool:
        """Whether this person has an account here."""
        return self.account_id is not None


class Pledge(Swept, CommunityRow):
    """A unit's promise. Quantities are whole numbers of `measure`: fen ("CNY"), minutes ("minute"), else pieces.

    `kind`: goods, money, venue, hours, service. `period` is empty for a quantity in all, or day, week, month,
    quarter or year for one that renews; a venue renews weekly by the minutes of `week`. What became of each
    period's quantity is its `Balance`. `state`: open, withdrawn (what was free is taken back, nothing new is given).
    `next_at` is when the sweep looks whether its end is to be settled; empty when there is nothing to wait for.
    """

    __tablename__ = "pledge"
    __table_args__ = (
        link("unit_id", "unit"),
        Index("ix_pledge_unit", "community_id", "unit_id"),
        Index("ix_pledge_next", "community_id", "next_at", postgresql_where="next_at is not null"),
        CheckConstraint("promised > 0", name="promised"),
        CheckConstraint("ends_on is null or ends_on >= starts_on", name="order"),
    )

    unit_id: Mapped[uuid.UUID] = mapped_column(Uuid)
    kind: Mapped[str] = mapped_column(String(10))
    item: Mapped[str] = mapped_column(String(80))
    need_kind: Mapped[str] = mapped_column(String(30), default="")
    theme: Mapped[str] = mapped_column(String(20), default="")
    measure: Mapped[str] = mapped_column(String(20))
    period: Mapped[str] = mapped_column(String(10), default="")
    promised: Mapped[int] = mapped_column(BigInteger)
    week: Mapped[int | None] = mapped_column(Week)
    starts_on: Mapped[date] = mapped_column(Date)
    ends_on: Mapped[date | None] = mapped_column(Date)
    conditions: Mapped[str] = mapped_column(String(200), default="")
    state: Mapped[str] = mapped_column(String(10), default="open")
    created_by: Mapped[uuid.UUID | None] = mapped_column(Uuid)
    next_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class Balance(CommunityRow):
    """What became of a pledge's quantity in one period, which begins on `starts_on`.

    One row for a quantity in all; for a renewing pledge one for each period that somebody touched. Every
    number is the sum of its movements, and the database keeps each of them from falling below zero.
    """

    __tablename__ = "balance"
    __table_args__ = (
        link("pledge_id", "pledge"),
        UniqueConstraint("community_id", "pledge_id", "starts_on"),
        CheckConstraint(
            "free >= 0 and reserved >= 0 and delivered >= 0 and withdrawn >= 0 and written_off >= 0",
            name="not_negative",
        ),
        CheckConstraint("free + reserved + delivered + withdrawn + written_off = promised", name="whole"),
    )

    pledge_id: Mapped[uuid.UUID] = mapped_column(Uuid)
    starts_on: Mapped[date] = mapped_column(Date)
    promised: Mapped[int] = mapped_column(BigInteger, default=0)
    free: Mapped[int] = mapped_column(BigInteger, default=0)
    reserved: Mapped[int] = mapped_column(BigInteger, default=0)
    delivered: Mapped[int] = mapped_column(BigInteger, default=0)
    withdrawn: Mapped[int] = mapped_column(BigInteger, default=0)
    written_off: Mapped[int] = mapped_column(BigInteger, default=0)


class Allocation(CommunityRow):
    """Part of a pledge reserved for a household's need or a project, out of the balance of the period `planned_on` falls in.

    `state`: reserved (until all of it has come) → delivered, or released. A unit may offer it by itself: then it is
    "offered" and binds nothing until the office reserves it. A venue's has `during`, and two never overlap.
    """

    __tablename__ = "allocation"
    __table_args__ = (
        link("pledge_id", "pledge"),
        link("balance_id", "balance"),
        link("need_id", "need"),
        link("household_id", "household"),
        link("project_id", "project"),
        link("part_id", "project_part"),
        Index("ix_allocation_pledge", "community_id", "pledge_id"),
        Index("ix_allocation_household", "community_id", "household_id"),
        Index("ix_allocation_project", "community_id", "project_id"),
        CheckConstraint("quantity > 0", name="quantity"),
        CheckConstraint("(household_id is null) <> (project_id is null)", name="one_end"),
        CheckConstraint(
            "(need_id is null or household_id is not null) and (part_id is null or project_id is not null)",
            name="own_end",
        ),
        ExcludeConstraint(
            ("community_id", "="),
            ("pledge_id", "="),
            ("during", "&&"),
            name="ex_allocation_during",
            using="gist",
            where="during is not null and state <> 'released'",
        ),
    )

    pledge_id: Mapped[uuid.UUID] = mapped_column(Uuid)
    balance_id: Mapped[uuid.UUID] = mapped_column(Uuid)
    household_id: Mapped[uuid.UUID | None] = mapped_column(Uuid)
    need_id: Mapped[uuid.UUID | None] = mapped_column(Uuid)
    project_id: Mapped[uuid.UUID | None] = mapped_column(Uuid)
    part_id: Mapped[uuid.UUID | None] = mapped_column(Uuid)
    quantity: Mapped[int] = mapped_column(BigInteger)
    during: Mapped[Range[datetime] | None] = mapped_column(TSTZRANGE)
    planned_on: Mapped[date] = mapped_column(Date)
    state: Mapped[str] = mapped_column(String(10), default="reserved")
    created_by: Mapped[uuid.UUID | None] = mapped_column(Uuid)


class Delivery(CommunityRow):
    """An allocation, or a part of it, handed over and signed by the receiver; `signature` is the pen's strokes on the screen.

    `quantity` is what came this time. `how`: screen (drawn), typed, link, account, paper. Of a paper there may be a
    picture or scan, `paper_copy`; `paper_type` is its media type, "" without one.
    """

    __tablename__ = "delivery"
    __table_args__ = (
        link("allocation_id", "allocation"),
        Index("ix_delivery_allocation", "community_id", "allocation_id"),
        CheckConstraint("quantity > 0", name="quantity"),
        CheckConstraint("(paper_copy is null) = (paper_type = '')", name="paper"),
    )

    allocation_id: Mapped[uuid.UUID] = mapped_column(Uuid)
    quantity: Mapped[int] = mapped_column(BigInteger)
    delivered_on: Mapped[date] = mapped_column(Date)
    receiver: Mapped[str] = mapped_column(Sealed("delivery.receiver"), info=personal("name"))
    signature: Mapped[str | None] = mapped_column(Sealed("delivery.signature"), info=personal("sensitive"))
    how: Mapped[str] = mapped_column(String(10))
    paper_copy: Mapped[bytes | None] = mapped_column(
        SealedBytes("delivery.paper_copy"), deferred=True, info=personal("sensitive")
    )
    paper_type: Mapped[str] = mapped_column(String(20), default="")
    noted_by: Mapped[uuid.UUID | None] = mapped_column(Uuid)


class Movement(Scoped):
    """One append-only entry of a balance: pledged, reserved, released, delivered, returned, withdrawn or written off."""

    __tablename__ = "movement"
    __table_args__ = (
        link("pledge_id", "pledge"),
        link("balance_id", "balance"),
        link("allocation_id", "allocation"),
        Index("ix_movement_pledge", "community_id", "pledge_id"),
        CheckConstraint("quantity > 0", name="quantity"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    pledge_id: Mapped[uuid.UUID] = mapped_column(Uuid)
    balance_id: Mapped[uuid.UUID] = mapped_column(Uuid)
    allocation_id: Mapped[uuid.UUID | None] = mapped_column(Uuid)
    kind: Mapped[str] = mapped_column(String(12))
    quantity: Mapped[int] = mapped_column(BigInteger)
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    account_id: Mapped[uuid.UUID | None] = mapped_column(Uuid)
    reason: Mapped[str] = mapped_column(String(30), default="")


class Benefit(CommunityRow):
    """One append-only entry of what the community gave a unit in return.

    An entry made by mistake is taken back by one that says the same again and `counters` it; of those there is one at most.
    """

    __tablename__ = "benefit"
    __table_args__ = (
        link("unit_id", "unit"),
        link("counters", "benefit"),
        UniqueConstraint("community_id", "counters"),
        Index("ix_benefit_unit", "community_id", "unit_id"),
    )

    unit_id: Mapped[uuid.UUID] = mapped_column(Uuid)
    kind: Mapped[str] = mapped_column(String(20))
    line: Mapped[str] = mapped_column(String(200), default="")
    given_on: Mapped[date] = mapped_column(Date)
    counters: Mapped[uuid.UUID | None] = mapped_column(Uuid)
    account_id: Mapped[uuid.UUID | None] = mapped_column(Uuid)


class UnitPairing(CommunityRow):
    """A unit looks after a household or a project, or the community as a whole; the office keeps contact by `rhythm`.

    `rhythm`: monthly, quarterly, half_yearly. Of a household a unit learns nothing by it.
    """

    __tablename__ = "unit_pairing"
    __table_args__ = (
        link("unit_id", "unit"),
        link("household_id", "household"),
        Index("ix_unit_pairing_unit", "community_id", "unit_id"),
        link("project_id", "project"),
        Index("ix_unit_pairing_household", "community_id", "household_id"),
        Index("ix_unit_pairing_project", "community_id", "project_id"),
        CheckConstraint("household_id is null or project_id is null", name="one_end"),
        CheckConstraint("ended_on is null or ended_on >= started_on", name="order"),
    )

    unit_id: Mapped[uuid.UUID] = mapped_column(Uuid)
    household_id: Mapped[uuid.UUID | None] = mapped_column(Uuid)
    project_id: Mapped[uuid.UUID | None] = mapped_column(Uuid)
    rhythm: Mapped[str] = mapped_column(String(20))
    started_on: Mapped[date] = mapped_column(Date)
    ended_on: Mapped[date | None] = mapped_column(Date)
    end_reason: Mapped[str] = mapped_column(String(30), default="")
    created_by: Mapped[uuid.UUID | None] = mapped_column(Uuid)

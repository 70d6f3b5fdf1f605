"""The region tree, the communities under it and the buildings of a community."""

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Float,
    ForeignKey,
    Identity,
    Integer,
    String,
    UniqueConstraint,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from services.core.db import Base, CommunityRow, Scoped


class Region(Base):
    """A node of the tree city → district → street; `path` lists the ids from the root: "1.4.9."."""

    __tablename__ = "region"

    id: Mapped[int] = mapped_column(Integer, Identity(), primary_key=True)
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("region.id"))
    kind: Mapped[str] = mapped_column(String(10))
    name: Mapped[str] = mapped_column(String(60))
    name_en: Mapped[str] = mapped_column(String(60))
    path: Mapped[str] = mapped_column(String(200), default="")


class Community(Base):
    """A tenant. `code` is its part of every address; the totals are what the office states for itself."""

    __tablename__ = "community"
    __table_args__ = (CheckConstraint("messages_a_minute between 1 and 10000", name="messages_a_minute"),)

    id: Mapped[int] = mapped_column(Integer, Identity(), primary_key=True)
    street_id: Mapped[int] = mapped_column(ForeignKey("region.id"))
    code: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(60))
    name_en: Mapped[str] = mapped_column(String(60))
    zone: Mapped[str] = mapped_column(String(40), default="Asia/Shanghai")
    estates: Mapped[list[str]] = mapped_column(ARRAY(String), default=list)
    households_total: Mapped[int] = mapped_column(Integer, default=0)
    people_total: Mapped[int] = mapped_column(Integer, default=0)
    floating_total: Mapped[int] = mapped_column(Integer, default=0)
    messages_a_minute: Mapped[int] = mapped_column(Integer, default=300)


class Building(CommunityRow):
    """A building of an estate. `x`, `y` are metres on the community's own plane; unknown until placed."""

    __tablename__ = "building"
    __table_args__ = (UniqueConstraint("community_id", "estate", "number"),)

    estate: Mapped[str] = mapped_column(String(60), default="")
    number: Mapped[str] = mapped_column(String(20))
    x: Mapped[float | None] = mapped_column(Float)
    y: Mapped[float | None] = mapped_column(Float)


class CatalogueTerm(Scoped):
    """What a community changed in the word list `which`: an entry's names and further words, or one of its own.

    Names are empty where they are as Linli came with them. `catalogue` puts both together.
    """

    __tablename__ = "catalogue_term"

    which: Mapped[str] = mapped_column(String(20), primary_key=True)
    code: Mapped[str] = mapped_column(String(30), primary_key=True)
    name: Mapped[str] = mapped_column(String(20), default="")
    name_en: Mapped[str] = mapped_column(String(60), default="")
    words: Mapped[list[str]] = mapped_column(ARRAY(String), default=list)
    hidden: Mapped[bool] = mapped_column(Boolean, default=False)

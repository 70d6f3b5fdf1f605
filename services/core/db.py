"""The database session, the two bases every table stands on, and the one `transaction()`.

Global tables derive from `Base`; every table of a community from `Scoped`, most from
`CommunityRow`, which gives `(community_id, id)` as the key. Links inside a community are composite (`link`), so a row can never point
into another community.
"""

import base64
import json
import uuid
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import uuid_utils.compat
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import (
    ARRAY,
    ColumnElement,
    DateTime,
    ForeignKey,
    ForeignKeyConstraint,
    Integer,
    LargeBinary,
    MetaData,
    TypeDecorator,
    Uuid,
    any_,
    literal,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from services.core import clock, crypto

PERSONAL_CLASSES = ("name", "place", "contact", "door", "sensitive")


class Base(DeclarativeBase):
    """A table without a community: regions, communities, accounts."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


db = SQLAlchemy(
    model_class=Base,
    disable_autonaming=True,
    # Bound to an engine this is the usual transaction; bound to a test's connection, a savepoint inside it.
    session_options={"expire_on_commit": False, "join_transaction_mode": "create_savepoint"},
)


def new_id() -> uuid.UUID:
    """A fresh UUIDv7: one id for row, address and API."""
    return uuid_utils.compat.uuid7()


class Scoped(Base):
    """A table of a community. `community_id` is filled from the session's scope at flush."""

    __abstract__ = True

    community_id: Mapped[int] = mapped_column(
        Integer, ForeignKey("community.id"), primary_key=True, sort_order=-9
    )


class CommunityRow(Scoped):
    """A row of one community, known everywhere by one id. Pure ledgers stand on `Scoped` and count instead."""

    __abstract__ = True

    id: Mapped[uuid.UUID] = mapped_column(Uuid, primary_key=True, default=new_id, sort_order=-8)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=clock.now, sort_order=9)


class Swept:
    """What the sweep needs of a table: until when a row is claimed, and how often its job has failed in a row."""

    lease_until: Mapped[datetime | None] = mapped_column(DateTime(timezone=True), sort_order=7)
    attempts: Mapped[int] = mapped_column(Integer, default=0, sort_order=8)


def link(column: str, table: str) -> ForeignKeyConstraint:
    """The composite foreign key from `column` to a row of `table` in the same community."""
    return ForeignKeyConstraint(["community_id", column], [f"{table}.community_id", f"{table}.id"])


def among(column: Any, ids: Collection[uuid.UUID]) -> ColumnElement[bool]:
    """`column` is one of `ids`, as one value: a list of many costs more to write than to answer."""
    return column == any_(literal(list(ids), ARRAY(Uuid)))


class Sealed(TypeDecorator):
    """Text encrypted at rest; `column` ("table.column") is bound into the ciphertext."""

    impl = LargeBinary
    cache_ok = True

    def __init__(self, column: str) -> None:
        super().__init__()
        self.column = column

    def process_bind_param(self, value: str | None, dialect: Any) -> bytes | None:
        return None if value is None else crypto.seal(value, self.column)

    def process_result_value(self, value: bytes | None, dialect: Any) -> str | None:
        return None if value is None else crypto.unseal(bytes(value), self.column)


class SealedBytes(Sealed):
    """A file encrypted at rest."""

    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Any) -> bytes | None:
        return None if value is None else crypto.seal(base64.b64encode(value).decode(), self.column)

    def process_result_value(self, value: bytes | None, dialect: Any) -> Any:
        return None if value is None else base64.b64decode(crypto.unseal(bytes(value), self.column))


class SealedJSON(Sealed):
    """A JSON value encrypted at rest."""

    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Any) -> bytes | None:
        return None if value is None else crypto.seal(json.dumps(value, ensure_ascii=False), self.column)

    def process_result_value(self, value: bytes | None, dialect: Any) -> Any:
        return None if value is None else json.loads(crypto.unseal(bytes(value), self.column))


class Week(TypeDecorator):
    """A week of 336 half-hours as an int (bit 0 is Monday 00:00), kept as 42 bytes."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: int | None, dialect: Any) -> bytes | None:
        return None if value is None else value.to_bytes(42, "little")

    def process_result_value(self, value: bytes | None, dialect: Any) -> int | None:
        return None if value is None else int.from_bytes(value, "little")


def personal(kind: str) -> dict[str, str]:
    """Column `info` that declares the class of personal data the column holds."""
    if kind not in PERSONAL_CLASSES:
        raise ValueError(kind)
    return {"personal": kind}


@contextmanager
def transaction() -> Iterator[None]:
    """The edge's one transaction: commits when the block returns, rolls back when it raises."""
    try:
        yield
        db.session.commit()
    except BaseException:
        db.session.rollback()
        raise

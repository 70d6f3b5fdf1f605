"""Whose rows this session may touch: the first of two independent layers (the other is row-level security).

A session serves one community. `enter` says which; every transaction then tells PostgreSQL by `SET LOCAL`,
and every ORM statement on a community's table gets an explicit `community_id = …` or is refused.
"""

import re
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

from sqlalchemy import Table, event
from sqlalchemy.engine import Connection
from sqlalchemy.orm import (
    LoaderCriteriaOption,
    ORMExecuteState,
    Session,
    SessionTransaction,
    UOWTransaction,
    with_loader_criteria,
)
from sqlalchemy.sql import visitors

from services.core.db import Base, Scoped, db

SETTINGS = ("community_id", "account_id", "region_id", "sign_in")
# What may be read beside the community's own rows, and by which other identity of the session.
ACROSS = {"account_id": {"membership"}, "region_id": {"rollup"}}


class ScopeError(RuntimeError):
    """A query on a community's rows without a community, or with two."""


def _current() -> dict[str, str]:
    return db.session().info.setdefault("linli", {})


def _tell(connection: Connection, values: dict[str, str]) -> None:
    # Literal SET LOCAL: it dies with the transaction, passes every pooler, and Citus propagates it.
    # The values were checked by `_set`.
    statements = [f"SET LOCAL linli.{name} = '{values.get(name, '')}'" for name in SETTINGS]
    connection.exec_driver_sql("; ".join(statements))


@contextmanager
def aside() -> Iterator[Connection]:
    """A short transaction of its own beside the session's, for the same community: what it writes is seen at once."""
    with db.engine.begin() as connection:
        _tell(connection, _current())
        yield connection


def _set(name: str, value: int | uuid.UUID | str | None) -> None:
    text = "" if value is None else str(value)
    if not re.fullmatch(r"[0-9a-f-]*", text):
        raise ScopeError(f"{name} is not an id")
    _current()[name] = text
    session = db.session()
    if session.in_transaction():
        _tell(session.connection(), _current())


def community_id() -> int | None:
    """The community this session serves, or None."""
    text = _current().get("community_id", "")
    return int(text) if text else None


def serving() -> int | None:
    """The community a session serves; None also where there is no session at all."""
    try:
        return community_id()
    except RuntimeError:  # outside an application, as where a cell is read by itself
        return None


def memory() -> dict[str, Any]:
    """What was looked up for the community this session serves; forgotten when it leaves."""
    return db.session().info.setdefault("linli memory", {})


def enter(community: int) -> None:
    """Serve `community` from now on. Raises ScopeError when the session serves another one."""
    if community_id() not in (None, community):
        raise ScopeError("one session serves one community")
    _set("community_id", int(community))


def leave() -> None:
    """Forget everything loaded and whose it was; for edges that go through several communities in turn."""
    session = db.session()
    if session.new or session.dirty or session.deleted:
        raise ScopeError("unsaved changes would cross into another community")
    session.expunge_all()
    memory().clear()
    _current().clear()
    if session.in_transaction():
        _tell(session.connection(), {})


@contextmanager
def identity(name: str, value: int | uuid.UUID | str) -> Iterator[None]:
    """Be this account ("account_id"), region ("region_id") or sign-in key ("sign_in") inside the block."""
    before = _current().get(name)
    _set(name, value)
    try:
        yield
    finally:
        if db.session().is_active:
            db.session.flush()
            _set(name, before)
        else:
            _current()[name] = before or ""


def be_account(account_id: uuid.UUID | None) -> None:
    """This session acts for `account_id` until it ends."""
    _set("account_id", account_id)


def be_region(region_id: int | None) -> None:
    """This session reads the roll-ups of `region_id` until it ends."""
    _set("region_id", region_id)


def tables_of(statement: Any) -> set[str]:
    """Names of all tables a statement touches, in subqueries too."""
    found = set()
    for element in visitors.iterate(statement):
        table = element if isinstance(element, Table) else getattr(element, "table", None)
        if isinstance(table, Table):
            found.add(table.name)
    return found


@cache
def _community_tables(known: int) -> frozenset[str]:
    """Names of the communities' tables among the `known` ones; looked up again only when there are others."""
    return frozenset(
        mapper.class_.__tablename__ for mapper in Base.registry.mappers if issubclass(mapper.class_, Scoped)
    )


def _guard(state: ORMExecuteState) -> None:
    touched = tables_of(state.statement) & _community_tables(len(Base.metadata.tables))
    if not touched:
        return
    across = state.execution_options.get("across")
    if across and touched <= ACROSS[across] and _current().get(across):
        return
    community = community_id()
    if community is None:
        raise ScopeError(f"no community for {', '.join(sorted(touched))}")
    if state.is_select or state.is_update or state.is_delete:
        state.statement = state.statement.options(_only(community))


def _only(community: int) -> LoaderCriteriaOption:
    """The condition on every statement of this session; it costs more to make than a query."""
    kept, name = memory(), f"only {community}"
    if name not in kept:
        kept[name] = with_loader_criteria(
            Scoped, lambda row: row.community_id == community, include_aliases=True
        )
    return kept[name]


def _fill(session: Session, context: UOWTransaction, instances: object) -> None:
    community = session.info.get("linli", {}).get("community_id")
    for row in session.new:
        if isinstance(row, Scoped):
            if not community:
                raise ScopeError(f"no community for a new {type(row).__name__}")
            if row.community_id is None:
                row.community_id = int(community)
            elif row.community_id != int(community):
                raise ScopeError(f"a {type(row).__name__} of another community")


def _begin(session: Session, transaction: SessionTransaction, connection: Connection) -> None:
    _tell(connection, session.info.get("linli", {}))


def install() -> None:
    """Put the guard on every session of `db`; called whenever an application is made."""
    for name, listener in (("do_orm_execute", _guard), ("before_flush", _fill), ("after_begin", _begin)):
        if not event.contains(db.session, name, listener):
            event.listen(db.session, name, listener)

"""What a community's tables hold, told in short, and blocks that leave nothing behind."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask
from sqlalchemy import text

from services.core.db import Base, Scoped, db
from tests.factories import world

# What no form may set by a field it does not have.
KEPT = ("community_id", "account_id", "state", "role", "free", "version")
# What of a table counts, where it is not all: looks are on record whatever comes of them; of communities the own one.
COUNTS = {"audit_entry": "WHERE action NOT LIKE '%.revealed'", "community": "WHERE id = {id}"}


@contextmanager
def undone(app: Flask) -> Iterator[None]:
    """All that happens in the block, committed or not, is taken back."""
    with app.app_context():
        connection = db.engines[None]
    point = connection.begin_nested()  # type: ignore[attr-defined]
    try:
        yield
    finally:
        point.rollback()


def writes(app: Flask) -> int:
    """How many rows this test has written so far, also what was taken back: when that stays, nothing has changed."""
    with app.app_context():
        connection = db.engines[None]
    told = text("SELECT sum(n_tup_ins + n_tup_upd + n_tup_del) FROM pg_stat_xact_user_tables")
    return int(connection.execute(told).scalar_one())  # type: ignore[attr-defined]


def rows(app: Flask, place: world.Place) -> dict[str, str]:
    """A digest of each table as far as it is the community's; looks on record, which even refusals leave, stay out."""
    tables = sorted(t.name for m in Base.registry.mappers if issubclass(m.class_, Scoped) for t in m.tables)
    parts = [
        f"SELECT '{name}' AS name, md5(coalesce(string_agg(t::text, '|' ORDER BY t::text), '')) FROM {name} t"
        f" {COUNTS.get(name, '').format(id=place.id)}"
        for name in [*tables, "account", "community"]
    ]
    with undone(app), app.app_context():
        world.enter(place)
        return dict(db.session.execute(text(" UNION ALL ".join(parts))).all())  # type: ignore[arg-type]


def kept(app: Flask, place: world.Place) -> Counter[tuple[str, str]]:
    """How often each value of what no form may set occurs, by table and column."""
    parts = [
        f"SELECT '{table.name}.{name}' AS name, {name}::text FROM {table.name}"
        for table in Base.metadata.sorted_tables
        for name in KEPT
        if name in table.columns
    ]
    with undone(app), app.app_context():
        world.enter(place)
        return Counter((row[0], row[1]) for row in db.session.execute(text(" UNION ALL ".join(parts))))

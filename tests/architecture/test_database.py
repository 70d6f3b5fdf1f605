"""What the database itself guarantees, read off its catalogue after the migrations."""

import pytest
import sqlalchemy
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask_migrate import downgrade, upgrade
from sqlalchemy import text

from app import create_app, roles
from services.core.db import PERSONAL_CLASSES, Base, Scoped, Sealed, db
from tests import conftest

# Tables without a community: what they hold and who protects them is said in their migration.
GLOBAL = {"region", "community", "account", "region_role", "alembic_version"}
# Functions that run with their owner's rights; none is needed so far.
SECURITY_DEFINERS: set[str] = set()


@pytest.fixture
def owner(database):
    engine = sqlalchemy.create_engine(conftest._url("OWNER", database))
    with engine.connect() as connection:
        yield connection
    engine.dispose()


def _tables(connection, extra=""):
    rows = connection.execute(
        text(
            f"SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace {extra}"
        )
    )
    return set(rows.scalars())


def test_every_community_table_forces_row_level_security(owner):
    protected = _tables(owner, "AND relrowsecurity AND relforcerowsecurity")
    assert _tables(owner) - protected == {"region", "community", "alembic_version"}


def test_every_community_table_refuses_reads_and_writes_of_others(owner):
    policies = owner.execute(
        text(
            "SELECT tablename FROM pg_policies WHERE policyname = 'community' AND cmd = 'ALL' AND with_check = qual"
        )
    )
    assert set(policies.scalars()) == _tables(owner) - GLOBAL


def test_every_key_carries_the_community(owner):
    rows = owner.execute(
        text(
            "SELECT c.conname, c.conrelid::regclass::text AS tab, c.contype, c.confrelid::regclass::text AS target, "
            "ARRAY(SELECT attname::text FROM pg_attribute a WHERE a.attrelid = c.conrelid AND a.attnum = ANY(c.conkey)) AS cols "
            "FROM pg_constraint c WHERE c.contype IN ('p', 'u', 'f', 'x') AND c.connamespace = 'public'::regnamespace"
        )
    ).all()
    bare = [
        row.conname
        for row in rows
        if row.tab not in GLOBAL and row.target not in GLOBAL and "community_id" not in row.cols
    ]
    assert rows and not bare


def test_unique_indexes_carry_the_community(owner):
    rows = owner.execute(
        text(
            "SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' AND indexdef LIKE '%UNIQUE%'"
        )
    ).all()
    assert not [
        row.indexname for row in rows if row.tablename not in GLOBAL and "community_id" not in row.indexdef
    ]


def test_nothing_runs_with_other_rights(owner):
    definers = owner.execute(
        text("SELECT proname FROM pg_proc WHERE prosecdef AND pronamespace = 'public'::regnamespace")
    )
    assert set(definers.scalars()) == SECURITY_DEFINERS
    assert not owner.execute(
        text(
            "SELECT relname FROM pg_class WHERE relkind IN ('m', 'v') AND relnamespace = 'public'::regnamespace"
        )
    ).all()


def test_the_sweeper_sees_ids_and_times_only(owner):
    columns = owner.execute(
        text(
            "SELECT DISTINCT column_name FROM information_schema.column_privileges WHERE grantee = 'linli_sweeper'"
        )
    )
    assert set(columns.scalars()) <= {
        "community_id",
        "id",
        "state",
        "due_at",
        "next_at",
        "lease_until",
        "noticed_at",
        "rolled_up_at",
    }


def test_the_application_owns_nothing_and_bypasses_nothing(app, database):
    roles.refuse_powerful(sqlalchemy.create_engine(conftest._url("APP", database)))
    with pytest.raises(roles.RoleError):
        roles.refuse_powerful(sqlalchemy.create_engine(conftest._url("OWNER", database)))


def test_append_only_tables_refuse_even_their_owner(owner):
    for table in ("audit_entry", "movement", "follow_up_entry"):
        triggers = owner.execute(
            text(
                "SELECT count(*) FROM pg_trigger WHERE tgrelid = CAST(:t AS regclass) AND tgname = 'append_only'"
            ),
            {"t": table},
        )
        assert triggers.scalar_one() == 1, table


def test_models_and_migrations_agree(owner, app):
    differences = compare_metadata(
        MigrationContext.configure(owner, opts={"compare_type": True}), db.metadata
    )
    assert not differences


def test_migrations_run_up_down_and_up_again(worker_name):
    name = f"linli_migrations_{worker_name}"
    conftest._make_database(name)
    try:
        with create_app(conftest.settings(name, role="OWNER")).app_context():
            upgrade()
            downgrade(revision="base")
            with db.engine.connect() as connection:
                assert _tables(connection) == {"alembic_version"}
            upgrade()
            db.engine.dispose()
    finally:
        conftest._drop_database(name)


def test_every_sealed_column_declares_its_class(app):
    for table in Base.metadata.tables.values():
        for column in table.columns:
            declared = column.info.get("personal")
            assert declared is None or declared in PERSONAL_CLASSES
            if isinstance(column.type, Sealed):
                assert declared, f"{table.name}.{column.name} is sealed and declares no class"
                assert column.type.column == f"{table.name}.{column.name}"


def test_contact_door_and_sensitive_data_is_sealed(app):
    for table in Base.metadata.tables.values():
        for column in table.columns:
            if column.info.get("personal") in ("contact", "door", "sensitive"):
                assert isinstance(column.type, Sealed), f"{table.name}.{column.name}"


def test_every_community_table_has_a_model(owner, app):
    models = {
        mapper.local_table.name for mapper in Base.registry.mappers if issubclass(mapper.class_, Scoped)
    }
    assert models == _tables(owner) - GLOBAL


def test_the_database_reads_chinese(owner):
    assert (
        owner.execute(
            text("SELECT datctype FROM pg_database WHERE datname = current_database()")
        ).scalar_one()
        != "C"
    )

"""The register: keys a name is found by, and what became of rows that look like one."""

import sqlalchemy as sa
from alembic import op

from services.core import isolation
from services.people import name_keys

revision = "0025_name_keys"
down_revision = "0024_imports_in_jobs"
branch_labels = None
depends_on = None

NAMED = {
    "household": ["id", "name_keys", "state"],
    "resident": ["household_id", "name_keys", "head"],
    "volunteer": ["id", "name_keys", "state"],
}
CLAIMED = "state not in ('pending', 'declined'{})"


def upgrade() -> None:
    for table, covered in NAMED.items():
        column = sa.Column("name_keys", sa.String(500), nullable=False, server_default="")
        op.add_column(table, column)
        _fill(table)
        op.alter_column(table, "name_keys", server_default=None)
        op.create_index(f"ix_{table}_name_keys", table, ["community_id"], postgresql_include=covered)
    for table in ("household", "volunteer"):
        op.create_index(f"ix_{table}_tail_key", table, ["community_id", "tail_key"])
    _claim_phones(CLAIMED.format(", 'merged'"))
    op.create_table(
        "twin",
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("kept_id", sa.Uuid(), nullable=False),
        sa.Column("other_id", sa.Uuid(), nullable=False),
        sa.Column("verdict", sa.String(10), nullable=False),
        sa.Column("moved", sa.dialects.postgresql.JSONB(), nullable=False),
        sa.Column("before", sa.LargeBinary(), nullable=False),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_by", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind in ('household', 'volunteer')", name=op.f("ck_twin_kind")),
        sa.CheckConstraint("verdict in ('same', 'different')", name=op.f("ck_twin_verdict")),
        sa.CheckConstraint("kept_id <> other_id", name=op.f("ck_twin_two")),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name=op.f("fk_twin_community_id")),
        sa.PrimaryKeyConstraint("community_id", "id", name=op.f("pk_twin")),
    )
    living = sa.text("verdict = 'same' and undone_at is null")
    op.create_index(
        "uq_twin_other", "twin", ["community_id", "other_id"], unique=True, postgresql_where=living
    )
    op.create_index("ix_twin_kept", "twin", ["community_id", "kept_id"])
    isolation.protect(op.execute, "twin")


def _fill(table: str) -> None:
    # The owner too is held by row-level security, and serves no community here.
    op.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
    connection = op.get_bind()
    names = connection.execute(sa.text(f"SELECT DISTINCT name FROM {table}")).scalars().all()
    if names:
        op.execute("CREATE TEMPORARY TABLE filled (name text PRIMARY KEY, keys text) ON COMMIT DROP")
        rows = [{"name": name, "keys": name_keys.keys_of(name)} for name in names]
        connection.execute(sa.text("INSERT INTO filled VALUES (:name, :keys)"), rows)
        op.execute(f"UPDATE {table} SET name_keys = filled.keys FROM filled WHERE filled.name = {table}.name")
        op.execute("DROP TABLE filled")
    op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")


def _claim_phones(condition: str) -> None:
    op.drop_index("uq_volunteer_phone_key", "volunteer")
    op.create_index(
        "uq_volunteer_phone_key",
        "volunteer",
        ["community_id", "phone_key"],
        unique=True,
        postgresql_where=sa.text(condition),
    )


def downgrade() -> None:
    op.drop_table("twin")
    # What was put together stays so: the other row reads as closed.
    for table, state in (("household", "closed"), ("volunteer", "declined")):
        op.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
        op.execute(f"UPDATE {table} SET state = '{state}' WHERE state = 'merged'")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        op.drop_index(f"ix_{table}_tail_key", table)
    _claim_phones(CLAIMED.format(""))
    for table in NAMED:
        op.drop_index(f"ix_{table}_name_keys", table)
        op.drop_column(table, "name_keys")

"""Ledgers are read and imported in the background, with progress; refused rows can be mended for a week."""

import sqlalchemy as sa
from alembic import op

from services.core import isolation

revision = "0024_imports_in_jobs"
down_revision = "0023_part_deliveries"
branch_labels = None
depends_on = None

TABLE = "ledger_import"
WORKING = "(state in ('reading', 'importing') or due_at <= now())"


def upgrade() -> None:
    instant = sa.DateTime(timezone=True)
    op.add_column(TABLE, sa.Column("plan", sa.String(length=64), nullable=False, server_default=""))
    op.add_column(TABLE, sa.Column("leave", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column(TABLE, sa.Column("begun_at", instant, nullable=True))
    op.add_column(TABLE, sa.Column("done", sa.Integer(), nullable=False, server_default="0"))
    op.add_column(TABLE, sa.Column("total", sa.Integer(), nullable=False, server_default="0"))
    op.add_column(TABLE, sa.Column("error", sa.String(length=40), nullable=False, server_default=""))
    for column in ("plan", "leave", "done", "total", "error"):
        op.alter_column(TABLE, column, server_default=None)
    op.alter_column(TABLE, "due_at", nullable=True)
    _everybody("UPDATE ledger_import SET due_at = NULL WHERE state <> 'uploaded'")
    states = "'uploaded', 'reading', 'read', 'importing', 'imported', 'given_up'"
    _rules(f"state in ({states})", "(content is null) = (state in ('imported', 'given_up'))")
    _swept("due_at is not null", WORKING)


def downgrade() -> None:
    _everybody(
        "UPDATE ledger_import SET state = 'uploaded' WHERE state in ('reading', 'read', 'importing')",
        "UPDATE ledger_import SET due_at = created_at WHERE due_at IS NULL",
    )
    op.alter_column(TABLE, "due_at", nullable=False)
    _rules("state in ('uploaded', 'imported', 'given_up')", "(content is null) = (state <> 'uploaded')")
    _swept("state = 'uploaded'", "state = 'uploaded' and due_at <= now()")
    for column in ("error", "total", "done", "begun_at", "leave", "plan"):
        op.drop_column(TABLE, column)


def _everybody(*statements: str) -> None:
    # The owner too is held by row-level security, and serves no community here.
    op.execute("ALTER TABLE ledger_import NO FORCE ROW LEVEL SECURITY")
    for name in ("state", "content"):
        op.drop_constraint(op.f(f"ck_ledger_import_{name}"), TABLE)
    for statement in statements:
        op.execute(statement)
    op.execute("ALTER TABLE ledger_import FORCE ROW LEVEL SECURITY")


def _rules(state: str, content: str) -> None:
    op.create_check_constraint(op.f("ck_ledger_import_state"), TABLE, state)
    op.create_check_constraint(op.f("ck_ledger_import_content"), TABLE, content)


def _swept(kept: str, due: str) -> None:
    op.drop_index("ix_ledger_import_due", TABLE)
    op.create_index("ix_ledger_import_due", TABLE, ["due_at"], unique=False, postgresql_where=kept)
    op.execute("DROP POLICY sweeper ON ledger_import")
    isolation.sweep(op.execute, TABLE, due, "state, due_at")

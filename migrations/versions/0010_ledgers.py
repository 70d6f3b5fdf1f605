"""Ledger imports."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from services.core import isolation

revision = "0010_ledgers"
down_revision = "0009_pledges"
branch_labels = None
depends_on = None


def upgrade() -> None:

    op.create_table(
        "ledger_import",
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("filename", sa.LargeBinary(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.Column("sheet", sa.Integer(), nullable=False),
        sa.Column("mapping", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("uploaded_by", sa.Uuid(), nullable=True),
        sa.Column("imported_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("counts", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("result", sa.LargeBinary(), nullable=True),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "state in ('uploaded', 'imported', 'given_up')", name=op.f("ck_ledger_import_state")
        ),
        sa.CheckConstraint(
            "(content is null) = (state <> 'uploaded')", name=op.f("ck_ledger_import_content")
        ),
        sa.ForeignKeyConstraint(
            ["community_id"], ["community.id"], name=op.f("fk_ledger_import_community_id")
        ),
        sa.PrimaryKeyConstraint("community_id", "id", name=op.f("pk_ledger_import")),
    )

    op.create_index(
        "ix_ledger_import_due",
        "ledger_import",
        ["due_at"],
        unique=False,
        postgresql_where="state = 'uploaded'",
    )
    op.create_table(
        "ledger_memory",
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("subject_kind", sa.String(length=30), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("said", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["community_id"], ["community.id"], name=op.f("fk_ledger_memory_community_id")
        ),
        sa.PrimaryKeyConstraint("community_id", "id", name=op.f("pk_ledger_memory")),
        sa.UniqueConstraint(
            "community_id",
            "subject_kind",
            "subject_id",
            name=op.f("uq_ledger_memory_community_id_subject_kind_subject_id"),
        ),
    )

    isolation.protect(op.execute, "ledger_import", "ledger_memory")
    isolation.sweep(op.execute, "ledger_import", "state = 'uploaded' and due_at <= now()", "state, due_at")


def downgrade() -> None:
    op.drop_table("ledger_memory")
    op.drop_table("ledger_import")

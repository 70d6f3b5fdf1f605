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
        sa.Column("uploaded_by", sa.Uuid(), nullable=True),
        sa.Column("imported_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("counts", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("result", sa.LargeBinary(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["community_id"], ["community.id"], name=op.f("fk_ledger_import_community_id")
        ),
        sa.PrimaryKeyConstraint("community_id", "id", name=op.f("pk_ledger_import")),
    )

    isolation.protect(op.execute, "ledger_import")


def downgrade() -> None:
    op.drop_table("ledger_import")

"""Word lists that a community changes: other names, terms of its own, terms no longer offered."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from services.core import isolation

revision = "0021_settings"
down_revision = "0020_agreed_visits"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "catalogue_term",
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.Column("which", sa.String(length=20), nullable=False),
        sa.Column("code", sa.String(length=30), nullable=False),
        sa.Column("name", sa.String(length=20), nullable=False),
        sa.Column("name_en", sa.String(length=60), nullable=False),
        sa.Column("words", postgresql.ARRAY(sa.String()), nullable=False),
        sa.Column("hidden", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["community_id"], ["community.id"], name=op.f("fk_catalogue_term_community_id")
        ),
        sa.PrimaryKeyConstraint("community_id", "which", "code", name=op.f("pk_catalogue_term")),
    )
    isolation.protect(op.execute, "catalogue_term")


def downgrade() -> None:
    op.drop_table("catalogue_term")

"""The end of a pledge is looked at in time."""

import sqlalchemy as sa
from alembic import op

from services.core import isolation

revision = "0030_pledge_ends"
down_revision = "0029_projects"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("pledge", sa.Column("next_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("pledge", sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True))
    op.add_column("pledge", sa.Column("attempts", sa.Integer(), nullable=False, server_default="0"))
    op.alter_column("pledge", "attempts", server_default=None)
    # Those that end yet are looked at once, which sets the day; nobody is asked about what ended long ago.
    # The owner too is held by row-level security, and serves no community here.
    op.execute("ALTER TABLE pledge NO FORCE ROW LEVEL SECURITY")
    op.execute("UPDATE pledge SET next_at = now() WHERE ends_on >= current_date")
    op.execute("ALTER TABLE pledge FORCE ROW LEVEL SECURITY")
    op.create_index(
        "ix_pledge_next",
        "pledge",
        ["community_id", "next_at"],
        postgresql_where=sa.text("next_at is not null"),
    )
    isolation.sweep(op.execute, "pledge", "next_at <= now()", "next_at")


def downgrade() -> None:
    op.execute("DROP POLICY sweeper ON pledge")
    op.execute(f"REVOKE ALL ON pledge FROM {isolation.SWEEPER}")
    op.drop_index("ix_pledge_next", "pledge")
    for column in ("attempts", "lease_until", "next_at"):
        op.drop_column("pledge", column)

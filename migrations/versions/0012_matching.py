"""What a matching run says besides its pairs: how the work spreads, and whom to look for."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0012_matching"
down_revision = "0011_reports"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "matching_run",
        sa.Column("fairness", postgresql.JSONB(), nullable=False, server_default=sa.text("'{}'")),
    )
    op.add_column(
        "matching_run",
        sa.Column("advice", postgresql.JSONB(), nullable=False, server_default=sa.text("'[]'")),
    )
    op.alter_column("matching_run", "fairness", server_default=None)
    op.alter_column("matching_run", "advice", server_default=None)


def downgrade() -> None:
    op.drop_column("matching_run", "advice")
    op.drop_column("matching_run", "fairness")

"""The time of day that a helper and a household have agreed on."""

import sqlalchemy as sa
from alembic import op

revision = "0020_agreed_visits"
down_revision = "0019_offers"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("follow_up", sa.Column("agreed_at", sa.Time(), nullable=True))


def downgrade() -> None:
    op.drop_column("follow_up", "agreed_at")

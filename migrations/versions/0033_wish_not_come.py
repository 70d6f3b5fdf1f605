"""When a fulfilled wish was said not to have come."""

import sqlalchemy as sa
from alembic import op

revision = "0033_wish_not_come"
down_revision = "0032_unit_pairing_project"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("wish_claim", sa.Column("not_come_on", sa.Date(), nullable=True))


def downgrade() -> None:
    op.drop_column("wish_claim", "not_come_on")

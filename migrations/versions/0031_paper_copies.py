"""What was signed on paper is kept with its delivery, as a sealed picture or scan."""

import sqlalchemy as sa
from alembic import op

revision = "0031_paper_copies"
down_revision = "0030_pledge_ends"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("delivery", sa.Column("paper_copy", sa.LargeBinary(), nullable=True))
    op.add_column("delivery", sa.Column("paper_type", sa.String(20), nullable=False, server_default=""))
    op.alter_column("delivery", "paper_type", server_default=None)
    op.create_check_constraint(
        op.f("ck_delivery_paper"), "delivery", "(paper_copy is null) = (paper_type = '')"
    )


def downgrade() -> None:
    op.drop_constraint(op.f("ck_delivery_paper"), "delivery")
    op.drop_column("delivery", "paper_type")
    op.drop_column("delivery", "paper_copy")

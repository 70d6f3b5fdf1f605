"""An allocation may come in several parts, each signed for."""

from alembic import op

revision = "0023_part_deliveries"
down_revision = "0022_locks"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_constraint(op.f("uq_delivery_community_id_allocation_id"), "delivery")
    op.create_index("ix_delivery_allocation", "delivery", ["community_id", "allocation_id"], unique=False)


def downgrade() -> None:
    # Refused while something has come in parts: which of them to keep is nobody's to guess.
    op.create_unique_constraint(
        op.f("uq_delivery_community_id_allocation_id"), "delivery", ["community_id", "allocation_id"]
    )
    op.drop_index("ix_delivery_allocation", "delivery")

"""A helper's own offers: like a proposal that waits, one for each helper and household."""

import sqlalchemy as sa
from alembic import op

revision = "0019_offers"
down_revision = "0018_certificates"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _unique_in("'draft', 'offered', 'published'")


def downgrade() -> None:
    # The owner too is held by row-level security, and serves no community here.
    op.execute("ALTER TABLE proposal NO FORCE ROW LEVEL SECURITY")
    op.execute("UPDATE proposal SET state = 'withdrawn' WHERE state = 'offered'")
    op.execute("ALTER TABLE proposal FORCE ROW LEVEL SECURITY")
    _unique_in("'draft', 'published'")


def _unique_in(states: str) -> None:
    op.drop_index("uq_proposal_living", table_name="proposal")
    op.create_index(
        "uq_proposal_living",
        "proposal",
        ["community_id", "volunteer_id", "household_id"],
        unique=True,
        postgresql_where=sa.text(f"state in ({states})"),
    )

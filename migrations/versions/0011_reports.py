"""Roll-ups."""

import sqlalchemy as sa
from alembic import op

from services.core import isolation

revision = "0011_reports"
down_revision = "0010_ledgers"
branch_labels = None
depends_on = None


def upgrade() -> None:

    op.create_table(
        "rollup",
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.Column("metric", sa.String(length=40), nullable=False),
        sa.Column("part", sa.String(length=30), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.Column("computed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name=op.f("fk_rollup_community_id")),
        sa.PrimaryKeyConstraint("community_id", "metric", "part", "day", name=op.f("pk_rollup")),
    )

    isolation.protect(op.execute, "rollup")
    op.execute(
        "CREATE POLICY region ON rollup FOR SELECT USING (EXISTS (SELECT FROM community c "
        "JOIN region street ON street.id = c.street_id JOIN region r ON street.path LIKE r.path || '%' "
        f"WHERE c.id = rollup.community_id AND r.id = {isolation.REGION}))"
    )


def downgrade() -> None:
    op.drop_table("rollup")

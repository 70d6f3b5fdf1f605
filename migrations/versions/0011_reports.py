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

    op.create_table(
        "rollup_schedule",
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["community_id"], ["community.id"], name=op.f("fk_rollup_schedule_community_id")
        ),
        sa.PrimaryKeyConstraint("community_id", "id", name=op.f("pk_rollup_schedule")),
        sa.UniqueConstraint("community_id", name=op.f("uq_rollup_schedule_community_id")),
    )
    op.create_index("ix_rollup_schedule_next", "rollup_schedule", ["next_at"], unique=False)
    isolation.protect(op.execute, "rollup", "rollup_schedule")
    isolation.sweep(op.execute, "rollup_schedule", "next_at <= now()", "next_at")
    op.execute(
        "CREATE POLICY region ON rollup FOR SELECT USING (EXISTS (SELECT FROM community c "
        "JOIN region street ON street.id = c.street_id JOIN region r ON street.path LIKE r.path || '%' "
        f"WHERE c.id = rollup.community_id AND r.id = {isolation.REGION}))"
    )


def downgrade() -> None:
    op.drop_table("rollup_schedule")
    op.drop_table("rollup")

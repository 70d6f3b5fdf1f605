"""Visits."""

import sqlalchemy as sa
from alembic import op

from services.core import isolation

revision = "0008_visits"
down_revision = "0007_pairings"
branch_labels = None
depends_on = None


def upgrade() -> None:

    op.create_table(
        "visit",
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("pairing_id", sa.Uuid(), nullable=False),
        sa.Column("follow_up_id", sa.Uuid(), nullable=True),
        sa.Column("corrects_id", sa.Uuid(), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("outcome", sa.String(length=10), nullable=False),
        sa.Column("note", sa.LargeBinary(), nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("noted_by", sa.Uuid(), nullable=True),
        sa.Column("helper_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("helper_by", sa.Uuid(), nullable=True),
        sa.Column("helper_how", sa.String(length=10), nullable=False),
        sa.Column("household_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("household_by", sa.Uuid(), nullable=True),
        sa.Column("household_how", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.String(length=30), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("minutes between 1 and 720", name=op.f("ck_visit_minutes")),
        sa.ForeignKeyConstraint(
            ["community_id", "corrects_id"],
            ["visit.community_id", "visit.id"],
            name=op.f("fk_visit_community_id_corrects_id"),
        ),
        sa.ForeignKeyConstraint(
            ["community_id", "follow_up_id"],
            ["follow_up.community_id", "follow_up.id"],
            name=op.f("fk_visit_community_id_follow_up_id"),
        ),
        sa.ForeignKeyConstraint(
            ["community_id", "pairing_id"],
            ["pairing.community_id", "pairing.id"],
            name=op.f("fk_visit_community_id_pairing_id"),
        ),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name=op.f("fk_visit_community_id")),
        sa.PrimaryKeyConstraint("community_id", "id", name=op.f("pk_visit")),
    )
    op.create_index("ix_visit_pairing", "visit", ["community_id", "pairing_id", "started_at"], unique=False)

    isolation.protect(op.execute, "visit")


def downgrade() -> None:
    op.drop_table("visit")

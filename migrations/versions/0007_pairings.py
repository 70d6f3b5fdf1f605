"""Matching runs, proposals and pairings."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from services.core import isolation

revision = "0007_pairings"
down_revision = "0006_households"
branch_labels = None
depends_on = None


def upgrade() -> None:

    op.create_table(
        "matching_run",
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("requested_by", sa.Uuid(), nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("seconds", sa.Float(), nullable=True),
        sa.Column("households", sa.Integer(), nullable=False),
        sa.Column("helpers", sa.Integer(), nullable=False),
        sa.Column("candidates", sa.Integer(), nullable=False),
        sa.Column("covered", sa.Integer(), nullable=False),
        sa.Column("value", sa.String(length=80), nullable=False),
        sa.Column("bound", sa.String(length=80), nullable=False),
        sa.Column("proven", sa.Boolean(), nullable=False),
        sa.Column("levels", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("certificate", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("left_out", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("snapshot", sa.String(length=64), nullable=False),
        sa.Column("error", sa.String(length=60), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["community_id"], ["community.id"], name=op.f("fk_matching_run_community_id")
        ),
        sa.PrimaryKeyConstraint("community_id", "id", name=op.f("pk_matching_run")),
    )
    op.create_table(
        "proposal",
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("run_id", sa.Uuid(), nullable=True),
        sa.Column("volunteer_id", sa.Uuid(), nullable=False),
        sa.Column("household_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("needs", postgresql.ARRAY(sa.Uuid()), nullable=False),
        sa.Column("score", sa.Integer(), nullable=False),
        sa.Column("travel", sa.Integer(), nullable=False),
        sa.Column("terms", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("helper_answer", sa.String(length=5), nullable=False),
        sa.Column("helper_how", sa.String(length=10), nullable=False),
        sa.Column("helper_by", sa.Uuid(), nullable=True),
        sa.Column("helper_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("household_answer", sa.String(length=5), nullable=False),
        sa.Column("household_how", sa.String(length=10), nullable=False),
        sa.Column("household_by", sa.Uuid(), nullable=True),
        sa.Column("household_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("declined_by", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.String(length=30), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["community_id", "household_id"],
            ["household.community_id", "household.id"],
            name=op.f("fk_proposal_community_id_household_id"),
        ),
        sa.ForeignKeyConstraint(
            ["community_id", "run_id"],
            ["matching_run.community_id", "matching_run.id"],
            name=op.f("fk_proposal_community_id_run_id"),
        ),
        sa.ForeignKeyConstraint(
            ["community_id", "volunteer_id"],
            ["volunteer.community_id", "volunteer.id"],
            name=op.f("fk_proposal_community_id_volunteer_id"),
        ),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name=op.f("fk_proposal_community_id")),
        sa.PrimaryKeyConstraint("community_id", "id", name=op.f("pk_proposal")),
    )
    op.create_index("ix_proposal_household", "proposal", ["community_id", "household_id"], unique=False)
    op.create_index("ix_proposal_volunteer", "proposal", ["community_id", "volunteer_id"], unique=False)
    op.create_index(
        "uq_proposal_living",
        "proposal",
        ["community_id", "volunteer_id", "household_id"],
        unique=True,
        postgresql_where="state in ('draft', 'published')",
    )
    op.create_table(
        "pairing",
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("volunteer_id", sa.Uuid(), nullable=False),
        sa.Column("household_id", sa.Uuid(), nullable=False),
        sa.Column("proposal_id", sa.Uuid(), nullable=True),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("started_on", sa.Date(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("end_reason", sa.String(length=30), nullable=False),
        sa.Column("stop_reason", sa.String(length=30), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("ended_on is null or ended_on >= started_on", name=op.f("ck_pairing_order")),
        sa.ForeignKeyConstraint(
            ["community_id", "household_id"],
            ["household.community_id", "household.id"],
            name=op.f("fk_pairing_community_id_household_id"),
        ),
        sa.ForeignKeyConstraint(
            ["community_id", "proposal_id"],
            ["proposal.community_id", "proposal.id"],
            name=op.f("fk_pairing_community_id_proposal_id"),
        ),
        sa.ForeignKeyConstraint(
            ["community_id", "volunteer_id"],
            ["volunteer.community_id", "volunteer.id"],
            name=op.f("fk_pairing_community_id_volunteer_id"),
        ),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name=op.f("fk_pairing_community_id")),
        sa.PrimaryKeyConstraint("community_id", "id", name=op.f("pk_pairing")),
        sa.UniqueConstraint("community_id", "proposal_id", name=op.f("uq_pairing_community_id_proposal_id")),
    )
    op.create_index("ix_pairing_household", "pairing", ["community_id", "household_id"], unique=False)
    op.create_index(
        "uq_pairing_living",
        "pairing",
        ["community_id", "volunteer_id", "household_id"],
        unique=True,
        postgresql_where="ended_on is null",
    )
    op.create_index(
        "uq_pairing_primary",
        "pairing",
        ["community_id", "household_id"],
        unique=True,
        postgresql_where="ended_on is null and kind = 'primary'",
    )

    isolation.protect(op.execute, "matching_run", "proposal", "pairing")
    isolation.sweep(op.execute, "matching_run", "state in ('queued', 'running')", "state")


def downgrade() -> None:
    op.drop_table("pairing")
    op.drop_table("proposal")
    op.drop_table("matching_run")

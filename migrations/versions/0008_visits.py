"""Visits and the codes households confirm them with."""

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
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("outcome", sa.String(length=10), nullable=False),
        sa.Column("note", sa.LargeBinary(), nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("submission", sa.Uuid(), nullable=True),
        sa.Column("noted_by", sa.Uuid(), nullable=True),
        sa.Column("helper_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("helper_by", sa.Uuid(), nullable=True),
        sa.Column("helper_how", sa.String(length=10), nullable=False),
        sa.Column("household_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("household_by", sa.Uuid(), nullable=True),
        sa.Column("household_how", sa.String(length=10), nullable=False),
        sa.Column("link_by", sa.Uuid(), nullable=True),
        sa.Column("disputed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("disputed_by", sa.Uuid(), nullable=True),
        sa.Column("disputed_how", sa.String(length=10), nullable=False),
        sa.Column("dispute_reason", sa.String(length=30), nullable=False),
        sa.Column("corrects_id", sa.Uuid(), nullable=True),
        sa.Column("correction_reason", sa.String(length=30), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "minutes between 1 and 720 or (outcome = 'absent' and minutes = 0)",
            name=op.f("ck_visit_minutes"),
        ),
        sa.CheckConstraint(
            "state in ('noted', 'confirmed', 'attempt', 'disputed', 'corrected', 'withdrawn')",
            name=op.f("ck_visit_state"),
        ),
        sa.CheckConstraint(
            "case when outcome = 'absent' then state not in ('noted', 'confirmed') else state <> 'attempt' end",
            name=op.f("ck_visit_attempt"),
        ),
        sa.CheckConstraint(
            "state <> 'confirmed' or (helper_at is not null and household_at is not null)",
            name=op.f("ck_visit_both_sides"),
        ),
        sa.CheckConstraint(
            "household_how not in ('call', 'account') or (household_by is not null "
            "and household_by is distinct from noted_by and household_by is distinct from helper_by)",
            name=op.f("ck_visit_no_back_door"),
        ),
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
        sa.UniqueConstraint("community_id", "corrects_id", name=op.f("uq_visit_community_id_corrects_id")),
        sa.UniqueConstraint("community_id", "submission", name=op.f("uq_visit_community_id_submission")),
    )
    op.create_index("ix_visit_pairing", "visit", ["community_id", "pairing_id", "started_at"], unique=False)
    op.create_index("ix_visit_state", "visit", ["community_id", "state", "id"], unique=False)

    op.create_table(
        "household_code",
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("household_id", sa.Uuid(), nullable=False),
        sa.Column("code_key", sa.String(length=64), nullable=False),
        sa.Column("issue", sa.Integer(), nullable=False),
        sa.Column("issued_by", sa.Uuid(), nullable=True),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("tries_on", sa.Date(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["community_id", "household_id"],
            ["household.community_id", "household.id"],
            name=op.f("fk_household_code_community_id_household_id"),
        ),
        sa.ForeignKeyConstraint(
            ["community_id"], ["community.id"], name=op.f("fk_household_code_community_id")
        ),
        sa.ForeignKeyConstraint(["issued_by"], ["account.id"], name=op.f("fk_household_code_issued_by")),
        sa.PrimaryKeyConstraint("community_id", "id", name=op.f("pk_household_code")),
        sa.UniqueConstraint(
            "community_id", "household_id", name=op.f("uq_household_code_community_id_household_id")
        ),
    )

    isolation.protect(op.execute, "visit", "household_code")


def downgrade() -> None:
    op.drop_table("household_code")
    op.drop_table("visit")

"""Plans and follow-ups."""

import sqlalchemy as sa
from alembic import op

from services.core import isolation

revision = "0004_followups"
down_revision = "0003_messages"
branch_labels = None
depends_on = None


def upgrade() -> None:

    op.create_table(
        "plan",
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("name_en", sa.String(length=60), nullable=False),
        sa.Column("subject_kind", sa.String(length=30), nullable=False),
        sa.Column("event", sa.String(length=30), nullable=False),
        sa.Column("after_days", sa.Integer(), nullable=False),
        sa.Column("every_months", sa.Integer(), nullable=True),
        sa.Column("owner", sa.String(length=20), nullable=False),
        sa.Column("remind_days", sa.Integer(), nullable=False),
        sa.Column("late_days", sa.Integer(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name=op.f("fk_plan_community_id")),
        sa.PrimaryKeyConstraint("community_id", "id", name=op.f("pk_plan")),
        sa.UniqueConstraint(
            "community_id", "subject_kind", "code", name=op.f("uq_plan_community_id_subject_kind_code")
        ),
    )
    op.create_table(
        "follow_up",
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("occurrence", sa.Integer(), nullable=False),
        sa.Column("subject_kind", sa.String(length=30), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=True),
        sa.Column("deputy_id", sa.Uuid(), nullable=True),
        sa.Column("anchor_on", sa.Date(), nullable=False),
        sa.Column("planned_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reminders", sa.Integer(), nullable=False),
        sa.Column("postponed", sa.Integer(), nullable=False),
        sa.Column("escalated_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended", sa.Boolean(), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_by", sa.Uuid(), nullable=True),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "state in ('open', 'reminded', 'escalated', 'done', 'closed')", name=op.f("ck_follow_up_state")
        ),
        sa.CheckConstraint(
            "state not in ('done', 'closed') or next_at is null", name=op.f("ck_follow_up_over")
        ),
        sa.ForeignKeyConstraint(
            ["community_id", "plan_id"],
            ["plan.community_id", "plan.id"],
            name=op.f("fk_follow_up_community_id_plan_id"),
        ),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name=op.f("fk_follow_up_community_id")),
        sa.ForeignKeyConstraint(["deputy_id"], ["account.id"], name=op.f("fk_follow_up_deputy_id")),
        sa.ForeignKeyConstraint(["owner_id"], ["account.id"], name=op.f("fk_follow_up_owner_id")),
        sa.PrimaryKeyConstraint("community_id", "id", name=op.f("pk_follow_up")),
        sa.UniqueConstraint(
            "community_id",
            "plan_id",
            "subject_id",
            "occurrence",
            name=op.f("uq_follow_up_community_id_plan_id_subject_id_occurrence"),
        ),
    )
    op.create_index(
        "ix_follow_up_next", "follow_up", ["next_at"], unique=False, postgresql_where="next_at is not null"
    )
    op.create_index("ix_follow_up_owner", "follow_up", ["community_id", "owner_id", "due_on"], unique=False)
    op.create_index(
        "ix_follow_up_subject", "follow_up", ["community_id", "subject_kind", "subject_id"], unique=False
    )
    op.create_table(
        "follow_up_entry",
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("follow_up_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=True),
        sa.Column("action", sa.String(length=20), nullable=False),
        sa.Column("to_id", sa.Uuid(), nullable=True),
        sa.Column("reason", sa.String(length=30), nullable=False),
        sa.Column("note", sa.LargeBinary(), nullable=True),
        sa.Column("from_on", sa.Date(), nullable=True),
        sa.Column("to_on", sa.Date(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["community_id", "follow_up_id"],
            ["follow_up.community_id", "follow_up.id"],
            name=op.f("fk_follow_up_entry_community_id_follow_up_id"),
        ),
        sa.ForeignKeyConstraint(
            ["community_id"], ["community.id"], name=op.f("fk_follow_up_entry_community_id")
        ),
        sa.PrimaryKeyConstraint("community_id", "id", name=op.f("pk_follow_up_entry")),
    )
    op.create_index(
        "ix_follow_up_entry_follow_up", "follow_up_entry", ["community_id", "follow_up_id"], unique=False
    )

    isolation.protect(op.execute, "plan", "follow_up")
    isolation.protect(op.execute, "follow_up_entry", grants="SELECT, INSERT")
    isolation.append_only(op.execute, "follow_up_entry")
    isolation.sweep(op.execute, "follow_up", "next_at <= now()", "next_at")


def downgrade() -> None:
    op.drop_table("follow_up_entry")
    op.drop_table("follow_up")
    op.drop_table("plan")

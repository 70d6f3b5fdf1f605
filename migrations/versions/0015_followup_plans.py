"""Plans with rules of their own, what is late told again, absences."""

import sqlalchemy as sa
from alembic import op

from services.core import isolation

revision = "0015_followup_plans"
down_revision = "0014_message_channels"
branch_labels = None
depends_on = None

# Row-level security hides every row from a migration; a change of type rewrites them all the same.
TO_RULE = (
    "CASE WHEN every_months IS NULL THEN '' WHEN every_months = 1 THEN 'FREQ=MONTHLY' "
    "ELSE 'FREQ=MONTHLY;INTERVAL=' || every_months END"
)
# Rules that months cannot say come back as the nearest that can, rather too often than never.
TO_MONTHS = (
    "CASE WHEN rule = '' THEN NULL "
    "WHEN rule LIKE 'FREQ=MONTHLY%' THEN coalesce(substring(rule from 'INTERVAL=([0-9]+)')::int, 1) "
    "WHEN rule LIKE 'FREQ=YEARLY%' THEN 12 * coalesce(substring(rule from 'INTERVAL=([0-9]+)')::int, 1) "
    "ELSE 1 END"
)


def upgrade() -> None:
    op.execute(f"ALTER TABLE plan ALTER COLUMN every_months TYPE varchar(200) USING {TO_RULE}")
    op.alter_column("plan", "every_months", new_column_name="rule", nullable=False)
    op.add_column("plan", sa.Column("on_holiday", sa.String(10), nullable=False, server_default="next"))
    op.add_column("plan", sa.Column("remind_every", sa.Integer(), nullable=True))
    op.add_column("plan", sa.Column("late_to", sa.String(10), nullable=False, server_default="deputy"))
    op.create_check_constraint(
        op.f("ck_plan_on_holiday"), "plan", "on_holiday in ('next', 'previous', 'same', 'skip')"
    )
    op.create_check_constraint(op.f("ck_plan_late_to"), "plan", "late_to in ('deputy', 'staff', 'admin')")
    op.add_column("follow_up", sa.Column("escalations", sa.Integer(), nullable=False, server_default="0"))
    for table, column in (("plan", "on_holiday"), ("plan", "late_to"), ("follow_up", "escalations")):
        op.alter_column(table, column, server_default=None)
    # What is late already is spoken of again too. Policies read this column, so its type cannot change.
    op.execute("ALTER TABLE follow_up NO FORCE ROW LEVEL SECURITY")
    op.execute("UPDATE follow_up SET next_at = now() WHERE state = 'escalated'")
    op.execute("ALTER TABLE follow_up FORCE ROW LEVEL SECURITY")
    _absences()


def _absences() -> None:
    op.create_table(
        "absence",
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("deputy_id", sa.Uuid(), nullable=True),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("cancelled", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("since <= until", name=op.f("ck_absence_days")),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name=op.f("fk_absence_community_id")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_absence_account_id")),
        sa.ForeignKeyConstraint(["deputy_id"], ["account.id"], name=op.f("fk_absence_deputy_id")),
        sa.PrimaryKeyConstraint("community_id", "id", name=op.f("pk_absence")),
    )
    op.create_index("ix_absence_account", "absence", ["community_id", "account_id", "until"])
    op.create_index("ix_absence_deputy", "absence", ["community_id", "deputy_id", "until"])
    isolation.protect(op.execute, "absence")


def downgrade() -> None:
    op.drop_table("absence")
    op.drop_column("follow_up", "escalations")
    op.drop_constraint(op.f("ck_plan_late_to"), "plan", type_="check")
    op.drop_constraint(op.f("ck_plan_on_holiday"), "plan", type_="check")
    for column in ("late_to", "remind_every", "on_holiday"):
        op.drop_column("plan", column)
    op.alter_column("plan", "rule", nullable=True)
    op.execute(f"ALTER TABLE plan ALTER COLUMN rule TYPE integer USING {TO_MONTHS}")
    op.alter_column("plan", "rule", new_column_name="every_months")

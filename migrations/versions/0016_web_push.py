"""Notifications on people's devices: the browsers that show them, and a channel for them."""

import sqlalchemy as sa
from alembic import op

from services.core import isolation

revision = "0016_web_push"
down_revision = "0015_followup_plans"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "push_subscription",
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("endpoint", sa.LargeBinary(), nullable=False),
        sa.Column("p256dh", sa.LargeBinary(), nullable=False),
        sa.Column("auth", sa.LargeBinary(), nullable=False),
        sa.Column("endpoint_key", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_push_subscription_account_id")),
        sa.ForeignKeyConstraint(
            ["community_id"], ["community.id"], name=op.f("fk_push_subscription_community_id")
        ),
        sa.PrimaryKeyConstraint("community_id", "id", name=op.f("pk_push_subscription")),
        sa.UniqueConstraint(
            "community_id", "endpoint_key", name=op.f("uq_push_subscription_community_id_endpoint_key")
        ),
    )
    op.create_index("ix_push_subscription_account", "push_subscription", ["community_id", "account_id"])
    isolation.protect(op.execute, "push_subscription")
    _channels("channel in ('inbox', 'push', 'email', 'sms', 'chat')")


def downgrade() -> None:
    # The owner too is held by row-level security, and serves no community here. The inbox has these messages too.
    op.execute("ALTER TABLE message NO FORCE ROW LEVEL SECURITY")
    op.execute("DELETE FROM message WHERE channel = 'push'")
    op.execute("ALTER TABLE message FORCE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE preference NO FORCE ROW LEVEL SECURITY")
    op.execute("UPDATE preference SET channels = array_remove(channels, 'push')")
    op.execute("ALTER TABLE preference FORCE ROW LEVEL SECURITY")
    _channels("channel in ('inbox', 'email', 'sms', 'chat')")
    op.drop_table("push_subscription")


def _channels(condition: str) -> None:
    op.drop_constraint(op.f("ck_message_channel"), "message")
    op.create_check_constraint(op.f("ck_message_channel"), "message", condition)

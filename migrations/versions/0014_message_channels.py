"""Messages by every channel: what a person prefers, a community's own words, and how fast it may send."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from services.core import isolation

revision = "0014_message_channels"
down_revision = "0013_fair_sweep"
branch_labels = None
depends_on = None

DEAD = "state = 'failed' and noticed_at is null"


def upgrade() -> None:
    op.create_table(
        "preference",
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("channels", postgresql.ARRAY(sa.String()), nullable=False),
        sa.Column("quiet_from", sa.Time(), nullable=True),
        sa.Column("quiet_until", sa.Time(), nullable=True),
        sa.Column("digest", sa.Boolean(), nullable=False),
        sa.Column("blocked", postgresql.ARRAY(sa.String()), nullable=False),
        sa.Column("chat_url", sa.LargeBinary(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("(quiet_from is null) = (quiet_until is null)", name=op.f("ck_preference_quiet")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_preference_account_id")),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name=op.f("fk_preference_community_id")),
        sa.PrimaryKeyConstraint("community_id", "id", name=op.f("pk_preference")),
        sa.UniqueConstraint("community_id", "account_id", name=op.f("uq_preference_community_id_account_id")),
    )
    op.create_table(
        "wording",
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("language", sa.String(length=10), nullable=False),
        sa.Column("subject", sa.String(length=120), nullable=False),
        sa.Column("body", sa.String(length=2000), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name=op.f("fk_wording_community_id")),
        sa.PrimaryKeyConstraint("community_id", "id", name=op.f("pk_wording")),
        sa.UniqueConstraint(
            "community_id", "code", "language", name=op.f("uq_wording_community_id_code_language")
        ),
    )
    isolation.protect(op.execute, "preference", "wording")

    op.add_column(
        "community", sa.Column("messages_a_minute", sa.Integer(), nullable=False, server_default="300")
    )
    op.alter_column("community", "messages_a_minute", server_default=None)
    op.create_check_constraint(
        op.f("ck_community_messages_a_minute"), "community", "messages_a_minute between 1 and 10000"
    )

    op.add_column("message", sa.Column("reference", sa.Uuid(), nullable=True))
    op.add_column("message", sa.Column("noticed_at", sa.DateTime(timezone=True), nullable=True))
    # The owner too is held by row-level security, and serves no community here.
    op.execute("ALTER TABLE message NO FORCE ROW LEVEL SECURITY")
    op.execute("UPDATE message SET reference = id WHERE channel = 'email' AND state = 'sent'")
    op.execute("ALTER TABLE message FORCE ROW LEVEL SECURITY")
    _checks(
        "channel in ('inbox', 'email', 'sms', 'chat')", "state in ('queued', 'sent', 'delivered', 'failed')"
    )
    op.create_index("ix_message_dead", "message", ["community_id", "due_at"], postgresql_where=sa.text(DEAD))
    op.create_index(
        "ix_message_sent",
        "message",
        ["community_id", "sent_at"],
        postgresql_where=sa.text("channel <> 'inbox'"),
    )
    op.create_index(
        "ix_message_reference",
        "message",
        ["community_id", "reference"],
        postgresql_where=sa.text("reference is not null"),
    )
    # Beside the policy for what is due: policies add up.
    op.execute(
        f"CREATE POLICY sweeper_dead ON message TO {isolation.SWEEPER} USING ({DEAD}) WITH CHECK ({DEAD})"
    )
    op.execute(f"GRANT SELECT (noticed_at) ON message TO {isolation.SWEEPER}")


def downgrade() -> None:
    # These cannot be told any more: the inbox has them too.
    op.execute("ALTER TABLE message NO FORCE ROW LEVEL SECURITY")
    op.execute("DELETE FROM message WHERE channel IN ('sms', 'chat')")
    op.execute("UPDATE message SET state = 'sent' WHERE state = 'delivered'")
    op.execute("ALTER TABLE message FORCE ROW LEVEL SECURITY")
    op.execute("DROP POLICY sweeper_dead ON message")
    for index in ("ix_message_reference", "ix_message_sent", "ix_message_dead"):
        op.drop_index(index, table_name="message")
    _checks("channel in ('inbox', 'email')", "state in ('queued', 'sent', 'failed')")
    op.drop_column("message", "noticed_at")
    op.drop_column("message", "reference")
    op.drop_constraint(op.f("ck_community_messages_a_minute"), "community")
    op.drop_column("community", "messages_a_minute")
    op.drop_table("wording")
    op.drop_table("preference")


def _checks(channel: str, state: str) -> None:
    for name, condition in (("channel", channel), ("state", state)):
        op.drop_constraint(op.f(f"ck_message_{name}"), "message")
        op.create_check_constraint(op.f(f"ck_message_{name}"), "message", condition)

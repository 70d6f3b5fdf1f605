"""The outbox."""

import sqlalchemy as sa
from alembic import op

from services.core import isolation

revision = "0003_messages"
down_revision = "0002_people"
branch_labels = None
depends_on = None


def upgrade() -> None:

    op.create_table(
        "message",
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("channel", sa.String(length=10), nullable=False),
        sa.Column("template", sa.String(length=40), nullable=False),
        sa.Column("params", sa.LargeBinary(), nullable=False),
        sa.Column("language", sa.String(length=10), nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("path", sa.String(length=200), nullable=False),
        sa.Column("subject_kind", sa.String(length=30), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("error", sa.String(length=60), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("channel in ('inbox', 'email')", name=op.f("ck_message_channel")),
        sa.CheckConstraint("state in ('queued', 'sent', 'failed')", name=op.f("ck_message_state")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_message_account_id")),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name=op.f("fk_message_community_id")),
        sa.PrimaryKeyConstraint("community_id", "id", name=op.f("pk_message")),
        sa.UniqueConstraint(
            "community_id", "key", "channel", name=op.f("uq_message_community_id_key_channel")
        ),
    )
    op.create_index("ix_message_account", "message", ["community_id", "account_id", "id"], unique=False)
    op.create_index(
        "ix_message_due",
        "message",
        ["due_at"],
        unique=False,
        postgresql_where="state = 'queued'",
    )

    isolation.protect(op.execute, "message")
    isolation.sweep(op.execute, "message", "state = 'queued' and due_at <= now()", "state, due_at")


def downgrade() -> None:
    op.drop_table("message")

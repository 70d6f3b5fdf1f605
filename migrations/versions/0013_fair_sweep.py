"""The sweep looks community by community: indexes that find each one's due rows, and the list of communities."""

from alembic import op

revision = "0013_fair_sweep"
down_revision = "0012_matching"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index("ix_follow_up_next", "follow_up")
    op.create_index(
        "ix_follow_up_next", "follow_up", ["community_id", "next_at"], postgresql_where="next_at is not null"
    )
    op.drop_index("ix_message_due", "message")
    op.create_index(
        "ix_message_due", "message", ["community_id", "due_at"], postgresql_where="state = 'queued'"
    )
    op.execute("GRANT SELECT (id) ON community TO linli_sweeper")


def downgrade() -> None:
    op.execute("REVOKE SELECT (id) ON community FROM linli_sweeper")
    op.drop_index("ix_message_due", "message")
    op.create_index("ix_message_due", "message", ["due_at"], postgresql_where="state = 'queued'")
    op.drop_index("ix_follow_up_next", "follow_up")
    op.create_index("ix_follow_up_next", "follow_up", ["next_at"], postgresql_where="next_at is not null")

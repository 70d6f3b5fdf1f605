"""Webhooks: where other systems hear of what happens, and each telling of it."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from services.core import isolation

revision = "0035_webhooks"
down_revision = "0034_access"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "webhook_endpoint",
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("url", sa.LargeBinary(), nullable=False),
        sa.Column("events", postgresql.ARRAY(sa.String()), nullable=False),
        sa.Column("secret", sa.LargeBinary(), nullable=False),
        sa.Column("old_secret", sa.LargeBinary(), nullable=True),
        sa.Column("old_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("reason", sa.String(20), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("failing_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("rests_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_success_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "state in ('on', 'paused', 'stopped', 'removed')", name=op.f("ck_webhook_endpoint_state")
        ),
        sa.CheckConstraint(
            "(old_secret is null) = (old_until is null)", name=op.f("ck_webhook_endpoint_old_secret")
        ),
        sa.ForeignKeyConstraint(
            ["community_id"], ["community.id"], name=op.f("fk_webhook_endpoint_community_id")
        ),
        sa.PrimaryKeyConstraint("community_id", "id", name=op.f("pk_webhook_endpoint")),
    )
    # A removed one stays for the sake of its deliveries, emptied.
    isolation.protect(op.execute, "webhook_endpoint", grants="SELECT, INSERT, UPDATE")
    op.create_table(
        "webhook_delivery",
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("endpoint_id", sa.Uuid(), nullable=False),
        sa.Column("event", sa.String(60), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("subject_kind", sa.String(30), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("error", sa.String(20), nullable=True),
        sa.Column("tried_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "state in ('waiting', 'delivered', 'failed')", name=op.f("ck_webhook_delivery_state")
        ),
        sa.ForeignKeyConstraint(
            ["community_id"], ["community.id"], name=op.f("fk_webhook_delivery_community_id")
        ),
        sa.ForeignKeyConstraint(
            ["community_id", "endpoint_id"],
            ["webhook_endpoint.community_id", "webhook_endpoint.id"],
            name=op.f("fk_webhook_delivery_community_id_endpoint_id"),
        ),
        sa.PrimaryKeyConstraint("community_id", "id", name=op.f("pk_webhook_delivery")),
    )
    op.create_index("ix_webhook_delivery_endpoint", "webhook_delivery", ["community_id", "endpoint_id", "id"])
    op.create_index("ix_webhook_delivery_next", "webhook_delivery", ["community_id", "next_at"])
    isolation.protect(op.execute, "webhook_delivery")
    isolation.sweep(op.execute, "webhook_delivery", "next_at <= now()", "next_at")


def downgrade() -> None:
    op.drop_table("webhook_delivery")
    op.drop_table("webhook_endpoint")

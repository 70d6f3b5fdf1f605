"""Numbered certificates of confirmed hours."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from services.core import isolation

revision = "0018_certificates"
down_revision = "0017_witness"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "certificate",
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("volunteer_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("visits", postgresql.ARRAY(sa.Uuid()), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("issued_by", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("since <= until", name=op.f("ck_certificate_days")),
        sa.CheckConstraint("minutes > 0", name=op.f("ck_certificate_minutes")),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name=op.f("fk_certificate_community_id")),
        sa.ForeignKeyConstraint(
            ["community_id", "volunteer_id"],
            ["volunteer.community_id", "volunteer.id"],
            name=op.f("fk_certificate_community_id_volunteer_id"),
        ),
        sa.PrimaryKeyConstraint("community_id", "id", name=op.f("pk_certificate")),
        sa.UniqueConstraint("community_id", "number", name=op.f("uq_certificate_community_id_number")),
    )
    op.create_index("ix_certificate_volunteer", "certificate", ["community_id", "volunteer_id", "id"])
    # What a paper says is never changed; a false one is known by its visits. Only whose file it lies in may change.
    isolation.protect(op.execute, "certificate", grants="SELECT, INSERT, DELETE, UPDATE (volunteer_id)")


def downgrade() -> None:
    op.drop_table("certificate")

"""Regions, communities, buildings and the audit."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from services.core import isolation

revision = "0001_communities"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:

    op.create_table(
        "region",
        sa.Column("id", sa.Integer(), sa.Identity(always=False), nullable=False),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("name_en", sa.String(length=60), nullable=False),
        sa.Column("path", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["parent_id"], ["region.id"], name=op.f("fk_region_parent_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_region")),
    )
    op.create_table(
        "community",
        sa.Column("id", sa.Integer(), sa.Identity(always=False), nullable=False),
        sa.Column("street_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("name_en", sa.String(length=60), nullable=False),
        sa.Column("zone", sa.String(length=40), nullable=False),
        sa.Column("estates", postgresql.ARRAY(sa.String()), nullable=False),
        sa.Column("households_total", sa.Integer(), nullable=False),
        sa.Column("people_total", sa.Integer(), nullable=False),
        sa.Column("floating_total", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["street_id"], ["region.id"], name=op.f("fk_community_street_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_community")),
        sa.UniqueConstraint("code", name=op.f("uq_community_code")),
    )
    op.create_table(
        "building",
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("estate", sa.String(length=60), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("x", sa.Float(), nullable=True),
        sa.Column("y", sa.Float(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name=op.f("fk_building_community_id")),
        sa.PrimaryKeyConstraint("community_id", "id", name=op.f("pk_building")),
        sa.UniqueConstraint(
            "community_id", "estate", "number", name=op.f("uq_building_community_id_estate_number")
        ),
    )
    op.create_table(
        "audit_entry",
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=True),
        sa.Column("action", sa.String(length=60), nullable=False),
        sa.Column("subject_kind", sa.String(length=30), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=True),
        sa.Column("details", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("previous", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name=op.f("fk_audit_entry_community_id")),
        sa.PrimaryKeyConstraint("community_id", "id", name=op.f("pk_audit_entry")),
    )

    op.execute("GRANT USAGE ON SCHEMA public TO linli_app, linli_sweeper")
    op.execute("GRANT SELECT, INSERT, UPDATE ON region, community TO linli_app")
    # /readyz tells whether the database is migrated.
    op.execute("GRANT SELECT ON alembic_version TO linli_app")
    op.execute(
        "CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'append-only' USING ERRCODE = 'restrict_violation'; END $$"
    )
    isolation.protect(op.execute, "building")
    isolation.protect(op.execute, "audit_entry", grants="SELECT, INSERT")
    isolation.append_only(op.execute, "audit_entry")


def downgrade() -> None:
    op.drop_table("audit_entry")
    op.drop_table("building")
    op.drop_table("community")
    op.drop_table("region")
    op.execute("DROP FUNCTION refuse_change()")
    op.execute("REVOKE USAGE ON SCHEMA public FROM linli_app, linli_sweeper")

"""Households, residents and needs."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from services.core import isolation

revision = "0006_households"
down_revision = "0005_volunteers"
branch_labels = None
depends_on = None


def upgrade() -> None:

    op.create_table(
        "household",
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=True),
        sa.Column("building_id", sa.Uuid(), nullable=False),
        sa.Column("entrance", sa.String(length=20), nullable=False),
        sa.Column("door", sa.LargeBinary(), nullable=False),
        sa.Column("door_key", sa.String(length=64), nullable=False),
        sa.Column("phone", sa.LargeBinary(), nullable=True),
        sa.Column("phone_key", sa.String(length=64), nullable=True),
        sa.Column("tail_key", sa.String(length=64), nullable=True),
        sa.Column("people", sa.Integer(), nullable=True),
        sa.Column("categories", sa.LargeBinary(), nullable=False),
        sa.Column("category_keys", postgresql.ARRAY(sa.String()), nullable=False),
        sa.Column("languages", postgresql.ARRAY(sa.String()), nullable=False),
        sa.Column("circumstances", postgresql.ARRAY(sa.String()), nullable=False),
        sa.Column("gender_wish", sa.String(length=10), nullable=False),
        sa.Column("note", sa.LargeBinary(), nullable=True),
        sa.Column("places", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("places between 1 and 20", name=op.f("ck_household_places")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_household_account_id")),
        sa.ForeignKeyConstraint(
            ["community_id", "building_id"],
            ["building.community_id", "building.id"],
            name=op.f("fk_household_community_id_building_id"),
        ),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name=op.f("fk_household_community_id")),
        sa.PrimaryKeyConstraint("community_id", "id", name=op.f("pk_household")),
    )
    op.create_index(
        "uq_household_door_key",
        "household",
        ["community_id", "door_key"],
        unique=True,
        postgresql_where="state = 'active'",
    )
    op.create_index("ix_household_name", "household", ["community_id", "name"], unique=False)
    op.create_index("ix_household_phone_key", "household", ["community_id", "phone_key"], unique=False)
    op.create_table(
        "resident",
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("household_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("gender", sa.String(length=10), nullable=False),
        sa.Column("birthday", sa.LargeBinary(), nullable=True),
        sa.Column("head", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["community_id", "household_id"],
            ["household.community_id", "household.id"],
            name=op.f("fk_resident_community_id_household_id"),
        ),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name=op.f("fk_resident_community_id")),
        sa.PrimaryKeyConstraint("community_id", "id", name=op.f("pk_resident")),
    )
    op.create_index("ix_resident_household", "resident", ["community_id", "household_id"], unique=False)
    op.create_table(
        "need",
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("household_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("hours", sa.Numeric(precision=4, scale=1), nullable=True),
        sa.Column("times", sa.Integer(), nullable=True),
        sa.Column("once", sa.Boolean(), nullable=False),
        sa.Column("week", sa.LargeBinary(), nullable=True),
        sa.Column("urgency", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("met_on", sa.Date(), nullable=True),
        sa.Column("close_reason", sa.String(length=30), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("urgency between 1 and 5", name=op.f("ck_need_urgency")),
        sa.ForeignKeyConstraint(
            ["community_id", "household_id"],
            ["household.community_id", "household.id"],
            name=op.f("fk_need_community_id_household_id"),
        ),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name=op.f("fk_need_community_id")),
        sa.PrimaryKeyConstraint("community_id", "id", name=op.f("pk_need")),
    )
    op.create_index("ix_need_household", "need", ["community_id", "household_id"], unique=False)

    isolation.protect(op.execute, "household", "resident", "need")


def downgrade() -> None:
    op.drop_table("need")
    op.drop_table("resident")
    op.drop_table("household")

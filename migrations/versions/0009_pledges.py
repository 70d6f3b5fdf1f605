"""Units, pledges, allocations, deliveries and movements."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from services.core import isolation

revision = "0009_pledges"
down_revision = "0008_visits"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("CREATE EXTENSION IF NOT EXISTS btree_gist")

    op.create_table(
        "unit",
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("wish", sa.String(length=200), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name=op.f("fk_unit_community_id")),
        sa.PrimaryKeyConstraint("community_id", "id", name=op.f("pk_unit")),
        sa.UniqueConstraint("community_id", "name", name=op.f("uq_unit_community_id_name")),
    )
    op.create_table(
        "unit_person",
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=True),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("phone", sa.LargeBinary(), nullable=True),
        sa.Column("phone_key", sa.String(length=64), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_unit_person_account_id")),
        sa.ForeignKeyConstraint(
            ["community_id", "unit_id"],
            ["unit.community_id", "unit.id"],
            name=op.f("fk_unit_person_community_id_unit_id"),
        ),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name=op.f("fk_unit_person_community_id")),
        sa.PrimaryKeyConstraint("community_id", "id", name=op.f("pk_unit_person")),
        sa.UniqueConstraint(
            "community_id", "account_id", name=op.f("uq_unit_person_community_id_account_id")
        ),
    )
    op.create_index("ix_unit_person_unit", "unit_person", ["community_id", "unit_id"], unique=False)
    op.create_table(
        "pledge",
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("item", sa.String(length=80), nullable=False),
        sa.Column("need_kind", sa.String(length=30), nullable=False),
        sa.Column("measure", sa.String(length=20), nullable=False),
        sa.Column("period", sa.String(length=10), nullable=False),
        sa.Column("promised", sa.BigInteger(), nullable=False),
        sa.Column("week", sa.LargeBinary(), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("conditions", sa.String(length=200), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("ends_on is null or ends_on >= starts_on", name=op.f("ck_pledge_order")),
        sa.CheckConstraint("promised > 0", name=op.f("ck_pledge_promised")),
        sa.ForeignKeyConstraint(
            ["community_id", "unit_id"],
            ["unit.community_id", "unit.id"],
            name=op.f("fk_pledge_community_id_unit_id"),
        ),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name=op.f("fk_pledge_community_id")),
        sa.PrimaryKeyConstraint("community_id", "id", name=op.f("pk_pledge")),
    )
    op.create_index("ix_pledge_unit", "pledge", ["community_id", "unit_id"], unique=False)
    op.create_table(
        "balance",
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("pledge_id", sa.Uuid(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("promised", sa.BigInteger(), nullable=False),
        sa.Column("free", sa.BigInteger(), nullable=False),
        sa.Column("reserved", sa.BigInteger(), nullable=False),
        sa.Column("delivered", sa.BigInteger(), nullable=False),
        sa.Column("withdrawn", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "free >= 0 and reserved >= 0 and delivered >= 0 and withdrawn >= 0",
            name=op.f("ck_balance_not_negative"),
        ),
        sa.CheckConstraint(
            "free + reserved + delivered + withdrawn = promised", name=op.f("ck_balance_whole")
        ),
        sa.ForeignKeyConstraint(
            ["community_id", "pledge_id"],
            ["pledge.community_id", "pledge.id"],
            name=op.f("fk_balance_community_id_pledge_id"),
        ),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name=op.f("fk_balance_community_id")),
        sa.PrimaryKeyConstraint("community_id", "id", name=op.f("pk_balance")),
        sa.UniqueConstraint(
            "community_id", "pledge_id", "starts_on", name=op.f("uq_balance_community_id_pledge_id_starts_on")
        ),
    )
    op.create_table(
        "allocation",
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("pledge_id", sa.Uuid(), nullable=False),
        sa.Column("balance_id", sa.Uuid(), nullable=False),
        sa.Column("household_id", sa.Uuid(), nullable=False),
        sa.Column("need_id", sa.Uuid(), nullable=True),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.Column("during", postgresql.TSTZRANGE(), nullable=True),
        sa.Column("planned_on", sa.Date(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        postgresql.ExcludeConstraint(
            (sa.column("community_id"), "="),
            (sa.column("pledge_id"), "="),
            (sa.column("during"), "&&"),
            where=sa.text("during is not null and state <> 'released'"),
            using="gist",
            name="ex_allocation_during",
        ),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_allocation_quantity")),
        sa.ForeignKeyConstraint(
            ["community_id", "balance_id"],
            ["balance.community_id", "balance.id"],
            name=op.f("fk_allocation_community_id_balance_id"),
        ),
        sa.ForeignKeyConstraint(
            ["community_id", "household_id"],
            ["household.community_id", "household.id"],
            name=op.f("fk_allocation_community_id_household_id"),
        ),
        sa.ForeignKeyConstraint(
            ["community_id", "need_id"],
            ["need.community_id", "need.id"],
            name=op.f("fk_allocation_community_id_need_id"),
        ),
        sa.ForeignKeyConstraint(
            ["community_id", "pledge_id"],
            ["pledge.community_id", "pledge.id"],
            name=op.f("fk_allocation_community_id_pledge_id"),
        ),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name=op.f("fk_allocation_community_id")),
        sa.PrimaryKeyConstraint("community_id", "id", name=op.f("pk_allocation")),
    )
    op.create_index("ix_allocation_household", "allocation", ["community_id", "household_id"], unique=False)
    op.create_index("ix_allocation_pledge", "allocation", ["community_id", "pledge_id"], unique=False)
    op.create_table(
        "delivery",
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("allocation_id", sa.Uuid(), nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.Column("delivered_on", sa.Date(), nullable=False),
        sa.Column("receiver", sa.LargeBinary(), nullable=False),
        sa.Column("signature", sa.LargeBinary(), nullable=True),
        sa.Column("how", sa.String(length=10), nullable=False),
        sa.Column("noted_by", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_delivery_quantity")),
        sa.ForeignKeyConstraint(
            ["community_id", "allocation_id"],
            ["allocation.community_id", "allocation.id"],
            name=op.f("fk_delivery_community_id_allocation_id"),
        ),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name=op.f("fk_delivery_community_id")),
        sa.PrimaryKeyConstraint("community_id", "id", name=op.f("pk_delivery")),
        sa.UniqueConstraint(
            "community_id", "allocation_id", name=op.f("uq_delivery_community_id_allocation_id")
        ),
    )
    op.create_table(
        "movement",
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("pledge_id", sa.Uuid(), nullable=False),
        sa.Column("balance_id", sa.Uuid(), nullable=False),
        sa.Column("allocation_id", sa.Uuid(), nullable=True),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=True),
        sa.Column("reason", sa.String(length=30), nullable=False),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_movement_quantity")),
        sa.ForeignKeyConstraint(
            ["community_id", "balance_id"],
            ["balance.community_id", "balance.id"],
            name=op.f("fk_movement_community_id_balance_id"),
        ),
        sa.ForeignKeyConstraint(
            ["community_id", "allocation_id"],
            ["allocation.community_id", "allocation.id"],
            name=op.f("fk_movement_community_id_allocation_id"),
        ),
        sa.ForeignKeyConstraint(
            ["community_id", "pledge_id"],
            ["pledge.community_id", "pledge.id"],
            name=op.f("fk_movement_community_id_pledge_id"),
        ),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name=op.f("fk_movement_community_id")),
        sa.PrimaryKeyConstraint("community_id", "id", name=op.f("pk_movement")),
    )
    op.create_index("ix_movement_pledge", "movement", ["community_id", "pledge_id"], unique=False)

    isolation.protect(op.execute, "unit", "unit_person", "pledge", "balance", "allocation", "delivery")
    isolation.protect(op.execute, "movement", grants="SELECT, INSERT")
    isolation.append_only(op.execute, "movement")


def downgrade() -> None:
    op.drop_table("movement")
    op.drop_table("delivery")
    op.drop_table("allocation")
    op.drop_table("balance")
    op.drop_table("pledge")
    op.drop_table("unit_person")
    op.drop_table("unit")

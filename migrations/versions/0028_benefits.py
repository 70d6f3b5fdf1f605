"""What a unit works on, hopes for and got in return; what a pledge is for; whom a unit looks after."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from services.core import isolation

revision = "0028_benefits"
down_revision = "0027_wishes"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _add("unit", sa.Column("area", sa.String(80), nullable=False, server_default=""))
    _add("unit", sa.Column("hopes", postgresql.ARRAY(sa.String()), nullable=False, server_default="{}"))
    _add("pledge", sa.Column("theme", sa.String(20), nullable=False, server_default=""))
    op.create_table(
        "benefit",
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("line", sa.String(200), nullable=False),
        sa.Column("given_on", sa.Date(), nullable=False),
        sa.Column("counters", sa.Uuid(), nullable=True),
        sa.Column("account_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name=op.f("fk_benefit_community_id")),
        _link("benefit", "unit_id", "unit"),
        _link("benefit", "counters", "benefit"),
        sa.PrimaryKeyConstraint("community_id", "id", name=op.f("pk_benefit")),
        sa.UniqueConstraint("community_id", "counters", name=op.f("uq_benefit_community_id_counters")),
    )
    op.create_index("ix_benefit_unit", "benefit", ["community_id", "unit_id"])
    isolation.protect(op.execute, "benefit", grants="SELECT, INSERT")
    isolation.append_only(op.execute, "benefit")
    op.create_table(
        "unit_pairing",
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("household_id", sa.Uuid(), nullable=True),
        sa.Column("rhythm", sa.String(20), nullable=False),
        sa.Column("started_on", sa.Date(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("end_reason", sa.String(30), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("ended_on is null or ended_on >= started_on", name=op.f("ck_unit_pairing_order")),
        sa.ForeignKeyConstraint(
            ["community_id"], ["community.id"], name=op.f("fk_unit_pairing_community_id")
        ),
        _link("unit_pairing", "unit_id", "unit"),
        _link("unit_pairing", "household_id", "household"),
        sa.PrimaryKeyConstraint("community_id", "id", name=op.f("pk_unit_pairing")),
    )
    op.create_index("ix_unit_pairing_unit", "unit_pairing", ["community_id", "unit_id"])
    op.create_index("ix_unit_pairing_household", "unit_pairing", ["community_id", "household_id"])
    isolation.protect(op.execute, "unit_pairing", grants="SELECT, INSERT, UPDATE")


def _add(table: str, column: sa.Column) -> None:
    op.add_column(table, column)
    op.alter_column(table, column.name, server_default=None)


def _link(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["community_id", column],
        [f"{target}.community_id", f"{target}.id"],
        name=op.f(f"fk_{table}_community_id_{column}"),
    )


def downgrade() -> None:
    op.drop_table("unit_pairing")
    op.drop_table("benefit")
    op.drop_column("pledge", "theme")
    op.drop_column("unit", "hopes")
    op.drop_column("unit", "area")

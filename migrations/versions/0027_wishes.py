"""Small wishes of households, and who has taken one on."""

import sqlalchemy as sa
from alembic import op

from services.core import isolation

revision = "0027_wishes"
down_revision = "0026_returns"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "wish",
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("household_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("text", sa.LargeBinary(), nullable=False),
        sa.Column("worth", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("close_reason", sa.String(30), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("worth between 1 and 500", name=op.f("ck_wish_worth")),
        sa.CheckConstraint(
            "state in ('asked', 'open', 'claimed', 'fulfilled', 'confirmed', 'closed')",
            name=op.f("ck_wish_state"),
        ),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name=op.f("fk_wish_community_id")),
        _link("wish", "household_id", "household"),
        sa.PrimaryKeyConstraint("community_id", "id", name=op.f("pk_wish")),
    )
    op.create_index("ix_wish_household", "wish", ["community_id", "household_id"])
    op.create_index("ix_wish_state", "wish", ["community_id", "state", "id"])
    op.create_table(
        "wish_claim",
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("wish_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("claimed_on", sa.Date(), nullable=False),
        sa.Column("given_back_on", sa.Date(), nullable=True),
        sa.Column("fulfilled_on", sa.Date(), nullable=True),
        sa.Column("note", sa.LargeBinary(), nullable=True),
        sa.Column("confirmed_on", sa.Date(), nullable=True),
        sa.Column("confirmed_by", sa.String(10), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "given_back_on is null or fulfilled_on is null", name=op.f("ck_wish_claim_one_end")
        ),
        sa.CheckConstraint(
            "confirmed_on is null or fulfilled_on is not null", name=op.f("ck_wish_claim_order")
        ),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_wish_claim_account_id")),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name=op.f("fk_wish_claim_community_id")),
        _link("wish_claim", "wish_id", "wish"),
        sa.PrimaryKeyConstraint("community_id", "id", name=op.f("pk_wish_claim")),
    )
    op.create_index(
        "uq_wish_claim_wish",
        "wish_claim",
        ["community_id", "wish_id"],
        unique=True,
        postgresql_where=sa.text("given_back_on is null"),
    )
    op.create_index("ix_wish_claim_account", "wish_claim", ["community_id", "account_id", "id"])
    op.create_index(
        "ix_wish_claim_next",
        "wish_claim",
        ["community_id", "next_at"],
        postgresql_where=sa.text("next_at is not null"),
    )
    isolation.protect(op.execute, "wish", "wish_claim", grants="SELECT, INSERT, UPDATE")
    isolation.sweep(op.execute, "wish_claim", "next_at <= now()", "next_at")


def _link(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["community_id", column],
        [f"{target}.community_id", f"{target}.id"],
        name=op.f(f"fk_{table}_community_id_{column}"),
    )


def downgrade() -> None:
    op.drop_table("wish_claim")
    op.drop_table("wish")

"""What the office insists on: pairs, and households left out, that the next runs take as given."""

import sqlalchemy as sa
from alembic import op

from services.core import isolation

revision = "0022_locks"
down_revision = "0021_settings"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "pair_lock",
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("household_id", sa.Uuid(), nullable=False),
        sa.Column("volunteer_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["community_id", "household_id"],
            ["household.community_id", "household.id"],
            name=op.f("fk_pair_lock_community_id_household_id"),
        ),
        sa.ForeignKeyConstraint(
            ["community_id", "volunteer_id"],
            ["volunteer.community_id", "volunteer.id"],
            name=op.f("fk_pair_lock_community_id_volunteer_id"),
        ),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name=op.f("fk_pair_lock_community_id")),
        sa.PrimaryKeyConstraint("community_id", "id", name=op.f("pk_pair_lock")),
    )
    op.create_index(
        "uq_pair_lock_pair",
        "pair_lock",
        ["community_id", "household_id", "volunteer_id"],
        unique=True,
        postgresql_where="volunteer_id is not null",
    )
    op.create_index(
        "uq_pair_lock_left_out",
        "pair_lock",
        ["community_id", "household_id"],
        unique=True,
        postgresql_where="volunteer_id is null",
    )
    isolation.protect(op.execute, "pair_lock")


def downgrade() -> None:
    op.drop_table("pair_lock")

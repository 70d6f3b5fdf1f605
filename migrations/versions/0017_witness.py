"""A witness to a visit, where a household cannot speak for itself."""

import sqlalchemy as sa
from alembic import op

revision = "0017_witness"
down_revision = "0016_web_push"
branch_labels = None
depends_on = None

OFFICE = (
    "household_how not in ({}) or (household_by is not null "
    "and household_by is distinct from noted_by and household_by is distinct from helper_by)"
)


def upgrade() -> None:
    op.add_column("visit", sa.Column("witness", sa.LargeBinary(), nullable=True))
    op.drop_constraint(op.f("ck_visit_no_back_door"), "visit")
    op.create_check_constraint(
        op.f("ck_visit_no_back_door"), "visit", OFFICE.format("'call', 'account', 'witness'")
    )
    op.create_check_constraint(
        op.f("ck_visit_witness"), "visit", "(household_how = 'witness') = (witness is not null)"
    )


def downgrade() -> None:
    op.drop_constraint(op.f("ck_visit_witness"), "visit")
    op.drop_constraint(op.f("ck_visit_no_back_door"), "visit")
    op.create_check_constraint(op.f("ck_visit_no_back_door"), "visit", OFFICE.format("'call', 'account'"))
    op.drop_column("visit", "witness")

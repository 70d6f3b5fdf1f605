"""What never came of a pledge is written off."""

import sqlalchemy as sa
from alembic import op

revision = "0026_returns"
down_revision = "0025_name_keys"
branch_labels = None
depends_on = None

PARTS = "free {0} reserved {0} delivered {0} withdrawn"


def _check(parts: str) -> None:
    op.drop_constraint(op.f("ck_balance_not_negative"), "balance")
    op.drop_constraint(op.f("ck_balance_whole"), "balance")
    op.create_check_constraint(op.f("ck_balance_not_negative"), "balance", parts.format(">= 0 and") + " >= 0")
    op.create_check_constraint(op.f("ck_balance_whole"), "balance", parts.format("+") + " = promised")


def upgrade() -> None:
    op.add_column("balance", sa.Column("written_off", sa.BigInteger(), nullable=False, server_default="0"))
    op.alter_column("balance", "written_off", server_default=None)
    _check(PARTS + " {0} written_off")
    op.alter_column("movement", "kind", type_=sa.String(12))


def downgrade() -> None:
    # Refused while something is written off: the other numbers alone are not the promise.
    op.alter_column("movement", "kind", type_=sa.String(10))
    _check(PARTS)
    op.drop_column("balance", "written_off")

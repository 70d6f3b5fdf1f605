"""A unit can be paired with a project."""

import sqlalchemy as sa
from alembic import op

revision = "0032_unit_pairing_project"
down_revision = "0031_paper_copies"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("unit_pairing", sa.Column("project_id", sa.Uuid(), nullable=True))
    op.create_foreign_key(
        op.f("fk_unit_pairing_community_id_project_id"),
        "unit_pairing",
        "project",
        ["community_id", "project_id"],
        ["community_id", "id"],
    )
    op.create_check_constraint(
        op.f("ck_unit_pairing_one_end"), "unit_pairing", "household_id is null or project_id is null"
    )
    op.create_index("ix_unit_pairing_project", "unit_pairing", ["community_id", "project_id"])


def downgrade() -> None:
    op.execute("DELETE FROM unit_pairing WHERE project_id is not null")
    op.drop_index("ix_unit_pairing_project", "unit_pairing")
    op.drop_constraint(op.f("ck_unit_pairing_one_end"), "unit_pairing", type_="check")
    op.drop_constraint(op.f("fk_unit_pairing_community_id_project_id"), "unit_pairing", type_="foreignkey")
    op.drop_column("unit_pairing", "project_id")

"""Projects of the office and its units: steps, what each takes, and allocations for one instead of a need."""

import sqlalchemy as sa
from alembic import op

from services.core import isolation

revision = "0029_projects"
down_revision = "0028_benefits"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "project",
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.String(80), nullable=False),
        sa.Column("about", sa.String(500), nullable=False),
        sa.Column("theme", sa.String(20), nullable=False),
        sa.Column("place", sa.String(80), nullable=False),
        sa.Column("lead_id", sa.Uuid(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("target_on", sa.Date(), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("stop_reason", sa.String(30), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("published_on", sa.Date(), nullable=True),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "state in ('planned', 'under_way', 'done', 'stopped')", name=op.f("ck_project_state")
        ),
        sa.CheckConstraint("target_on >= starts_on", name=op.f("ck_project_order")),
        sa.ForeignKeyConstraint(["lead_id"], ["account.id"], name=op.f("fk_project_lead_id")),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name=op.f("fk_project_community_id")),
        sa.PrimaryKeyConstraint("community_id", "id", name=op.f("pk_project")),
    )
    op.create_index("ix_project_state", "project", ["community_id", "state", "id"])
    op.create_table(
        "project_part",
        *_of_project("project_part"),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("item", sa.String(80), nullable=False),
        sa.Column("measure", sa.String(20), nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_project_part_quantity")),
    )
    op.create_table(
        "milestone",
        *_of_project("milestone"),
        sa.Column("title", sa.String(80), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.Column("line", sa.String(200), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
    )
    for table in ("project_part", "milestone"):
        op.create_index(f"ix_{table}_project", table, ["community_id", "project_id"])
    isolation.protect(op.execute, "project", grants="SELECT, INSERT, UPDATE")
    isolation.protect(op.execute, "project_part", "milestone")
    _allocations()


def _allocations() -> None:
    op.alter_column("allocation", "household_id", nullable=True)
    op.add_column("allocation", sa.Column("project_id", sa.Uuid(), nullable=True))
    op.add_column("allocation", sa.Column("part_id", sa.Uuid(), nullable=True))
    for column, target in (("project_id", "project"), ("part_id", "project_part")):
        op.create_foreign_key(
            op.f(f"fk_allocation_community_id_{column}"),
            "allocation",
            target,
            ["community_id", column],
            ["community_id", "id"],
        )
    op.create_index("ix_allocation_project", "allocation", ["community_id", "project_id"])
    op.create_check_constraint(
        op.f("ck_allocation_one_end"), "allocation", "(household_id is null) <> (project_id is null)"
    )
    op.create_check_constraint(
        op.f("ck_allocation_own_end"),
        "allocation",
        "(need_id is null or household_id is not null) and (part_id is null or project_id is not null)",
    )


def _of_project(table: str) -> list[sa.schema.SchemaItem]:
    return [
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name=op.f(f"fk_{table}_community_id")),
        sa.ForeignKeyConstraint(
            ["community_id", "project_id"],
            ["project.community_id", "project.id"],
            name=op.f(f"fk_{table}_community_id_project_id"),
        ),
        sa.PrimaryKeyConstraint("community_id", "id", name=op.f(f"pk_{table}")),
    ]


def downgrade() -> None:
    # Refused while something is given to a project: it has no household.
    op.alter_column("allocation", "household_id", nullable=False)
    op.drop_constraint(op.f("ck_allocation_own_end"), "allocation")
    op.drop_constraint(op.f("ck_allocation_one_end"), "allocation")
    op.drop_index("ix_allocation_project", "allocation")
    op.drop_column("allocation", "part_id")
    op.drop_column("allocation", "project_id")
    op.drop_table("milestone")
    op.drop_table("project_part")
    op.drop_table("project")

"""Volunteers, their skills, papers and exclusions."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from services.core import isolation

revision = "0005_volunteers"
down_revision = "0004_followups"
branch_labels = None
depends_on = None


def upgrade() -> None:

    op.create_table(
        "volunteer",
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=True),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("gender", sa.String(length=10), nullable=False),
        sa.Column("birthday", sa.LargeBinary(), nullable=True),
        sa.Column("phone", sa.LargeBinary(), nullable=True),
        sa.Column("phone_key", sa.String(length=64), nullable=True),
        sa.Column("tail_key", sa.String(length=64), nullable=True),
        sa.Column("building_id", sa.Uuid(), nullable=True),
        sa.Column("party", sa.String(length=20), nullable=False),
        sa.Column("party_kind", sa.String(length=20), nullable=False),
        sa.Column("employer", sa.String(length=60), nullable=False),
        sa.Column("languages", postgresql.ARRAY(sa.String()), nullable=False),
        sa.Column("week", sa.LargeBinary(), nullable=False),
        sa.Column("hours", sa.Numeric(precision=4, scale=1), nullable=True),
        sa.Column("places", sa.Integer(), nullable=False),
        sa.Column("reach", sa.Integer(), nullable=True),
        sa.Column("limits", postgresql.ARRAY(sa.String()), nullable=False),
        sa.Column("note", sa.LargeBinary(), nullable=True),
        sa.Column("registered_on", sa.Date(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("places between 0 and 50", name=op.f("ck_volunteer_places")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_volunteer_account_id")),
        sa.ForeignKeyConstraint(
            ["community_id", "building_id"],
            ["building.community_id", "building.id"],
            name=op.f("fk_volunteer_community_id_building_id"),
        ),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name=op.f("fk_volunteer_community_id")),
        sa.PrimaryKeyConstraint("community_id", "id", name=op.f("pk_volunteer")),
        sa.UniqueConstraint("community_id", "account_id", name=op.f("uq_volunteer_community_id_account_id")),
    )
    op.create_index(
        "uq_volunteer_phone_key",
        "volunteer",
        ["community_id", "phone_key"],
        unique=True,
        postgresql_where="state not in ('pending', 'declined')",
    )
    op.create_index("ix_volunteer_name", "volunteer", ["community_id", "name"], unique=False)
    op.create_table(
        "volunteer_skill",
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("volunteer_id", sa.Uuid(), nullable=False),
        sa.Column("skill", sa.String(length=30), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["community_id", "volunteer_id"],
            ["volunteer.community_id", "volunteer.id"],
            name=op.f("fk_volunteer_skill_community_id_volunteer_id"),
        ),
        sa.ForeignKeyConstraint(
            ["community_id"], ["community.id"], name=op.f("fk_volunteer_skill_community_id")
        ),
        sa.PrimaryKeyConstraint("community_id", "id", name=op.f("pk_volunteer_skill")),
        sa.UniqueConstraint(
            "community_id",
            "volunteer_id",
            "skill",
            name=op.f("uq_volunteer_skill_community_id_volunteer_id_skill"),
        ),
    )
    op.create_table(
        "credential",
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("volunteer_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=True),
        sa.Column("expires_on", sa.Date(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["community_id", "volunteer_id"],
            ["volunteer.community_id", "volunteer.id"],
            name=op.f("fk_credential_community_id_volunteer_id"),
        ),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name=op.f("fk_credential_community_id")),
        sa.PrimaryKeyConstraint("community_id", "id", name=op.f("pk_credential")),
        sa.UniqueConstraint(
            "community_id", "volunteer_id", "kind", name=op.f("uq_credential_community_id_volunteer_id_kind")
        ),
    )
    op.create_table(
        "exclusion",
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("volunteer_id", sa.Uuid(), nullable=False),
        sa.Column("building", sa.String(length=20), nullable=False),
        sa.Column("surname", sa.String(length=10), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["community_id", "volunteer_id"],
            ["volunteer.community_id", "volunteer.id"],
            name=op.f("fk_exclusion_community_id_volunteer_id"),
        ),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name=op.f("fk_exclusion_community_id")),
        sa.PrimaryKeyConstraint("community_id", "id", name=op.f("pk_exclusion")),
        sa.UniqueConstraint(
            "community_id",
            "volunteer_id",
            "building",
            "surname",
            name=op.f("uq_exclusion_community_id_volunteer_id_building_surname"),
        ),
    )

    isolation.protect(op.execute, "volunteer", "volunteer_skill", "credential", "exclusion")


def downgrade() -> None:
    op.drop_table("exclusion")
    op.drop_table("credential")
    op.drop_table("volunteer_skill")
    op.drop_table("volunteer")

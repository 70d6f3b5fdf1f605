"""Accounts, memberships, one-time tokens and consent."""

import sqlalchemy as sa
from alembic import op

from services.core import isolation

revision = "0002_people"
down_revision = "0001_communities"
branch_labels = None
depends_on = None


def upgrade() -> None:

    op.create_table(
        "account",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("phone", sa.LargeBinary(), nullable=True),
        sa.Column("phone_key", sa.String(length=64), nullable=True),
        sa.Column("email", sa.LargeBinary(), nullable=True),
        sa.Column("email_key", sa.String(length=64), nullable=True),
        sa.Column("password_hash", sa.String(length=200), nullable=True),
        sa.Column("language", sa.String(length=10), nullable=False),
        sa.Column("big_text", sa.Boolean(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
        sa.UniqueConstraint("email_key", name=op.f("uq_account_email_key")),
        sa.UniqueConstraint("phone_key", name=op.f("uq_account_phone_key")),
    )
    op.create_table(
        "membership",
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_membership_account_id")),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name=op.f("fk_membership_community_id")),
        sa.PrimaryKeyConstraint("community_id", "id", name=op.f("pk_membership")),
        sa.UniqueConstraint(
            "community_id",
            "account_id",
            "role",
            "since",
            name=op.f("uq_membership_community_id_account_id_role_since"),
        ),
    )
    op.create_index(op.f("ix_membership_account_id"), "membership", ["account_id"], unique=False)
    op.create_table(
        "region_role",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("region_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_region_role_account_id")),
        sa.ForeignKeyConstraint(["region_id"], ["region.id"], name=op.f("fk_region_role_region_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_region_role")),
        sa.UniqueConstraint(
            "account_id", "region_id", "role", name=op.f("uq_region_role_account_id_region_id_role")
        ),
    )
    op.create_index(op.f("ix_region_role_account_id"), "region_role", ["account_id"], unique=False)
    op.create_table(
        "token",
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("purpose", sa.String(length=30), nullable=False),
        sa.Column("subject_kind", sa.String(length=30), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name=op.f("fk_token_community_id")),
        sa.PrimaryKeyConstraint("community_id", "id", name=op.f("pk_token")),
        sa.UniqueConstraint("community_id", "digest", name=op.f("uq_token_community_id_digest")),
    )
    op.create_table(
        "consent",
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("subject_kind", sa.String(length=30), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("purpose", sa.String(length=30), nullable=False),
        sa.Column("given_on", sa.Date(), nullable=False),
        sa.Column("withdrawn_on", sa.Date(), nullable=True),
        sa.Column("evidence", sa.String(length=30), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("withdrawn_on is null or withdrawn_on >= given_on", name=op.f("ck_consent_order")),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name=op.f("fk_consent_community_id")),
        sa.PrimaryKeyConstraint("community_id", "id", name=op.f("pk_consent")),
    )
    op.create_index(
        "ix_consent_subject", "consent", ["community_id", "subject_kind", "subject_id"], unique=False
    )

    isolation.protect(op.execute, "membership", "token", "consent")
    # One's own memberships are seen before a community is chosen.
    op.execute(f"CREATE POLICY own ON membership FOR SELECT USING (account_id = {isolation.ACCOUNT})")
    isolation.force(op.execute, "account")
    op.execute(
        f"CREATE POLICY own ON account USING (id = {isolation.ACCOUNT}) WITH CHECK (id = {isolation.ACCOUNT})"
    )
    op.execute(
        f"CREATE POLICY sign_in ON account FOR SELECT USING ({isolation.SIGN_IN} IN (phone_key, email_key))"
    )
    # The inner query sees the session's community only: memberships are protected themselves.
    op.execute(
        "CREATE POLICY member ON account FOR SELECT USING (EXISTS (SELECT FROM membership m "
        f"WHERE m.account_id = account.id AND m.community_id = {isolation.COMMUNITY}))"
    )
    op.execute("GRANT SELECT, INSERT, UPDATE ON account TO linli_app")
    isolation.force(op.execute, "region_role")
    op.execute(
        f"CREATE POLICY own ON region_role USING (account_id = {isolation.ACCOUNT}) "
        f"WITH CHECK (account_id = {isolation.ACCOUNT})"
    )
    op.execute("GRANT SELECT, INSERT ON region_role TO linli_app")


def downgrade() -> None:
    op.execute("DROP POLICY member ON account")
    op.drop_table("consent")
    op.drop_table("token")
    op.drop_table("region_role")
    op.drop_table("membership")
    op.drop_table("account")

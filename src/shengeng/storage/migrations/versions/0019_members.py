"""Tables of members: accounts, sessions, addresses, tiers, and what identity has yet to read."""

import sqlalchemy as sa
from alembic import op

revision = "0019_members"
down_revision = "0018_payments"

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the tables."""
    _accounts()
    _tiers()


def _accounts() -> None:
    op.create_table(
        "members",
        sa.Column("member_id", sa.Text, primary_key=True),
        sa.Column("email", sa.Text, unique=True),
        sa.Column("phone", sa.Text, unique=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("password_hash", sa.Text, nullable=False, comment="argon2id; empty once closed"),
        sa.Column("tier", sa.Text),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.Column("entered_at", _MOMENT, nullable=False, comment="last signed in"),
        sa.Column("closed_at", _MOMENT, comment="since when nobody may come in"),
        sa.CheckConstraint("email is not null or phone is not null", name="contact"),
        sa.Index(None, "created_at", "member_id"),
        sa.Index(None, "tier"),
    )
    op.create_table(
        "member_sessions",
        sa.Column("digest", sa.LargeBinary, primary_key=True, comment="SHA-256 of the cookie's secret"),
        sa.Column("member_id", sa.Text, sa.ForeignKey("members.member_id"), nullable=False),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.Column("seen_at", _MOMENT, nullable=False),
        sa.Column("expires_at", _MOMENT, nullable=False),
        sa.Column("ends_at", _MOMENT, nullable=False, comment="however much it is used"),
        sa.CheckConstraint("octet_length(digest) = 32", name="digest"),
        sa.CheckConstraint("expires_at <= ends_at", name="end"),
        sa.Index(None, "member_id"),
        sa.Index(None, "expires_at"),
    )
    op.create_table(
        "member_addresses",
        sa.Column("address_id", sa.Uuid, primary_key=True),
        sa.Column("member_id", sa.Text, sa.ForeignKey("members.member_id"), nullable=False),
        sa.Column("recipient", sa.Text, nullable=False),
        sa.Column("phone", sa.Text, nullable=False),
        sa.Column("country", sa.Text, nullable=False),
        sa.Column("region", sa.Text, nullable=False),
        sa.Column("city", sa.Text, nullable=False),
        sa.Column("district", sa.Text, nullable=False),
        sa.Column("line", sa.Text, nullable=False),
        sa.Column("postcode", sa.Text, nullable=False),
        sa.Column("standard", sa.Boolean, nullable=False),
        sa.CheckConstraint("country ~ '^[A-Z]{2}$'", name="country"),
        sa.Index(None, "member_id"),
        sa.Index(
            "uq_member_addresses_standard", "member_id", unique=True, postgresql_where=sa.text("standard")
        ),
    )


def _tiers() -> None:
    op.create_table(
        "member_tiers",
        sa.Column("key", sa.Text, primary_key=True),
        sa.Column("name_zh", sa.Text, nullable=False),
        sa.Column("name_en", sa.Text, nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
    )
    op.create_table(
        "member_tier_changes",
        sa.Column("id", sa.BigInteger, sa.Identity(always=True), primary_key=True),
        sa.Column("member_id", sa.Text, sa.ForeignKey("members.member_id"), nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("was", sa.Text),
        sa.Column("tier", sa.Text),
        sa.Column("by", sa.Text, nullable=False),
        sa.Column("why", sa.Text, nullable=False),
        sa.CheckConstraint("tier is distinct from was", name="change"),
        sa.Index(None, "member_id"),
    )
    op.create_table(
        "member_marks",
        sa.Column("id", sa.BigInteger, sa.Identity(always=True), primary_key=True),
        sa.Column("member_id", sa.Text, nullable=False),
        sa.Column("anonymous_id", sa.Text),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Index(None, "member_id"),
    )


def downgrade() -> None:
    """Drop the tables."""
    for table in (
        "member_marks",
        "member_tier_changes",
        "member_tiers",
        "member_addresses",
        "member_sessions",
        "members",
    ):
        op.drop_table(table)

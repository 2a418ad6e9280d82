"""Tables of audiences: versions, members, changes, due times."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0013_audiences"
down_revision = "0012_identity"


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "audiences",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Text, nullable=False),
        sa.Column("archived_at", sa.DateTime(timezone=True)),
        sa.Column("evaluated_version", sa.Integer, comment="null = its members are not of this version"),
        sa.Column("evaluated_at", sa.DateTime, comment="the shop's local time"),
        sa.Column("member_count", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "audience_versions",
        sa.Column("audience_id", sa.Uuid, sa.ForeignKey("audiences.id"), primary_key=True),
        sa.Column("version", sa.Integer, primary_key=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("definition", JSONB, nullable=False),
        sa.Column("by", sa.Text, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_table(
        "audience_members",
        sa.Column("audience_id", sa.Uuid, sa.ForeignKey("audiences.id"), primary_key=True),
        sa.Column("person_id", sa.Text, primary_key=True),
        sa.Column("since", sa.DateTime, nullable=False, comment="the shop's local time"),
    )
    op.create_index(
        op.f("ix_audience_members_audience_id_since"), "audience_members", ["audience_id", "since"]
    )
    op.create_table(
        "audience_changes",
        sa.Column("id", sa.BigInteger, sa.Identity(always=True), primary_key=True),
        sa.Column("audience_id", sa.Uuid, sa.ForeignKey("audiences.id"), nullable=False),
        sa.Column("person_id", sa.Text, nullable=False),
        sa.Column("entered", sa.Boolean, nullable=False, comment="false = left"),
        sa.Column("at", sa.DateTime, nullable=False, comment="the shop's local time"),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("cause", sa.Text, nullable=False),
    )
    op.create_index(op.f("ix_audience_changes_audience_id_id"), "audience_changes", ["audience_id", "id"])
    op.create_index(op.f("ix_audience_changes_person_id"), "audience_changes", ["person_id"])
    op.create_table(
        "audience_due",
        sa.Column("audience_id", sa.Uuid, sa.ForeignKey("audiences.id"), primary_key=True),
        sa.Column("person_id", sa.Text, primary_key=True),
        sa.Column("due_at", sa.DateTime, nullable=False, comment="the shop's local time"),
    )
    op.create_index(op.f("ix_audience_due_due_at"), "audience_due", ["due_at"])


def downgrade() -> None:
    """Drop the tables."""
    for table in ("audience_due", "audience_changes", "audience_members", "audience_versions", "audiences"):
        op.drop_table(table)

"""Saved views of the console."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import UUID

revision = "0006_views"
down_revision = "0005_learn"


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "saved_views",
        sa.Column("id", UUID, primary_key=True),
        sa.Column("operator", sa.Text, sa.ForeignKey("operators.name"), nullable=False),
        sa.Column("page", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("query", sa.Text, nullable=False),
        sa.UniqueConstraint("operator", "page", "name"),
    )


def downgrade() -> None:
    """Drop the table."""
    op.drop_table("saved_views")

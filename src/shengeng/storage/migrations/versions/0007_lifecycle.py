"""Tables of lifecycle: the thresholds that people edit."""

import sqlalchemy as sa
from alembic import op

revision = "0007_lifecycle"
down_revision = "0006_views"


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "lifecycle_thresholds",
        sa.Column("key", sa.Text, primary_key=True),
        sa.Column("value", sa.Double, nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_by", sa.Text, nullable=False),
        sa.CheckConstraint("value between 0 and 1000", name="finite"),
    )


def downgrade() -> None:
    """Drop the table."""
    op.drop_table("lifecycle_thresholds")

"""Tables of shop exports: mappings that people confirmed."""

import sqlalchemy as sa
from alembic import op

revision = "0010_exports"
down_revision = "0009_allocation"


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "export_columns",
        sa.Column("system", sa.Text, primary_key=True),
        sa.Column("report", sa.Text, primary_key=True),
        sa.Column("column", sa.Text, primary_key=True, comment="the name without case, blanks and marks"),
        sa.Column("field", sa.Text, comment="null = the column is left out"),
        sa.Column("confirmed_by", sa.Text, nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=False),
    )


def downgrade() -> None:
    """Drop the table."""
    op.drop_table("export_columns")

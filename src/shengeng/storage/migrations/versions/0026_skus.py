"""A variant that was taken away keeps its sku: it never becomes another article's."""

import sqlalchemy as sa
from alembic import op

revision = "0026_skus"
down_revision = "0025_remembered"


def upgrade() -> None:
    """Mark what was taken away."""
    op.add_column(
        "catalogue_variants", sa.Column("gone", sa.Boolean, nullable=False, server_default=sa.false())
    )

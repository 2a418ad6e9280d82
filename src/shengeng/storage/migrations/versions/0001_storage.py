"""Tables of storage."""

revision = "0001_storage"
down_revision = None


def upgrade() -> None:
    """Make the tables."""


def downgrade() -> None:
    """Drop the tables."""

"""Tables of govern."""

revision = "0002_govern"
down_revision = "0001_storage"


def upgrade() -> None:
    """Make the tables."""


def downgrade() -> None:
    """Drop the tables."""

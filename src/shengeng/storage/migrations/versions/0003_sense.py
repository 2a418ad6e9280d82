"""Tables of sense."""

revision = "0003_sense"
down_revision = "0002_govern"


def upgrade() -> None:
    """Make the tables."""


def downgrade() -> None:
    """Drop the tables."""

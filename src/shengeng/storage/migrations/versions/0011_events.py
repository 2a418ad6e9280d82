"""Tables of live events: write keys, the inbox, what was seen."""

revision = "0011_events"
down_revision = "0010_exports"


def upgrade() -> None:
    """Make the tables."""


def downgrade() -> None:
    """Drop the tables."""

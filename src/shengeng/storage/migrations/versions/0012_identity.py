"""Tables of identity: edges and persons, arrivals, live orders."""

revision = "0012_identity"
down_revision = "0011_events"


def upgrade() -> None:
    """Make the tables."""


def downgrade() -> None:
    """Drop the tables."""

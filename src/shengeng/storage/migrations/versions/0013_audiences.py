"""Tables of audiences: versions, members, changes, due times."""

revision = "0013_audiences"
down_revision = "0012_identity"


def upgrade() -> None:
    """Make the tables."""


def downgrade() -> None:
    """Drop the tables."""

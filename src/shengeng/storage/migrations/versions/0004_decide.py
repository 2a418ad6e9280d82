"""Tables of decide."""

revision = "0004_decide"
down_revision = "0003_sense"


def upgrade() -> None:
    """Make the tables."""


def downgrade() -> None:
    """Drop the tables."""

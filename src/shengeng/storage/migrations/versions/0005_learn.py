"""Tables of learn."""

revision = "0005_learn"
down_revision = "0004_decide"


def upgrade() -> None:
    """Make the tables."""


def downgrade() -> None:
    """Drop the tables."""

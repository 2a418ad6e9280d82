"""Tables of the catalogue."""

revision = "0015_catalogue"
down_revision = "0014_privacy"


def upgrade() -> None:
    """Nothing stands here yet."""

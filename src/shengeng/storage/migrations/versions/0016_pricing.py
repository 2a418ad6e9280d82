"""Tables of pricing."""

revision = "0016_pricing"
down_revision = "0015_catalogue"


def upgrade() -> None:
    """Nothing stands here yet."""

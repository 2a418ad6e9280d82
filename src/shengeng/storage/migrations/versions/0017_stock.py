"""Tables of stock and fulfilment."""

revision = "0017_stock"
down_revision = "0016_pricing"


def upgrade() -> None:
    """Nothing stands here yet."""

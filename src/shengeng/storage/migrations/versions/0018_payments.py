"""Tables of payments."""

revision = "0018_payments"
down_revision = "0017_stock"


def upgrade() -> None:
    """Nothing stands here yet."""

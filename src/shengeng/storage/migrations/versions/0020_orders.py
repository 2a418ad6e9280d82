"""Tables of orders and checkout."""

revision = "0020_orders"
down_revision = "0019_members"


def upgrade() -> None:
    """Nothing stands here yet."""

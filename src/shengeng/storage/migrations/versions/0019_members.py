"""Tables of members."""

revision = "0019_members"
down_revision = "0018_payments"


def upgrade() -> None:
    """Nothing stands here yet."""

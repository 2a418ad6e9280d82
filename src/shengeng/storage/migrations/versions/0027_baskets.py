"""A basket counts the orders it has become: the first one has no key to look for."""

import sqlalchemy as sa
from alembic import op

revision = "0027_baskets"
down_revision = "0026_skus"


def upgrade() -> None:
    """Count, with those that became orders before."""
    op.add_column(
        "trade_baskets",
        sa.Column("orders", sa.Integer, nullable=False, server_default="0", comment="how many it has become"),
    )
    op.execute(
        "update trade_baskets b set orders = c.orders from"
        " (select basket_id, count(*)::int as orders from trade_checkouts group by 1) c"
        " where c.basket_id = b.basket_id"
    )

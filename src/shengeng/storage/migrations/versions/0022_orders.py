"""Orders that operators draft, units taken out before they are sent, notes of the shop."""

import sqlalchemy as sa
from alembic import op

revision = "0022_orders"
down_revision = "0024_storefront"

_STATES = "state in ('draft', 'placed', 'cancelled', 'expired')"
_END = "(state in ('draft', 'placed')) = (ended_at is null)"


def upgrade() -> None:
    """Add the columns, widen the checks, make the table of notes."""
    op.add_column(
        "trade_orders", sa.Column("dropped_minor", sa.BigInteger, nullable=False, server_default="0")
    )
    op.add_column(
        "trade_order_lines", sa.Column("dropped", sa.BigInteger, nullable=False, server_default="0")
    )
    op.add_column("trade_order_lines", sa.Column("dropped_at", sa.DateTime(timezone=True)))
    _checks(_STATES, _END)
    fits = "0 <= dropped_minor and dropped_minor <= total_minor"
    op.create_check_constraint(op.f("ck_trade_orders_dropped"), "trade_orders", fits)
    fits = "0 <= dropped and dropped <= quantity"
    op.create_check_constraint(op.f("ck_trade_order_lines_dropped"), "trade_order_lines", fits)
    op.create_index(op.f("ix_trade_order_lines_sku"), "trade_order_lines", ["sku"])
    op.create_table(
        "trade_order_notes",
        sa.Column("id", sa.BigInteger, sa.Identity(always=True), primary_key=True),
        sa.Column("order_id", sa.Text, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Index(None, "order_id"),
    )


def _checks(states: str, end: str) -> None:
    for name, rule in (("state", states), ("end", end)):
        full = op.f(f"ck_trade_orders_{name}")
        op.drop_constraint(full, "trade_orders", type_="check")
        op.create_check_constraint(full, "trade_orders", rule)


def downgrade() -> None:
    """Drop what was added; drafts go, they were never agreed."""
    op.drop_table("trade_order_notes")
    op.drop_index(op.f("ix_trade_order_lines_sku"), "trade_order_lines")
    drafts = "select order_id from trade_orders where state = 'draft'"
    op.execute(f"delete from trade_order_lines where order_id in ({drafts})")  # noqa: S608 (our own words)
    op.execute("delete from trade_orders where state = 'draft'")
    _checks("state in ('placed', 'cancelled', 'expired')", "(state = 'placed') = (ended_at is null)")
    op.drop_column("trade_order_lines", "dropped_at")
    op.drop_column("trade_order_lines", "dropped")
    op.drop_column("trade_orders", "dropped_minor")

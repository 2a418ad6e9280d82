"""Tables of orders and checkout."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0020_orders"
down_revision = "0019_members"

_MOMENT = sa.DateTime(timezone=True)
_ONLY_GROWS = """
create trigger trade_order_events_only_grow before update or delete or truncate on trade_order_events
  for each statement execute function payments_only_grow();
"""


def upgrade() -> None:
    """Make the tables."""
    _orders()
    _lines()
    _events()
    _checkout()


def _orders() -> None:
    op.create_table(
        "trade_orders",
        sa.Column("order_id", sa.Text, primary_key=True),
        sa.Column("number", sa.Text, nullable=False, unique=True, comment="what people are told"),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("version", sa.BigInteger, nullable=False),
        sa.Column("channel_id", sa.Text, nullable=False),
        sa.Column("currency", sa.Text, nullable=False),
        sa.Column("tax_inclusive", sa.Boolean, nullable=False),
        sa.Column("member_id", sa.Text),
        sa.Column("email", sa.Text),
        sa.Column("phone", sa.Text),
        sa.Column("lang", sa.Text, nullable=False),
        sa.Column("anonymous_id", sa.Text),
        sa.Column("destination", JSONB),
        sa.Column("delivery", JSONB, nullable=False, comment="the way that was chosen, as it was shown"),
        sa.Column("steps", JSONB, nullable=False, comment="promotions and coupons that applied"),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("delivery_minor", sa.BigInteger, nullable=False),
        sa.Column("delivery_discount_minor", sa.BigInteger, nullable=False),
        sa.Column("tax_minor", sa.BigInteger, nullable=False),
        sa.Column("total_minor", sa.BigInteger, nullable=False),
        sa.Column("charged_minor", sa.BigInteger, nullable=False),
        sa.Column("refunded_minor", sa.BigInteger, nullable=False),
        sa.Column("placed_at", _MOMENT, nullable=False),
        sa.Column("changed_at", _MOMENT, nullable=False),
        sa.Column("pay_until", _MOMENT, nullable=False),
        sa.Column("paid_at", _MOMENT),
        sa.Column("ended_at", _MOMENT),
        sa.Column("why", sa.Text, nullable=False),
        sa.Column("secret_digest", sa.LargeBinary, comment="SHA-256 of what a guest proves it with"),
        sa.CheckConstraint("state in ('placed', 'cancelled', 'expired')", name="state"),
        sa.CheckConstraint("lang in ('zh', 'en')", name="lang"),
        sa.CheckConstraint("currency ~ '^[A-Z]{3}$'", name="currency"),
        sa.CheckConstraint("version > 0", name="version"),
        sa.CheckConstraint("(state = 'placed') = (ended_at is null)", name="end"),
        sa.CheckConstraint(
            "0 <= tax_minor and 0 <= total_minor and 0 <= delivery_discount_minor"
            " and delivery_discount_minor <= delivery_minor",
            name="money",
        ),
        sa.CheckConstraint("0 <= refunded_minor and refunded_minor <= charged_minor", name="charged"),
        sa.Index(None, "placed_at", "order_id"),
        sa.Index(None, "member_id", "placed_at", postgresql_where=sa.text("member_id is not null")),
        sa.Index(None, "email", postgresql_where=sa.text("email is not null")),
        sa.Index(None, "phone", postgresql_where=sa.text("phone is not null")),
        sa.Index(
            "ix_trade_orders_unpaid",
            "pay_until",
            postgresql_where=sa.text("state = 'placed' and paid_at is null"),
        ),
    )


def _lines() -> None:
    op.create_table(
        "trade_order_lines",
        sa.Column("order_id", sa.Text, sa.ForeignKey("trade_orders.order_id"), primary_key=True),
        sa.Column("line_no", sa.Integer, primary_key=True),
        sa.Column("sku", sa.Text, nullable=False),
        sa.Column("product_id", sa.Text, nullable=False),
        sa.Column("seller_id", sa.Text, nullable=False),
        sa.Column("title_zh", sa.Text, nullable=False),
        sa.Column("title_en", sa.Text, nullable=False),
        sa.Column("choices", JSONB, nullable=False),
        sa.Column("image", sa.Text, nullable=False),
        sa.Column("quantity", sa.BigInteger, nullable=False),
        sa.Column("supply", sa.Text, nullable=False),
        sa.Column("ships_on", sa.Date),
        sa.Column("list_unit_minor", sa.BigInteger, nullable=False),
        sa.Column("unit_minor", sa.BigInteger, nullable=False),
        sa.Column("subtotal_minor", sa.BigInteger, nullable=False),
        sa.Column("discount_minor", sa.BigInteger, nullable=False),
        sa.Column("tax_minor", sa.BigInteger, nullable=False),
        sa.Column("total_minor", sa.BigInteger, nullable=False),
        sa.Column("cost_minor", sa.BigInteger),
        sa.Column("cuts", JSONB, nullable=False),
        sa.CheckConstraint("quantity > 0", name="quantity"),
        sa.CheckConstraint("supply in ('stock', 'presale', 'made_to_order')", name="supply"),
        sa.CheckConstraint("subtotal_minor = unit_minor * quantity", name="subtotal"),
        sa.CheckConstraint("0 <= discount_minor and discount_minor <= subtotal_minor", name="discount"),
        sa.CheckConstraint("0 <= tax_minor and 0 <= total_minor", name="money"),
    )


def _events() -> None:
    op.create_table(
        "trade_order_events",
        sa.Column("id", sa.BigInteger, sa.Identity(always=True), primary_key=True),
        sa.Column("order_id", sa.Text, nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("by", sa.Text, nullable=False),
        sa.Column("detail", JSONB, nullable=False),
        sa.Index(None, "order_id"),
    )
    op.execute(_ONLY_GROWS)
    op.create_table(
        "trade_order_outbox",
        sa.Column("order_id", sa.Text, primary_key=True),
        sa.Column("version", sa.BigInteger, nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("refused", sa.Text, comment="why the facts did not take it"),
        sa.Index(None, "at", postgresql_where=sa.text("refused is null")),
    )


def _checkout() -> None:
    op.create_table(
        "trade_baskets",
        sa.Column("basket_id", sa.Uuid, primary_key=True),
        sa.Column("digest", sa.LargeBinary, unique=True, comment="SHA-256 of a guest's secret"),
        sa.Column("member_id", sa.Text, unique=True),
        sa.Column("channel_id", sa.Text, nullable=False),
        sa.Column("lines", JSONB, nullable=False),
        sa.Column("codes", JSONB, nullable=False),
        sa.Column("changed_at", _MOMENT, nullable=False),
        sa.CheckConstraint("(digest is null) <> (member_id is null)", name="owner"),
        sa.Index(None, "changed_at"),
    )
    op.create_table(
        "trade_checkouts",
        sa.Column("basket_id", sa.Uuid, primary_key=True),
        sa.Column("key", sa.Text, primary_key=True),
        sa.Column("digest", sa.LargeBinary, nullable=False, comment="SHA-256 of what was asked"),
        sa.Column("order_id", sa.Text, nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
    )


def downgrade() -> None:
    """Drop the tables."""
    for table in (
        "trade_checkouts",
        "trade_baskets",
        "trade_order_outbox",
        "trade_order_events",
        "trade_order_lines",
        "trade_orders",
    ):
        op.drop_table(table)

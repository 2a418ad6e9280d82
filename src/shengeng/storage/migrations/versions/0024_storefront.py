"""What everybody was asked to pay, from when on; goods in the orders in which shelves show them."""

import sqlalchemy as sa
from alembic import op

revision = "0024_storefront"
down_revision = "0020_orders"

# Prices that stand already are known from this moment on, and not before.
_FIRST = """
insert into price_moves (channel_id, sku, since, unit_minor)
select lists.channel_id, prices.sku, now(), min(prices.unit_minor)
from prices join price_lists lists on lists.id = prices.list_id
where lists.tier is null and (lists.starts_at is null or lists.starts_at <= now())
  and (lists.ends_at is null or lists.ends_at > now()) and prices.min_quantity = 1
group by lists.channel_id, prices.sku
"""
_PROVEN = """
update catalogue_products set tags = (
  select array_agg(tag order by tag) from (
    select unnest(tags) tag
    union select 'proven:' || (said ->> 'key') from jsonb_array_elements(attributes) said
    where said ->> 'evidence' <> ''
  ) every)
where jsonb_path_exists(attributes, '$[*] ? (@.evidence != "")')
"""


def upgrade() -> None:
    """Make the table and note today's prices; mark what has evidence."""
    op.create_table(
        "price_moves",
        sa.Column("channel_id", sa.Text, primary_key=True),
        sa.Column("sku", sa.Text, primary_key=True),
        sa.Column("since", sa.DateTime(timezone=True), primary_key=True),
        sa.Column("unit_minor", sa.BigInteger, comment="everybody's price of one unit, null = not on sale"),
    )
    op.execute(_FIRST)
    op.execute(_PROVEN)
    goods = "catalogue_products"
    op.create_index("ix_catalogue_products_created", goods, ["created_at", "product_id"])
    op.create_index("ix_catalogue_products_aisle", goods, ["category_id", "created_at", "product_id"])
    op.create_index("ix_catalogue_products_price", goods, ["from_minor", "product_id"])

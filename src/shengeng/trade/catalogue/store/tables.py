"""The tables of the catalogue."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, TSVECTOR

from shengeng.storage.rows import metadata

_MOMENT = sa.DateTime(timezone=True)

sellers = sa.Table(
    "catalogue_sellers",
    metadata,
    sa.Column("seller_id", sa.Text, primary_key=True),
    sa.Column("name_zh", sa.Text, nullable=False),
    sa.Column("name_en", sa.Text, nullable=False),
)
categories = sa.Table(
    "catalogue_categories",
    metadata,
    sa.Column("category_id", sa.Text, primary_key=True),
    sa.Column("parent_id", sa.Text, sa.ForeignKey("catalogue_categories.category_id")),
    sa.Column("name_zh", sa.Text, nullable=False),
    sa.Column("name_en", sa.Text, nullable=False),
    sa.Column("position", sa.Integer, nullable=False),
)
channels = sa.Table(
    "catalogue_channels",
    metadata,
    sa.Column("channel_id", sa.Text, primary_key=True),
    sa.Column("name_zh", sa.Text, nullable=False),
    sa.Column("name_en", sa.Text, nullable=False),
    sa.Column("currency", sa.Text, nullable=False),
    sa.Column("country", sa.Text, nullable=False),
    sa.Column("tax_inclusive", sa.Boolean, nullable=False),
    sa.Column("tax_rates", JSONB, nullable=False, comment="basis points by tax class"),
)
products = sa.Table(
    "catalogue_products",
    metadata,
    sa.Column("product_id", sa.Text, primary_key=True),
    sa.Column("seller_id", sa.Text, sa.ForeignKey("catalogue_sellers.seller_id"), nullable=False),
    sa.Column("category_id", sa.Text, sa.ForeignKey("catalogue_categories.category_id")),
    sa.Column("title_zh", sa.Text, nullable=False),
    sa.Column("title_en", sa.Text, nullable=False),
    sa.Column("summary_zh", sa.Text, nullable=False, server_default=""),
    sa.Column("summary_en", sa.Text, nullable=False, server_default=""),
    sa.Column("about_zh", sa.Text, nullable=False, server_default=""),
    sa.Column("about_en", sa.Text, nullable=False, server_default=""),
    sa.Column("brand", sa.Text, nullable=False, server_default=""),
    sa.Column("tax_class", sa.Text, nullable=False, server_default="standard"),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("sample", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("imported", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("version", sa.Integer, nullable=False, server_default="1"),
    sa.Column("options", JSONB, nullable=False, server_default="[]"),
    sa.Column("attributes", JSONB, nullable=False, server_default="[]"),
    sa.Column("media", JSONB, nullable=False, server_default="[]"),
    sa.Column("tags", ARRAY(sa.Text), nullable=False, server_default="{}", comment="key:code to filter by"),
    sa.Column("found_by", TSVECTOR, nullable=False),
    sa.Column("from_minor", sa.BigInteger, comment="lowest price, told by pricing"),
    sa.Column("created_at", _MOMENT, nullable=False),
    sa.Column("changed_at", _MOMENT, nullable=False),
    sa.CheckConstraint("state in ('draft','listed','archived')", name="state"),
    sa.CheckConstraint("from_minor > 0", name="from_minor"),
    sa.Index("ix_catalogue_products_found_by", "found_by", postgresql_using="gin"),
    sa.Index("ix_catalogue_products_tags", "tags", postgresql_using="gin"),
    sa.Index("ix_catalogue_products_state", "state", "category_id", "changed_at"),
    sa.Index("ix_catalogue_products_created", "created_at", "product_id"),
    sa.Index("ix_catalogue_products_aisle", "category_id", "created_at", "product_id"),
    sa.Index("ix_catalogue_products_price", "from_minor", "product_id"),
    sa.Index(
        "ix_catalogue_products_title",
        sa.literal_column("((title_zh || ' '::text) || title_en)").label("title"),
        postgresql_using="gin",
        postgresql_ops={"title": "gin_trgm_ops"},
    ),
)
variants = sa.Table(
    "catalogue_variants",
    metadata,
    sa.Column("sku", sa.Text, primary_key=True),
    sa.Column("product_id", sa.Text, sa.ForeignKey("catalogue_products.product_id"), nullable=False),
    sa.Column("position", sa.Integer, nullable=False),
    sa.Column("choices", JSONB, nullable=False, server_default="[]"),
    sa.Column("cost_minor", sa.BigInteger),
    sa.Column("weight_g", sa.Integer, nullable=False, server_default="0"),
    sa.Column("volume_ml", sa.BigInteger, nullable=False, server_default="0"),
    sa.Column("cold_chain", sa.Text, nullable=False, server_default="none"),
    sa.Column("supply", sa.Text, nullable=False, server_default="stock"),
    sa.Column("ships_on", sa.Date),
    sa.Column("lead_days", sa.Integer, nullable=False, server_default="0"),
    sa.Column("active", sa.Boolean, nullable=False, server_default=sa.true()),
    sa.Column("gone", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("image", sa.Text, nullable=False, server_default=""),
    sa.CheckConstraint("supply in ('stock','presale','made_to_order')", name="supply"),
    sa.CheckConstraint("cold_chain in ('none','chilled','frozen')", name="cold_chain"),
    sa.CheckConstraint("cost_minor >= 0", name="cost_minor"),
    sa.Index("ix_catalogue_variants_product_id", "product_id", "position"),
)
media = sa.Table(
    "catalogue_media",
    metadata,
    sa.Column("media_id", sa.Text, primary_key=True, comment="SHA-256 of the content"),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("content", sa.LargeBinary, nullable=False),
    sa.Column("created_at", _MOMENT, nullable=False),
)

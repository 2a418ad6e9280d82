"""The tables of stock. What may never happen is refused by the rows themselves."""

from __future__ import annotations

import sqlalchemy as sa

from shengeng.storage.rows import metadata

_MOMENT = sa.DateTime(timezone=True)
_SUPPLY = "supply in ('stock','presale','made_to_order')"

locations = sa.Table(
    "stock_locations",
    metadata,
    sa.Column("location_id", sa.Text, primary_key=True),
    sa.Column("name_zh", sa.Text, nullable=False),
    sa.Column("name_en", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("sells", sa.Boolean, nullable=False, comment="its goods may be sold online"),
    sa.Column("position", sa.Integer, nullable=False, comment="in what order places are emptied"),
    sa.CheckConstraint("location_id <> ''", name="location_id"),
    sa.CheckConstraint("kind in ('store','forward','central')", name="kind"),
)
levels = sa.Table(
    "stock_levels",
    metadata,
    sa.Column("sku", sa.Text, primary_key=True),
    sa.Column("location_id", sa.Text, sa.ForeignKey("stock_locations.location_id"), primary_key=True),
    sa.Column("on_hand", sa.BigInteger, nullable=False),
    sa.Column("held", sa.BigInteger, nullable=False, server_default="0"),
    sa.Column("committed", sa.BigInteger, nullable=False, server_default="0"),
    sa.CheckConstraint("held >= 0", name="held"),
    sa.CheckConstraint("committed >= 0", name="committed"),
    sa.CheckConstraint("held + committed <= on_hand", name="never_oversold"),
)
quotas = sa.Table(
    "stock_quotas",
    metadata,
    sa.Column("sku", sa.Text, primary_key=True),
    sa.Column("supply", sa.Text, primary_key=True),
    sa.Column("quota", sa.BigInteger, nullable=False),
    sa.Column("held", sa.BigInteger, nullable=False, server_default="0"),
    sa.Column("taken", sa.BigInteger, nullable=False, server_default="0"),
    sa.CheckConstraint("supply in ('presale','made_to_order')", name="supply"),
    sa.CheckConstraint("held >= 0", name="held"),
    sa.CheckConstraint("taken >= 0", name="taken"),
    sa.CheckConstraint("held + taken <= quota", name="never_oversold"),
)
holds = sa.Table(
    "stock_holds",
    metadata,
    sa.Column("order_id", sa.Text, primary_key=True),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("until", _MOMENT, nullable=False),
    sa.Column("made_at", _MOMENT, nullable=False),
    sa.Column("changed_at", _MOMENT, nullable=False),
    sa.CheckConstraint("state in ('held','committed','released')", name="state"),
    sa.Index("ix_stock_holds_due", "until", postgresql_where=sa.text("state = 'held'")),
)
pieces = sa.Table(
    "stock_pieces",
    metadata,
    sa.Column("order_id", sa.Text, sa.ForeignKey("stock_holds.order_id"), primary_key=True),
    sa.Column("line_no", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("location_id", sa.Text, primary_key=True, comment="'' = out of a quota, in no place yet"),
    sa.Column("sku", sa.Text, nullable=False),
    sa.Column("supply", sa.Text, nullable=False),
    sa.Column("quantity", sa.BigInteger, nullable=False),
    sa.Column("shipped", sa.BigInteger, nullable=False, server_default="0"),
    sa.Column("returned", sa.BigInteger, nullable=False, server_default="0"),
    sa.CheckConstraint(_SUPPLY, name="supply"),
    sa.CheckConstraint("supply <> 'stock' or location_id <> ''", name="location_id"),
    sa.CheckConstraint("quantity > 0", name="quantity"),
    sa.CheckConstraint("shipped >= 0 and returned >= 0", name="used"),
    sa.CheckConstraint("shipped + returned <= quantity", name="once"),
    sa.Index("ix_stock_pieces_sku", "sku", "order_id"),
)
movements = sa.Table(
    "stock_movements",
    metadata,
    sa.Column("id", sa.BigInteger, sa.Identity(always=True), primary_key=True),
    sa.Column("at", _MOMENT, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("sku", sa.Text, nullable=False),
    sa.Column("location_id", sa.Text, nullable=False),
    sa.Column("change", sa.BigInteger, nullable=False),
    sa.Column("on_hand_after", sa.BigInteger, nullable=False),
    sa.Column("entry_id", sa.Uuid, nullable=False, comment="the booking; its lines share it"),
    sa.Column("order_id", sa.Text),
    sa.Column("note", sa.Text, nullable=False),
    sa.Column("by", sa.Text, nullable=False),
    sa.CheckConstraint("kind in ('receive','adjust','count','transfer','ship')", name="kind"),
    sa.CheckConstraint("change <> 0 or kind = 'count'", name="change"),
    sa.CheckConstraint("on_hand_after >= 0", name="on_hand_after"),
    sa.UniqueConstraint("entry_id", "sku", "location_id"),
    sa.Index("ix_stock_movements_level", "sku", "location_id", "id"),
    sa.Index("ix_stock_movements_order", "order_id", postgresql_where=sa.text("order_id is not null")),
)

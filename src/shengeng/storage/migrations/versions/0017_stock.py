"""Tables of stock and fulfilment: levels that cannot be oversold, promises to orders, movements, parcels."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY

revision = "0017_stock"
down_revision = "0016_pricing"

_MOMENT = sa.DateTime(timezone=True)
_SUPPLY = "supply in ('stock','presale','made_to_order')"
_TRACKED = "in ('shipped','in_transit','out_for_delivery','delivered','failed','returned')"
# A level changes with every order of its variant: room on the page keeps those changes off the index.
_ROOM = "alter table stock_levels set (fillfactor = 50); alter table stock_quotas set (fillfactor = 50)"
_GROWS = """
create function stock_only_grows() returns trigger language plpgsql as $$
begin
  raise exception '% only grows: % is refused', tg_table_name, tg_op
    using errcode = 'insufficient_privilege';
end $$
"""
_GUARDED = ("stock_movements", "shipment_events")


def upgrade() -> None:
    """Make the tables; movements and what happened to shipments only grow."""
    _places()
    _promises()
    _movements()
    _delivery()
    _shipments()
    op.execute(_ROOM)
    op.execute(_GROWS)
    for table in _GUARDED:
        op.execute(
            f"create trigger {table}_only_grow before update or delete or truncate on {table}"
            " for each statement execute function stock_only_grows()"
        )


def _places() -> None:
    op.create_table(
        "stock_locations",
        sa.Column("location_id", sa.Text, primary_key=True),
        sa.Column("name_zh", sa.Text, nullable=False),
        sa.Column("name_en", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("sells", sa.Boolean, nullable=False, comment="its goods may be sold online"),
        sa.Column("position", sa.Integer, nullable=False, comment="in what order places are emptied"),
        sa.CheckConstraint("location_id <> ''", name="location_id"),
        sa.CheckConstraint("kind in ('store','forward','central')", name="kind"),
    )
    op.create_table(
        "stock_levels",
        sa.Column("sku", sa.Text, primary_key=True),
        sa.Column("location_id", sa.Text, sa.ForeignKey("stock_locations.location_id"), primary_key=True),
        sa.Column("on_hand", sa.BigInteger, nullable=False),
        sa.Column("held", sa.BigInteger, nullable=False, server_default="0"),
        sa.Column("committed", sa.BigInteger, nullable=False, server_default="0"),
        sa.CheckConstraint("held >= 0", name="held"),
        sa.CheckConstraint("committed >= 0", name="committed"),
        sa.CheckConstraint("held + committed <= on_hand", name="never_oversold"),
    )
    op.create_table(
        "stock_quotas",
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


def _promises() -> None:
    op.create_table(
        "stock_holds",
        sa.Column("order_id", sa.Text, primary_key=True),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("until", _MOMENT, nullable=False),
        sa.Column("made_at", _MOMENT, nullable=False),
        sa.Column("changed_at", _MOMENT, nullable=False),
        sa.CheckConstraint("state in ('held','committed','released')", name="state"),
        sa.Index("ix_stock_holds_due", "until", postgresql_where=sa.text("state = 'held'")),
    )
    op.create_table(
        "stock_pieces",
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


def _movements() -> None:
    op.create_table(
        "stock_movements",
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


def _delivery() -> None:
    op.create_table(
        "delivery_zones",
        sa.Column("zone_id", sa.Text, primary_key=True),
        sa.Column("name_zh", sa.Text, nullable=False),
        sa.Column("name_en", sa.Text, nullable=False),
        sa.Column("country", sa.Text, nullable=False),
        sa.Column("regions", ARRAY(sa.Text), nullable=False, comment="{} = all of the country"),
    )
    op.create_table(
        "delivery_rates",
        sa.Column("rate_id", sa.Text, primary_key=True),
        sa.Column("zone_id", sa.Text, sa.ForeignKey("delivery_zones.zone_id"), nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("name_zh", sa.Text, nullable=False),
        sa.Column("name_en", sa.Text, nullable=False),
        sa.Column("currency", sa.Text, nullable=False),
        sa.Column("base_minor", sa.BigInteger, nullable=False),
        sa.Column("first_g", sa.Integer, nullable=False),
        sa.Column("per_kg_minor", sa.BigInteger, nullable=False),
        sa.Column("free_from_minor", sa.BigInteger),
        sa.Column("days_min", sa.Integer, nullable=False),
        sa.Column("days_max", sa.Integer, nullable=False),
        sa.Column("cold_chains", ARRAY(sa.Text), nullable=False),
        sa.Column("volume_per_kg_ml", sa.Integer, nullable=False),
        sa.Column("co2e_g", sa.Integer, comment="grams a parcel; null = nobody has stated it"),
        sa.Column("co2e_source_zh", sa.Text),
        sa.Column("co2e_source_en", sa.Text),
        sa.Column("location_id", sa.Text, comment="where it is fetched, for pickup"),
        sa.Column("active", sa.Boolean, nullable=False),
        sa.CheckConstraint("kind in ('standard','express','pickup','greener')", name="kind"),
        sa.CheckConstraint("base_minor >= 0 and per_kg_minor >= 0 and first_g >= 0", name="price"),
        sa.CheckConstraint("free_from_minor is null or free_from_minor >= 0", name="free_from_minor"),
        sa.CheckConstraint("0 <= days_min and days_min <= days_max", name="days"),
        sa.CheckConstraint("volume_per_kg_ml > 0", name="volume_per_kg_ml"),
        sa.CheckConstraint("(co2e_g is null) = (co2e_source_zh is null)", name="co2e_is_sourced"),
        sa.Index(None, "zone_id"),
    )


def _shipments() -> None:
    op.create_table(
        "shipments",
        sa.Column("shipment_id", sa.Uuid, primary_key=True),
        sa.Column("order_id", sa.Text, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("carrier", sa.Text, nullable=False),
        sa.Column("tracking_number", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("shipped_at", _MOMENT, nullable=False),
        sa.Column("delivered_at", _MOMENT),
        sa.CheckConstraint(f"state {_TRACKED}", name="state"),
        sa.CheckConstraint("(state = 'delivered') = (delivered_at is not null)", name="delivered_at"),
        sa.CheckConstraint("number > 0", name="number"),
        sa.UniqueConstraint("order_id", "number"),
        sa.Index(
            "ix_shipments_tracking_number",
            "tracking_number",
            postgresql_where=sa.text("tracking_number <> ''"),
        ),
    )
    op.create_table(
        "shipment_lines",
        sa.Column("shipment_id", sa.Uuid, sa.ForeignKey("shipments.shipment_id"), primary_key=True),
        sa.Column("line_no", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("location_id", sa.Text, primary_key=True),
        sa.Column("sku", sa.Text, nullable=False),
        sa.Column("quantity", sa.BigInteger, nullable=False),
        sa.CheckConstraint("quantity > 0", name="quantity"),
    )
    op.create_table(
        "shipment_events",
        sa.Column("id", sa.BigInteger, sa.Identity(always=True), primary_key=True),
        sa.Column("shipment_id", sa.Uuid, sa.ForeignKey("shipments.shipment_id"), nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("where", sa.Text, nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("by", sa.Text, nullable=False),
        sa.CheckConstraint(f"kind {_TRACKED}", name="kind"),
        sa.Index(None, "shipment_id", "id"),
    )


def downgrade() -> None:
    """Drop the tables."""
    for table in ("shipment_events", "shipment_lines", "shipments", "delivery_rates", "delivery_zones"):
        op.drop_table(table)
    for table in ("movements", "pieces", "holds", "quotas", "levels", "locations"):
        op.drop_table(f"stock_{table}")
    op.execute("drop function stock_only_grows()")

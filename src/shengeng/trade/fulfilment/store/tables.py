"""The tables of fulfilment."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY

from shengeng.storage.rows import metadata

_MOMENT = sa.DateTime(timezone=True)
_TRACKED = "in ('shipped','in_transit','out_for_delivery','delivered','failed','returned')"

zones = sa.Table(
    "delivery_zones",
    metadata,
    sa.Column("zone_id", sa.Text, primary_key=True),
    sa.Column("name_zh", sa.Text, nullable=False),
    sa.Column("name_en", sa.Text, nullable=False),
    sa.Column("country", sa.Text, nullable=False),
    sa.Column("regions", ARRAY(sa.Text), nullable=False, comment="{} = all of the country"),
)
rates = sa.Table(
    "delivery_rates",
    metadata,
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
shipments = sa.Table(
    "shipments",
    metadata,
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
        "ix_shipments_tracking_number", "tracking_number", postgresql_where=sa.text("tracking_number <> ''")
    ),
)
shipment_lines = sa.Table(
    "shipment_lines",
    metadata,
    sa.Column("shipment_id", sa.Uuid, sa.ForeignKey("shipments.shipment_id"), primary_key=True),
    sa.Column("line_no", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("location_id", sa.Text, primary_key=True),
    sa.Column("sku", sa.Text, nullable=False),
    sa.Column("quantity", sa.BigInteger, nullable=False),
    sa.CheckConstraint("quantity > 0", name="quantity"),
)
shipment_events = sa.Table(
    "shipment_events",
    metadata,
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

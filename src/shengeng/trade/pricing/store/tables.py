"""Tables of price lists, promotions and coupons."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from shengeng.storage.rows import metadata

_MOMENT = sa.DateTime(timezone=True)
_HOLD = "state in ('held','redeemed','released')"
_COUPON = "state in ('issued','locked','redeemed','released','expired')"

price_lists = sa.Table(
    "price_lists",
    metadata,
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("channel_id", sa.Text, nullable=False),
    sa.Column("name_zh", sa.Text, nullable=False),
    sa.Column("name_en", sa.Text, nullable=False),
    sa.Column("tier", sa.Text, comment="null = everybody"),
    sa.Column("starts_at", _MOMENT),
    sa.Column("ends_at", _MOMENT),
    sa.CheckConstraint("starts_at < ends_at", name="period"),
    sa.Index(
        "uq_price_lists_base",
        "channel_id",
        unique=True,
        postgresql_where=sa.text("tier is null and starts_at is null and ends_at is null"),
    ),
)
prices = sa.Table(
    "prices",
    metadata,
    sa.Column("sku", sa.Text, primary_key=True),
    sa.Column("list_id", sa.Uuid, sa.ForeignKey("price_lists.id"), primary_key=True),
    sa.Column("min_quantity", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("unit_minor", sa.BigInteger, nullable=False),
    sa.Column("compare_at_minor", sa.BigInteger),
    sa.Index(None, "list_id"),
    sa.CheckConstraint("min_quantity >= 1", name="min_quantity"),
    sa.CheckConstraint("unit_minor >= 1", name="unit_minor"),
    sa.CheckConstraint("compare_at_minor > unit_minor", name="compare_at_minor"),
)
price_moves = sa.Table(
    "price_moves",
    metadata,
    sa.Column("channel_id", sa.Text, primary_key=True),
    sa.Column("sku", sa.Text, primary_key=True),
    sa.Column("since", _MOMENT, primary_key=True),
    sa.Column("unit_minor", sa.BigInteger, comment="everybody's price of one unit, null = not on sale"),
)
pricing_policies = sa.Table(
    "pricing_policies",
    metadata,
    sa.Column("channel_id", sa.Text, primary_key=True),
    sa.Column("most_bp", sa.Integer, nullable=False),
    sa.Column("coupons", sa.Integer, nullable=False),
    sa.CheckConstraint("most_bp between 0 and 9999", name="most_bp"),
    sa.CheckConstraint("coupons between 0 and 10", name="coupons"),
)
promotions = sa.Table(
    "promotions",
    metadata,
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("channel_id", sa.Text, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("trigger", sa.Text, nullable=False),
    sa.Column("definition", JSONB, nullable=False),
    sa.Column("starts_at", _MOMENT),
    sa.Column("ends_at", _MOMENT),
    sa.Column("updated_at", _MOMENT, nullable=False),
    sa.Column("updated_by", sa.Text, nullable=False),
    sa.CheckConstraint("state in ('draft','live','paused','ended')", name="state"),
    sa.CheckConstraint("trigger in ('automatic','coupon')", name="trigger"),
    sa.CheckConstraint("starts_at < ends_at", name="period"),
    sa.Index(None, "channel_id", "state"),
)
promotion_versions = sa.Table(
    "promotion_versions",
    metadata,
    sa.Column("promotion_id", sa.Uuid, sa.ForeignKey("promotions.id"), primary_key=True),
    sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("definition", JSONB, nullable=False),
    sa.Column("at", _MOMENT, nullable=False),
    sa.Column("by", sa.Text, nullable=False),
)
promotion_spending = sa.Table(
    "promotion_spending",
    metadata,
    sa.Column("promotion_id", sa.Uuid, sa.ForeignKey("promotions.id"), primary_key=True),
    sa.Column("limited", sa.Boolean, nullable=False, comment="false = the counters stand still"),
    sa.Column("budget_minor", sa.BigInteger),
    sa.Column("uses_most", sa.BigInteger),
    sa.Column("held_minor", sa.BigInteger, nullable=False),
    sa.Column("redeemed_minor", sa.BigInteger, nullable=False),
    sa.Column("held_uses", sa.BigInteger, nullable=False),
    sa.Column("redeemed_uses", sa.BigInteger, nullable=False),
    sa.CheckConstraint("held_minor >= 0 and redeemed_minor >= 0", name="minor"),
    sa.CheckConstraint("held_uses >= 0 and redeemed_uses >= 0", name="uses"),
    sa.CheckConstraint("held_minor + redeemed_minor <= budget_minor", name="budget"),
    sa.CheckConstraint("held_uses + redeemed_uses <= uses_most", name="uses_most"),
    sa.CheckConstraint("limited = (budget_minor is not null or uses_most is not null)", name="limited"),
)
promotion_members = sa.Table(
    "promotion_members",
    metadata,
    sa.Column("promotion_id", sa.Uuid, sa.ForeignKey("promotions.id"), primary_key=True),
    sa.Column("member_id", sa.Text, primary_key=True),
    sa.Column("uses", sa.Integer, nullable=False),
    sa.Index(None, "member_id"),
    sa.CheckConstraint("uses >= 0", name="uses"),
)
coupon_batches = sa.Table(
    "coupon_batches",
    metadata,
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("promotion_id", sa.Uuid, sa.ForeignKey("promotions.id"), nullable=False),
    sa.Column("name_zh", sa.Text, nullable=False),
    sa.Column("name_en", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("ends_at", _MOMENT),
    sa.Column("issued_at", _MOMENT, nullable=False),
    sa.Column("issued_by", sa.Text, nullable=False),
    sa.CheckConstraint("kind in ('shared','single')", name="kind"),
    sa.Index(None, "promotion_id"),
)
coupons = sa.Table(
    "coupons",
    metadata,
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("batch_id", sa.Uuid, sa.ForeignKey("coupon_batches.id"), nullable=False),
    sa.Column("promotion_id", sa.Uuid, sa.ForeignKey("promotions.id"), nullable=False),
    sa.Column("code", sa.Text, nullable=False, unique=True),
    sa.Column("member_id", sa.Text, comment="null = whoever has the code"),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("uses_most", sa.Integer, nullable=False),
    sa.Column("taken", sa.Integer, nullable=False),
    sa.Column("redeemed", sa.Integer, nullable=False),
    sa.Column("ends_at", _MOMENT),
    sa.CheckConstraint(_COUPON, name="state"),
    sa.CheckConstraint("0 <= redeemed and redeemed <= taken and taken <= uses_most", name="taken"),
    sa.CheckConstraint("uses_most = 1 or state in ('issued','expired')", name="shared"),
    sa.CheckConstraint("uses_most > 1 or (taken = 1) = (state in ('locked','redeemed'))", name="single"),
    sa.Index(None, "batch_id", "id"),
    sa.Index(None, "member_id", postgresql_where=sa.text("member_id is not null")),
    sa.Index(None, "ends_at", postgresql_where=sa.text("state in ('issued','released')")),
)
coupon_moves = sa.Table(
    "coupon_moves",
    metadata,
    sa.Column("id", sa.BigInteger, sa.Identity(always=True), primary_key=True),
    sa.Column("coupon_id", sa.Uuid, sa.ForeignKey("coupons.id"), nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("order_id", sa.Text),
    sa.Column("at", _MOMENT, nullable=False),
    sa.CheckConstraint(_COUPON, name="state"),
    sa.Index(None, "coupon_id"),
)
promotion_holds = sa.Table(
    "promotion_holds",
    metadata,
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("order_id", sa.Text, nullable=False),
    sa.Column("promotion_id", sa.Uuid, sa.ForeignKey("promotions.id"), nullable=False),
    sa.Column("coupon_id", sa.Uuid, sa.ForeignKey("coupons.id")),
    sa.Column("member_id", sa.Text),
    sa.Column("amount_minor", sa.BigInteger, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("held_at", _MOMENT, nullable=False),
    sa.Column("settled_at", _MOMENT),
    sa.CheckConstraint(_HOLD, name="state"),
    sa.CheckConstraint("amount_minor >= 0", name="amount_minor"),
    sa.Index(
        "uq_promotion_holds_living",
        "order_id",
        "promotion_id",
        unique=True,
        postgresql_where=sa.text("state <> 'released'"),
    ),
    sa.Index(None, "promotion_id", "state"),
    sa.Index(None, "member_id", postgresql_where=sa.text("member_id is not null")),
)

"""The tables of payments."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.sql.dml import ReturningInsert

from shengeng.storage.rows import UnitOfWork, metadata

_MOMENT = sa.DateTime(timezone=True)
_MINOR = sa.BigInteger

providers = sa.Table(
    "payment_providers",
    metadata,
    sa.Column("provider", sa.Text, primary_key=True),
    sa.Column("enabled", sa.Boolean, nullable=False),
    sa.Column("settings", JSONB, nullable=False, comment="identifiers and paths of secrets, never a secret"),
    sa.Column("updated_at", _MOMENT, nullable=False),
    sa.Column("updated_by", sa.Text, nullable=False),
    sa.CheckConstraint("provider in ('sandbox','wechat_v3','alipay')", name="provider"),
)
intents = sa.Table(
    "payment_intents",
    metadata,
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("order_id", sa.Text, nullable=False),
    sa.Column("provider", sa.Text, nullable=False),
    sa.Column("amount_minor", _MINOR, nullable=False),
    sa.Column("currency", sa.Text, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("return_url", sa.Text, nullable=False),
    sa.Column("created_at", _MOMENT, nullable=False),
    sa.Column("expires_at", _MOMENT, nullable=False),
    sa.Column("action_kind", sa.Text),
    sa.Column("action_url", sa.Text),
    sa.Column("shown_at", _MOMENT, comment="when the provider was told of it"),
    sa.Column("screen", sa.Text, comment="desk or phone, where it was shown last"),
    sa.Column("ask_at", _MOMENT, comment="when to ask the provider, if it stays silent"),
    sa.Column("asked_times", sa.Integer, nullable=False, server_default="0"),
    sa.CheckConstraint("amount_minor > 0", name="amount"),
    sa.CheckConstraint("state in ('open','charged','failed','cancelled')", name="state"),
    sa.CheckConstraint("screen in ('desk','phone')", name="screen"),
    sa.Index(None, "order_id"),
    sa.Index(None, "created_at"),
    sa.Index("ix_payment_intents_open", "order_id", unique=True, postgresql_where=sa.text("state = 'open'")),
    sa.Index("ix_payment_intents_ask", "ask_at", postgresql_where=sa.text("ask_at is not null")),
)
charges = sa.Table(
    "payment_charges",
    metadata,
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("intent_id", sa.Uuid, comment="null: money for a payment that we do not know"),
    sa.Column("order_id", sa.Text),
    sa.Column("provider", sa.Text, nullable=False),
    sa.Column("provider_ref", sa.Text, nullable=False),
    sa.Column("amount_minor", _MINOR, nullable=False),
    sa.Column("currency", sa.Text, nullable=False),
    sa.Column("standing", sa.Text, nullable=False),
    sa.Column("why", sa.Text, nullable=False),
    sa.Column("refunded_minor", _MINOR, nullable=False, server_default="0"),
    sa.Column("refunding_minor", _MINOR, nullable=False, server_default="0"),
    sa.Column("charged_at", _MOMENT, nullable=False),
    sa.CheckConstraint("amount_minor > 0", name="amount"),
    sa.CheckConstraint("refunded_minor >= 0 and refunding_minor >= 0", name="counted"),
    sa.CheckConstraint("refunded_minor + refunding_minor <= amount_minor", name="refunds"),
    sa.CheckConstraint("standing in ('order','parked')", name="standing"),
    sa.CheckConstraint(
        "standing = 'parked' or (order_id is not null and intent_id is not null)", name="owned"
    ),
    sa.UniqueConstraint("provider", "provider_ref"),
    sa.Index(
        "ix_payment_charges_order", "order_id", unique=True, postgresql_where=sa.text("standing = 'order'")
    ),
    sa.Index(None, "intent_id"),
    sa.Index(None, "charged_at"),
)
refunds = sa.Table(
    "payment_refunds",
    metadata,
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("charge_id", sa.Uuid, sa.ForeignKey("payment_charges.id"), nullable=False),
    sa.Column("order_id", sa.Text),
    sa.Column("key", sa.Text, nullable=False, unique=True),
    sa.Column("amount_minor", _MINOR, nullable=False),
    sa.Column("currency", sa.Text, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("provider_ref", sa.Text, nullable=False, server_default=""),
    sa.Column("asked_times", sa.Integer, nullable=False, server_default="0"),
    sa.Column("ask_at", _MOMENT),
    sa.Column("error", sa.Text, nullable=False, server_default=""),
    sa.Column("requested_at", _MOMENT, nullable=False),
    sa.Column("settled_at", _MOMENT),
    sa.CheckConstraint("amount_minor > 0", name="amount"),
    sa.CheckConstraint("state in ('waiting','asked','done','failed')", name="state"),
    sa.Index(None, "charge_id"),
    sa.Index(None, "order_id"),
    sa.Index(None, "requested_at"),
    sa.Index("ix_payment_refunds_ask", "ask_at", postgresql_where=sa.text("ask_at is not null")),
)
notices = sa.Table(
    "payment_notices",
    metadata,
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("provider", sa.Text, nullable=False),
    sa.Column("received_at", _MOMENT, nullable=False),
    sa.Column("via", sa.Text, nullable=False),
    sa.Column("verdict", sa.Text, nullable=False),
    sa.Column("about", sa.Text, nullable=False),
    sa.Column("notice_id", sa.Text, nullable=False, comment="the sender's own id, '' when unread"),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("amount_minor", _MINOR),
    sa.Column("currency", sa.Text, nullable=False),
    sa.Column("provider_ref", sa.Text, nullable=False),
    sa.Column("intent_id", sa.Uuid),
    sa.Column("order_id", sa.Text),
    sa.Column("digest", sa.LargeBinary, nullable=False, comment="SHA-256 of the body"),
    sa.Column("headers", JSONB),
    sa.Column("body", sa.LargeBinary, comment="null when it is older than we keep it"),
    sa.CheckConstraint(
        "verdict in ('accepted','late','duplicate','second','wrong_amount','unknown','ignored',"
        "'unreadable','forged')",
        name="verdict",
    ),
    sa.CheckConstraint("via in ('notice','asked')", name="via"),
    sa.Index(None, "received_at"),
    sa.Index(None, "order_id"),
)
accounts = sa.Table(
    "payment_accounts",
    metadata,
    sa.Column("account", sa.Text, primary_key=True),
    sa.Column("kind", sa.Text, nullable=False),
    sa.CheckConstraint("kind in ('asset','liability','expense')", name="kind"),
)
transactions = sa.Table(
    "payment_transactions",
    metadata,
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("at", _MOMENT, nullable=False),
    sa.Column("cause", sa.Text, nullable=False, unique=True, comment="what it stands for, once only"),
    sa.Column("about", sa.Text, nullable=False),
    sa.Column("order_id", sa.Text),
    sa.Column("currency", sa.Text, nullable=False),
    sa.Column("sides", sa.SmallInteger, nullable=False, comment="how many postings it has, from the start"),
    sa.CheckConstraint("sides >= 2", name="sides"),
    sa.Index(None, "at"),
    sa.Index(None, "order_id"),
)
postings = sa.Table(
    "payment_postings",
    metadata,
    sa.Column("transaction_id", sa.Uuid, sa.ForeignKey("payment_transactions.id"), primary_key=True),
    sa.Column("side", sa.SmallInteger, primary_key=True, autoincrement=False),
    sa.Column("account", sa.Text, sa.ForeignKey("payment_accounts.account"), nullable=False),
    sa.Column("amount_minor", _MINOR, nullable=False, comment="a debit is positive"),
    sa.CheckConstraint("amount_minor <> 0", name="amount"),
    sa.Index(None, "account"),
)
statements = sa.Table(
    "payment_statements",
    metadata,
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("provider", sa.Text, nullable=False),
    sa.Column("taken_at", _MOMENT, nullable=False),
    sa.Column("taken_by", sa.Text, nullable=False),
    sa.Column("since", _MOMENT, nullable=False),
    sa.Column("until", _MOMENT, nullable=False),
    sa.Column("outcome", JSONB, nullable=False, comment="counts and the rows that do not match"),
    sa.Index(None, "taken_at"),
)


def kept(uow: UnitOfWork, insertion: ReturningInsert[Any], row: Mapping[str, Any] | None = None) -> bool:
    """Whether an insertion that gives way to what is there added its row (its row count does not tell)."""
    return uow.conn.execute(insertion, row).first() is not None

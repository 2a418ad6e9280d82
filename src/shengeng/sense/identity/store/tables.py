"""Identifiers, and the append-only log of what was seen or done between them."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from shengeng.storage.rows import metadata

_MOMENT = sa.DateTime(timezone=True)
nodes = sa.Table(
    "identity_nodes",
    metadata,
    sa.Column("id", sa.BigInteger, sa.Identity(always=True), primary_key=True),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("value", sa.Text, nullable=False),
    sa.Column("person_id", sa.Text, nullable=False),
    sa.Column("cluster", sa.BigInteger, nullable=False, comment="nodes that are looked at together"),
    sa.Column("blocked", sa.Text, comment="why nothing merges over this one: shared, crowd, many"),
    sa.Column("version", sa.BigInteger, nullable=False, comment="of the persons when it last moved"),
    sa.UniqueConstraint("kind", "value"),
    sa.CheckConstraint("kind in ('anonymous','customer','phone_hash','unionid','email_hash')", name="kind"),
    sa.CheckConstraint("blocked in ('shared','crowd','many')", name="blocked"),
    sa.Index(None, "person_id"),
    sa.Index(None, "cluster"),
    sa.Index(None, "version"),
)
edges = sa.Table(
    "identity_edges",
    metadata,
    sa.Column("id", sa.BigInteger, sa.Identity(always=True), primary_key=True),
    sa.Column("a", sa.BigInteger, sa.ForeignKey("identity_nodes.id"), nullable=False),
    sa.Column("b", sa.BigInteger, sa.ForeignKey("identity_nodes.id"), nullable=False),
    sa.Column("act", sa.Text, nullable=False),
    sa.Column("source", sa.Text, nullable=False, comment="what saw it; of a cut: who"),
    sa.Column("occurred_at", _MOMENT, nullable=False),
    sa.Column("evidence", JSONB, nullable=False),
    sa.Column("observed_at", _MOMENT, nullable=False),
    sa.CheckConstraint("act in ('seen','cut','restored')", name="act"),
    sa.CheckConstraint("a <> b", name="ends"),
    sa.Index(None, "a", "b"),
    sa.Index(None, "b"),
)
rules = sa.Table(
    "identity_rules",
    metadata,
    sa.Column("id", sa.SmallInteger, primary_key=True, autoincrement=False),
    sa.Column("most_customers", sa.Integer, nullable=False, comment="the limit that persons rest on"),
    sa.Column("version", sa.BigInteger, nullable=False, comment="counts the changes of persons"),
    sa.CheckConstraint("id = 1", name="one"),
)

"""The tables of saved audiences."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from shengeng.storage.rows import metadata

audiences = sa.Table(
    "audiences",
    metadata,
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("created_by", sa.Text, nullable=False),
    sa.Column("archived_at", sa.DateTime(timezone=True)),
    sa.Column("evaluated_version", sa.Integer, comment="null = its members are not of this version"),
    sa.Column("evaluated_at", sa.DateTime, comment="the shop's local time"),
    sa.Column("member_count", sa.BigInteger, nullable=False),
)
versions = sa.Table(
    "audience_versions",
    metadata,
    sa.Column("audience_id", sa.Uuid, sa.ForeignKey("audiences.id"), primary_key=True),
    sa.Column("version", sa.Integer, primary_key=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("note", sa.Text, nullable=False),
    sa.Column("definition", JSONB, nullable=False),
    sa.Column("by", sa.Text, nullable=False),
    sa.Column("at", sa.DateTime(timezone=True), nullable=False),
)
members = sa.Table(
    "audience_members",
    metadata,
    sa.Column("audience_id", sa.Uuid, sa.ForeignKey("audiences.id"), primary_key=True),
    sa.Column("person_id", sa.Text, primary_key=True),
    sa.Column("since", sa.DateTime, nullable=False, comment="the shop's local time"),
    sa.Index(None, "audience_id", "since"),
)
changes = sa.Table(
    "audience_changes",
    metadata,
    sa.Column("id", sa.BigInteger, sa.Identity(always=True), primary_key=True),
    sa.Column("audience_id", sa.Uuid, sa.ForeignKey("audiences.id"), nullable=False),
    sa.Column("person_id", sa.Text, nullable=False),
    sa.Column("entered", sa.Boolean, nullable=False, comment="false = left"),
    sa.Column("at", sa.DateTime, nullable=False, comment="the shop's local time"),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("cause", sa.Text, nullable=False),
    sa.Index(None, "audience_id", "id"),
    sa.Index(None, "person_id"),
)
due = sa.Table(
    "audience_due",
    metadata,
    sa.Column("audience_id", sa.Uuid, sa.ForeignKey("audiences.id"), primary_key=True),
    sa.Column("person_id", sa.Text, primary_key=True),
    sa.Column("due_at", sa.DateTime, nullable=False, comment="the shop's local time"),
    sa.Index(None, "due_at"),
)

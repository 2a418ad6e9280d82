"""The rows that storage itself keeps: the lake's manifest, the jobs' progress, stamps of tables."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)
_MOMENT = sa.DateTime(timezone=True)
_NOW = sa.text("clock_timestamp()")

snapshots = sa.Table(
    "lake_snapshots",
    metadata,
    sa.Column("id", sa.BigInteger, sa.Identity(always=True), primary_key=True),
    sa.Column("at", _MOMENT, nullable=False, server_default=_NOW),
    sa.Column("swept", sa.Boolean, nullable=False, server_default=sa.false()),
)
files = sa.Table(
    "lake_files",
    metadata,
    sa.Column("id", sa.BigInteger, sa.Identity(always=True), primary_key=True),
    sa.Column("dataset", sa.Text, nullable=False),
    sa.Column("partition", sa.Text, nullable=False),
    sa.Column("path", sa.Text, nullable=False, unique=True),
    sa.Column("rows", sa.BigInteger, nullable=False),
    sa.Column("bytes", sa.BigInteger, nullable=False),
    sa.Column("sha256", sa.Text, nullable=False),
    sa.Column("schema", sa.LargeBinary, nullable=False, comment="the Arrow schema, as an IPC message"),
    sa.Column("added", sa.BigInteger, sa.ForeignKey("lake_snapshots.id"), nullable=False),
    sa.Column("removed", sa.BigInteger, sa.ForeignKey("lake_snapshots.id")),
    sa.CheckConstraint("rows >= 0 and bytes >= 0", name="counts"),
    sa.CheckConstraint("removed is null or removed >= added", name="order"),
    sa.Index(None, "dataset", "partition"),
)
stamps = sa.Table(
    "table_stamps",
    metadata,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("stamp", sa.BigInteger, nullable=False, comment="another one after every change"),
)
job_progress = sa.Table(
    "job_progress",
    metadata,
    sa.Column("id", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("state", sa.Text, nullable=False, server_default="waiting"),
    sa.Column("percent", sa.Float, nullable=False, server_default="0"),
    sa.Column("step", sa.Text, nullable=False, server_default=""),
    sa.Column("log", JSONB, nullable=False, server_default=sa.text("'[]'::jsonb")),
    sa.Column("error", JSONB(none_as_null=True)),
    sa.Column("run", sa.Text, nullable=False, server_default="", comment="token of the run that may write"),
    sa.Column("runs", sa.Integer, nullable=False, server_default="0"),
    sa.Column("cancel_requested", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("created_at", _MOMENT, nullable=False, server_default=_NOW),
    sa.Column("started_at", _MOMENT),
    sa.Column("finished_at", _MOMENT),
    sa.CheckConstraint("state in ('waiting','running','succeeded','failed','cancelled')", name="state"),
    sa.CheckConstraint("percent >= 0 and percent <= 100", name="percent"),
    sa.Index(None, "created_at"),
)

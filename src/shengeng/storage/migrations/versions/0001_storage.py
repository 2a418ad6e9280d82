"""The lake's manifest, the jobs and their progress."""

import psycopg
import sqlalchemy as sa
from alembic import op
from procrastinate.schema import SchemaManager
from sqlalchemy.dialects.postgresql import JSONB

revision = "0001_storage"
down_revision = None

_MOMENT = sa.DateTime(timezone=True)
_NOW = sa.text("clock_timestamp()")


def upgrade() -> None:
    """Make the tables."""
    _jobs()
    _lake()
    _progress()


def _jobs() -> None:
    connection = op.get_bind()
    connection.exec_driver_sql("create schema jobs")
    # Its text names no schema and its % signs are no placeholders, so it goes past SQLAlchemy.
    connection.exec_driver_sql("set local search_path to jobs")
    driver = connection.connection.driver_connection
    assert isinstance(driver, psycopg.Connection)
    driver.execute(SchemaManager.get_schema())
    connection.exec_driver_sql("set local search_path to public,jobs")


def _lake() -> None:
    op.create_table(
        "lake_snapshots",
        sa.Column("id", sa.BigInteger, sa.Identity(always=True), primary_key=True),
        sa.Column("at", _MOMENT, nullable=False, server_default=_NOW),
        sa.Column("swept", sa.Boolean, nullable=False, server_default=sa.false()),
    )
    op.create_table(
        "lake_files",
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
    )
    op.create_index("ix_lake_files_dataset_partition", "lake_files", ["dataset", "partition"])


def _progress() -> None:
    op.create_table(
        "job_progress",
        sa.Column("id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False, server_default="waiting"),
        sa.Column("percent", sa.Float, nullable=False, server_default="0"),
        sa.Column("step", sa.Text, nullable=False, server_default=""),
        sa.Column("log", JSONB, nullable=False, server_default=sa.text("'[]'::jsonb")),
        sa.Column("error", JSONB(none_as_null=True)),
        sa.Column(
            "run", sa.Text, nullable=False, server_default="", comment="token of the run that may write"
        ),
        sa.Column("runs", sa.Integer, nullable=False, server_default="0"),
        sa.Column("cancel_requested", sa.Boolean, nullable=False, server_default=sa.false()),
        sa.Column("created_at", _MOMENT, nullable=False, server_default=_NOW),
        sa.Column("started_at", _MOMENT),
        sa.Column("finished_at", _MOMENT),
        sa.CheckConstraint("state in ('waiting','running','succeeded','failed','cancelled')", name="state"),
        sa.CheckConstraint("percent >= 0 and percent <= 100", name="percent"),
    )
    op.create_index("ix_job_progress_created_at", "job_progress", ["created_at"])


def downgrade() -> None:
    """Drop the tables."""
    for table in ("job_progress", "lake_files", "lake_snapshots"):
        op.drop_table(table)
    op.execute("drop schema jobs cascade")

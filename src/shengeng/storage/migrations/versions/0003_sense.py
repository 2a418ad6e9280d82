"""Imports and what became of their files."""

import sqlalchemy as sa
from alembic import op

revision = "0003_sense"
down_revision = "0002_govern"

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "imports",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("started_at", _MOMENT, nullable=False),
        sa.Column("finished_at", _MOMENT),
        sa.Column("timezone", sa.Text, nullable=False),
        sa.Column("currency", sa.Text, nullable=False),
        sa.Column("until", sa.Date, comment="orders of later local days wait in the feed"),
        sa.Column("data_hash", sa.Text),
        sa.Column("share_identified", sa.Double),
        sa.Column("rejects", sa.Text, comment="path of rejects.csv, where a row was rejected"),
        sa.Column("error_en", sa.Text),
        sa.Column("error_zh", sa.Text),
        sa.CheckConstraint("state in ('running','succeeded','failed')", name="state"),
        sa.CheckConstraint("(state = 'running') = (finished_at is null)", name="finished"),
        sa.CheckConstraint("(state = 'failed') = (error_en is not null)", name="error"),
        sa.CheckConstraint("share_identified between 0 and 1", name="share"),
    )
    op.create_index("ix_imports_started_at", "imports", ["started_at"])
    op.create_table(
        "import_files",
        sa.Column("import_id", sa.Uuid, sa.ForeignKey("imports.id"), primary_key=True),
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("rows", sa.BigInteger, nullable=False),
        sa.Column("accepted", sa.BigInteger, nullable=False),
        sa.Column("rejected", sa.BigInteger, nullable=False),
        sa.Column("unchanged", sa.BigInteger, nullable=False),
        sa.CheckConstraint(
            "rows = accepted + rejected + unchanged and least(accepted, rejected, unchanged) >= 0", name="sum"
        ),
    )


def downgrade() -> None:
    """Drop the tables."""
    op.drop_table("import_files")
    op.drop_table("imports")

"""Tables of learn: the scorecard's points."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import UUID

revision = "0005_learn"
down_revision = "0004_decide"


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "scorecard_points",
        sa.Column("slate_id", UUID, sa.ForeignKey("decision_slates.id"), primary_key=True),
        sa.Column("level", sa.Text, primary_key=True),
        sa.Column("measure", sa.Text, primary_key=True),
        sa.Column("group_key", sa.Text, primary_key=True),
        sa.Column("version", sa.Integer, primary_key=True),
        sa.Column("play", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("basis", sa.Text, nullable=False),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("window_end", sa.Date, nullable=False),
        sa.Column("settled_on", sa.Date, nullable=False),
        sa.Column("n", sa.Integer, nullable=False),
        sa.Column("unit", sa.Text, nullable=False),
        sa.Column("expected_low", sa.Float, nullable=False),
        sa.Column("expected_mid", sa.Float, nullable=False),
        sa.Column("expected_high", sa.Float, nullable=False),
        sa.Column("observed", sa.Float, nullable=False),
        sa.Column("inside_n", sa.Integer, comment="decisions whose own interval held; null: they have none"),
        sa.CheckConstraint("level in ('group','day')", name="level"),
        sa.CheckConstraint("measure in ('forecast','gain')", name="measure"),
        sa.CheckConstraint("not (measure = 'gain' and basis = 'assumed')", name="assumed"),
        sa.CheckConstraint("expected_low <= expected_mid and expected_mid <= expected_high", name="expected"),
        comment="stated intervals of sums beside what came; better knowledge later is a new version",
    )
    op.create_index("ix_scorecard_points_play_day", "scorecard_points", ["play", "day"])
    op.execute(
        "create trigger ledger_keeps before update or delete or truncate on scorecard_points"
        " for each statement execute function ledger_keeps()"
    )


def downgrade() -> None:
    """Drop the tables."""
    op.drop_table("scorecard_points")

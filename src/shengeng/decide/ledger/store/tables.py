"""The ledger's tables. Triggers (migration 0004) hold the state machine, even against direct SQL."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB, UUID, ExcludeConstraint

from shengeng.storage.rows import metadata

_MOMENT = sa.DateTime(timezone=True)
_STATES = "'proposed','approved','rejected','expired','executing','executed','failed','cancelled'"
_SUMS = "gain_low_minor <= gain_mid_minor and gain_mid_minor <= gain_high_minor"
_FORECAST = "forecast_low <= forecast_mid and forecast_mid <= forecast_high"

slates = sa.Table(
    "decision_slates",
    metadata,
    sa.Column("id", UUID, primary_key=True),
    sa.Column("play", sa.Text, nullable=False),
    sa.Column("proposed_on", sa.Date, nullable=False),
    sa.Column("window_start", sa.Date, nullable=False),
    sa.Column("window_end", sa.Date, nullable=False),
    sa.Column("horizon_days", sa.Integer, nullable=False),
    sa.Column("subject_kind", sa.Text, nullable=False),
    sa.Column("basis", sa.Text, nullable=False),
    sa.Column("forecast_unit", sa.Text, nullable=False),
    sa.Column("method", sa.Text, nullable=False),
    sa.Column("assumptions", JSONB, nullable=False),
    sa.Column("count", sa.Integer, nullable=False),
    sa.Column("gain_low_minor", sa.BigInteger, nullable=False),
    sa.Column("gain_mid_minor", sa.BigInteger, nullable=False),
    sa.Column("gain_high_minor", sa.BigInteger, nullable=False),
    sa.Column("forecast_low", sa.Float, nullable=False),
    sa.Column("forecast_mid", sa.Float, nullable=False),
    sa.Column("forecast_high", sa.Float, nullable=False),
    sa.Column("nothing_because", JSONB),
    sa.Column("created_at", _MOMENT, nullable=False),
    sa.UniqueConstraint("play", "proposed_on"),
    sa.CheckConstraint("basis in ('measured','policy','assumed')", name="basis"),
    sa.CheckConstraint("subject_kind in ('customer','customer_product','product')", name="subject_kind"),
    sa.CheckConstraint("window_end >= window_start and window_start > proposed_on", name="window"),
    sa.CheckConstraint(_SUMS, name="gain"),
    sa.CheckConstraint(_FORECAST, name="forecast"),
    comment="what one play proposed on one local day, with the intervals of the day's sums",
)

groups = sa.Table(
    "decision_groups",
    metadata,
    sa.Column("id", UUID, primary_key=True),
    sa.Column("slate_id", UUID, sa.ForeignKey("decision_slates.id"), nullable=False),
    sa.Column("play", sa.Text, nullable=False),
    sa.Column("group_key", sa.Text, nullable=False),
    sa.Column("team", sa.Text, nullable=False),
    sa.Column("proposed_on", sa.Date, nullable=False),
    sa.Column("count", sa.Integer, nullable=False),
    sa.Column("gain_low_minor", sa.BigInteger, nullable=False),
    sa.Column("gain_mid_minor", sa.BigInteger, nullable=False),
    sa.Column("gain_high_minor", sa.BigInteger, nullable=False),
    sa.Column("forecast_low", sa.Float, nullable=False),
    sa.Column("forecast_mid", sa.Float, nullable=False),
    sa.Column("forecast_high", sa.Float, nullable=False),
    sa.Column("cost_minor", sa.BigInteger, nullable=False),
    sa.Column("reason", JSONB, nullable=False),
    sa.Column("spark", JSONB, nullable=False),
    sa.Column("title_params", JSONB, nullable=False),
    sa.Column("evidence", JSONB, nullable=False),
    sa.UniqueConstraint("play", "group_key", "proposed_on"),
    sa.Index(None, "slate_id"),
    sa.Index(None, "gain_mid_minor", "id"),
    sa.CheckConstraint(_SUMS, name="gain"),
    sa.CheckConstraint(_FORECAST, name="forecast"),
    comment="decisions that people judge together, with the intervals of their sums",
)

decisions = sa.Table(
    "decisions",
    metadata,
    sa.Column("id", UUID, primary_key=True),
    sa.Column("group_id", UUID, sa.ForeignKey("decision_groups.id"), nullable=False),
    sa.Column("play", sa.Text, nullable=False),
    sa.Column("team", sa.Text, nullable=False),
    sa.Column("subject", sa.Text, nullable=False),
    sa.Column("customer_id", sa.Text),
    sa.Column("product_id", sa.Text),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("window_start", sa.Date, nullable=False),
    sa.Column("window_end", sa.Date, nullable=False),
    sa.Column("action", JSONB, nullable=False),
    sa.Column("default_action", JSONB, nullable=False),
    sa.Column("cost_minor", sa.BigInteger),
    sa.Column("gain_low_minor", sa.BigInteger),
    sa.Column("gain_mid_minor", sa.BigInteger),
    sa.Column("gain_high_minor", sa.BigInteger),
    sa.Column("forecast_low", sa.Float, nullable=False),
    sa.Column("forecast_mid", sa.Float, nullable=False),
    sa.Column("forecast_high", sa.Float, nullable=False),
    sa.Column("evidence", JSONB, nullable=False),
    sa.Column("propensity", sa.Float, nullable=False, server_default="1"),
    sa.Column("holdout", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("state", sa.Text, nullable=False, server_default="proposed"),
    sa.Column("version", sa.Integer, nullable=False, server_default="1"),
    sa.Column("created_at", _MOMENT, nullable=False),
    sa.Column("updated_at", _MOMENT, nullable=False),
    sa.UniqueConstraint("play", "subject", "window_start"),
    ExcludeConstraint(
        (sa.column("play"), "="),
        (sa.column("subject"), "="),
        (
            sa.func.daterange(sa.column("window_start"), sa.column("window_end"), sa.literal_column("'[]'")),
            "&&",
        ),
        using="gist",
        name="ex_decisions_one_open_window",
    ),
    sa.Index(None, "group_id"),
    sa.Index("ix_decisions_gain", "gain_mid_minor", "id"),
    sa.Index("ix_decisions_customer_id", "customer_id", postgresql_where=sa.text("customer_id is not null")),
    sa.Index("ix_decisions_product_id", "product_id"),
    sa.Index("ix_decisions_play_window_end", "play", "window_end"),
    sa.Index("ix_decisions_play_window_start", "play", "window_start"),
    sa.Index(
        "ix_decisions_open", "state", "group_id", postgresql_where=sa.text("state in ('proposed','approved')")
    ),
    sa.CheckConstraint(f"state in ({_STATES})", name="state"),
    sa.CheckConstraint("propensity > 0 and propensity <= 1", name="propensity"),
    sa.CheckConstraint("window_end >= window_start", name="window"),
    sa.CheckConstraint(
        "(gain_low_minor is null) = (gain_mid_minor is null)"
        " and (gain_mid_minor is null) = (gain_high_minor is null)"
        f" and (gain_mid_minor is null or {_SUMS})",
        name="gain",
    ),
    sa.CheckConstraint(_FORECAST, name="forecast"),
    comment="one row a decision; never deleted; its state moves only as trigger decision_moves allows",
)

transitions = sa.Table(
    "decision_transitions",
    metadata,
    sa.Column("decision_id", UUID, sa.ForeignKey("decisions.id"), primary_key=True),
    sa.Column("version", sa.Integer, primary_key=True),
    sa.Column("at", _MOMENT, nullable=False),
    sa.Column("actor", sa.Text, nullable=False),
    sa.Column("before", sa.Text, nullable=False),
    sa.Column("after", sa.Text, nullable=False),
    sa.Column("why", sa.Text),
    sa.Column("diff", JSONB),
    comment="one row for every step and every edit of a decision; only ever added to",
)

settlements = sa.Table(
    "decision_settlements",
    metadata,
    sa.Column("decision_id", UUID, sa.ForeignKey("decisions.id"), primary_key=True),
    sa.Column("kind", sa.Text, primary_key=True),
    sa.Column("version", sa.Integer, primary_key=True),
    sa.Column("settled_on", sa.Date, nullable=False),
    sa.Column("forecast_observed", sa.Float, nullable=False),
    sa.Column("gain_observed_minor", sa.BigInteger),
    sa.Column("inside", sa.Boolean),
    sa.CheckConstraint("kind in ('trial','policy_replay','observed_untreated')", name="kind"),
    sa.CheckConstraint("version >= 1", name="version"),
    comment="what came of a decision; better knowledge later is a new version, never a change",
)

rules = sa.Table(
    "play_rules",
    metadata,
    sa.Column("play", sa.Text, primary_key=True),
    sa.Column("team", sa.Text, nullable=False),
    sa.Column("budget_minor", sa.BigInteger),
    sa.Column("approve_limit_minor", sa.BigInteger),
    sa.Column("approve_role", sa.Text, nullable=False),
    sa.Column("enabled", sa.Boolean, nullable=False),
    sa.Column("basis", sa.Text, nullable=False),
    sa.Column("default_policy", sa.Text, nullable=False),
    sa.CheckConstraint("budget_minor is null or budget_minor >= 0", name="budget_minor"),
    sa.CheckConstraint("approve_limit_minor is null or approve_limit_minor >= 0", name="approve_limit_minor"),
    sa.CheckConstraint("approve_role in ('operator','approver','admin')", name="approve_role"),
    comment="how each play may be used: its team, weekly budget and approval limit",
)

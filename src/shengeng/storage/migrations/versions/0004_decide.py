"""Tables of decide: the ledger, and the triggers that keep it honest."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB, UUID

revision = "0004_decide"
down_revision = "0003_sense"

_MOMENT = sa.DateTime(timezone=True)
_SUMS = "gain_low_minor <= gain_mid_minor and gain_mid_minor <= gain_high_minor"
_FORECAST = "forecast_low <= forecast_mid and forecast_mid <= forecast_high"
_STATES = "'proposed','approved','rejected','expired','executing','executed','failed','cancelled'"

# The state machine, once more than in code: no SQL statement can take a step that is not listed here.
_MOVES = """
create function decision_moves() returns trigger language plpgsql as $$
begin
  if tg_op = 'INSERT' then
    if new.state <> 'proposed' or new.version <> 1 then
      raise exception 'a decision starts as proposed, version 1' using errcode = 'check_violation';
    end if;
    return new;
  end if;
  if row(new.id, new.group_id, new.play, new.team, new.subject, new.window_start, new.window_end,
         new.default_action, new.evidence, new.propensity, new.holdout, new.created_at)
     is distinct from
     row(old.id, old.group_id, old.play, old.team, old.subject, old.window_start, old.window_end,
         old.default_action, old.evidence, old.propensity, old.holdout, old.created_at) then
    raise exception 'what decision % was proposed on cannot be rewritten', old.id
      using errcode = 'check_violation';
  end if;
  if new.version <> old.version + 1 then
    raise exception 'decision % is at version %, its next is not %', old.id, old.version, new.version
      using errcode = 'check_violation';
  end if;
  if new.state = old.state then
    if old.state <> 'proposed' then
      raise exception 'decision % is % and can only be edited while proposed', old.id, old.state
        using errcode = 'check_violation';
    end if;
  elsif (old.state, new.state) not in (
      ('proposed', 'approved'), ('proposed', 'rejected'), ('proposed', 'expired'),
      ('approved', 'proposed'), ('approved', 'executing'), ('approved', 'expired'), ('approved', 'cancelled'),
      ('rejected', 'proposed'),
      ('executing', 'executed'), ('executing', 'failed'), ('executing', 'cancelled')) then
    raise exception 'decision % cannot go from % to %', old.id, old.state, new.state
      using errcode = 'check_violation';
  elsif row(new.action, new.cost_minor, new.gain_low_minor, new.gain_mid_minor, new.gain_high_minor,
            new.forecast_low, new.forecast_mid, new.forecast_high)
        is distinct from
        row(old.action, old.cost_minor, old.gain_low_minor, old.gain_mid_minor, old.gain_high_minor,
            old.forecast_low, old.forecast_mid, old.forecast_high) then
    raise exception 'decision % cannot change its action and its state in one step', old.id
      using errcode = 'check_violation';
  end if;
  return new;
end $$;
create trigger decision_moves before insert or update on decisions
  for each row execute function decision_moves();

create function decision_is_recorded() returns trigger language plpgsql as $$
begin
  if not exists (
      select from decision_transitions t
      where t.decision_id = new.id and t.version = new.version
        and t.before = old.state and t.after = new.state) then
    raise exception 'decision % moved from % to % without a transition row', new.id, old.state, new.state
      using errcode = 'check_violation';
  end if;
  return null;
end $$;
create constraint trigger decision_is_recorded after update on decisions
  deferrable initially deferred for each row execute function decision_is_recorded();

create function ledger_keeps() returns trigger language plpgsql as $$
begin
  raise exception 'the ledger only grows: % on % is refused', tg_op, tg_table_name
    using errcode = 'check_violation';
end $$;
create trigger ledger_keeps before delete or truncate on decisions
  for each statement execute function ledger_keeps();
create trigger ledger_keeps before update or delete or truncate on decision_transitions
  for each statement execute function ledger_keeps();
create trigger ledger_keeps before update or delete or truncate on decision_settlements
  for each statement execute function ledger_keeps();
create trigger ledger_keeps before delete or truncate on decision_groups
  for each statement execute function ledger_keeps();
create trigger ledger_keeps before delete or truncate on decision_slates
  for each statement execute function ledger_keeps();
"""


def _interval() -> list[sa.Column[int] | sa.Column[float]]:
    return [
        *(sa.Column(f"gain_{name}_minor", sa.BigInteger, nullable=False) for name in ("low", "mid", "high")),
        *(sa.Column(f"forecast_{name}", sa.Float, nullable=False) for name in ("low", "mid", "high")),
    ]


def upgrade() -> None:
    """Make the tables."""
    # For the constraint that one play has one window at a time for a subject; a trusted extension since 13.
    op.execute("create extension if not exists btree_gist")
    _slates()
    _groups()
    _decisions()
    _records()
    op.execute(_MOVES)


def _slates() -> None:
    op.create_table(
        "decision_slates",
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
        *_interval(),
        sa.Column("nothing_because", JSONB),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.UniqueConstraint("play", "proposed_on", name="uq_decision_slates_play_proposed_on"),
        sa.CheckConstraint("basis in ('measured','policy','assumed')", name="basis"),
        sa.CheckConstraint("subject_kind in ('customer_product','product')", name="subject_kind"),
        sa.CheckConstraint("window_end >= window_start and window_start > proposed_on", name="window"),
        sa.CheckConstraint(_SUMS, name="gain"),
        sa.CheckConstraint(_FORECAST, name="forecast"),
        comment="what one play proposed on one local day, with the intervals of the day's sums",
    )


def _groups() -> None:
    op.create_table(
        "decision_groups",
        sa.Column("id", UUID, primary_key=True),
        sa.Column("slate_id", UUID, sa.ForeignKey("decision_slates.id"), nullable=False),
        sa.Column("play", sa.Text, nullable=False),
        sa.Column("group_key", sa.Text, nullable=False),
        sa.Column("team", sa.Text, nullable=False),
        sa.Column("proposed_on", sa.Date, nullable=False),
        sa.Column("count", sa.Integer, nullable=False),
        *_interval(),
        sa.Column("cost_minor", sa.BigInteger, nullable=False),
        sa.Column("reason", JSONB, nullable=False),
        sa.Column("spark", JSONB, nullable=False),
        sa.Column("title_params", JSONB, nullable=False),
        sa.Column("evidence", JSONB, nullable=False),
        sa.UniqueConstraint(
            "play", "group_key", "proposed_on", name="uq_decision_groups_play_group_key_proposed_on"
        ),
        sa.CheckConstraint(_SUMS, name="gain"),
        sa.CheckConstraint(_FORECAST, name="forecast"),
        comment="decisions that people judge together, with the intervals of their sums",
    )
    op.create_index("ix_decision_groups_slate_id", "decision_groups", ["slate_id"])
    op.create_index("ix_decision_groups_gain_mid_minor_id", "decision_groups", ["gain_mid_minor", "id"])


def _decisions() -> None:
    op.create_table(
        "decisions",
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
        *(sa.Column(f"gain_{name}_minor", sa.BigInteger) for name in ("low", "mid", "high")),
        *(sa.Column(f"forecast_{name}", sa.Float, nullable=False) for name in ("low", "mid", "high")),
        sa.Column("evidence", JSONB, nullable=False),
        sa.Column("propensity", sa.Float, nullable=False, server_default="1"),
        sa.Column("holdout", sa.Boolean, nullable=False, server_default=sa.false()),
        sa.Column("state", sa.Text, nullable=False, server_default="proposed"),
        sa.Column("version", sa.Integer, nullable=False, server_default="1"),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.Column("updated_at", _MOMENT, nullable=False),
        sa.UniqueConstraint("play", "subject", "window_start", name="uq_decisions_play_subject_window_start"),
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
    op.execute(
        "alter table decisions add constraint ex_decisions_one_open_window exclude using gist"
        " (play with =, subject with =, daterange(window_start, window_end, '[]') with &&)"
    )
    op.create_index("ix_decisions_group_id", "decisions", ["group_id"])
    op.create_index("ix_decisions_gain", "decisions", ["gain_mid_minor", "id"])
    known = sa.text("customer_id is not null")
    op.create_index("ix_decisions_customer_id", "decisions", ["customer_id"], postgresql_where=known)
    op.create_index("ix_decisions_product_id", "decisions", ["product_id"])
    op.create_index("ix_decisions_play_window_end", "decisions", ["play", "window_end"])
    op.create_index("ix_decisions_play_window_start", "decisions", ["play", "window_start"])
    waiting = sa.text("state in ('proposed','approved')")
    op.create_index("ix_decisions_open", "decisions", ["state", "group_id"], postgresql_where=waiting)


def _records() -> None:
    op.create_table(
        "decision_transitions",
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
    op.create_table(
        "decision_settlements",
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
    op.create_table(
        "play_rules",
        sa.Column("play", sa.Text, primary_key=True),
        sa.Column("team", sa.Text, nullable=False),
        sa.Column("budget_minor", sa.BigInteger),
        sa.Column("approve_limit_minor", sa.BigInteger),
        sa.Column("approve_role", sa.Text, nullable=False),
        sa.Column("enabled", sa.Boolean, nullable=False),
        sa.Column("basis", sa.Text, nullable=False),
        sa.Column("default_policy", sa.Text, nullable=False),
        sa.CheckConstraint("budget_minor is null or budget_minor >= 0", name="budget_minor"),
        sa.CheckConstraint(
            "approve_limit_minor is null or approve_limit_minor >= 0", name="approve_limit_minor"
        ),
        sa.CheckConstraint("approve_role in ('operator','approver','admin')", name="approve_role"),
        comment="how each play may be used: its team, weekly budget and approval limit",
    )


def downgrade() -> None:
    """Drop the tables."""
    for name in ("play_rules", "decision_settlements", "decision_transitions", "decisions"):
        op.drop_table(name)
    for name in ("decision_groups", "decision_slates"):
        op.drop_table(name)
    for name in ("decision_moves", "decision_is_recorded", "ledger_keeps"):
        op.execute(f"drop function {name}()")

"""Tables of consent and privacy: consents, requests, erasures, retention, who looked at whom.

Logs that only grow keep that rule but for one act: the erasure of a person, which says so to the database
for the length of its transaction (`set local shengeng.erasing = 'on'`).
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0014_privacy"
down_revision = "0013_audiences"

_MOMENT = sa.DateTime(timezone=True)
_ERASING = "coalesce(current_setting('shengeng.erasing', true), '') = 'on'"
_STATES = "state in ('waiting','approved','running','done','cancelled','failed')"
# What grows only, by the trigger's function: an update that erases may pass, a deletion never.
_AUDIT = f"""
create or replace function audit_is_append_only() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE' and {_ERASING} then
    return null;
  end if;
  raise exception 'the audit log is append-only: % is refused', tg_op
    using errcode = 'insufficient_privilege';
end $$
"""
_LEDGER = f"""
create or replace function ledger_keeps() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE' and {_ERASING} then
    return null;
  end if;
  raise exception 'the ledger only grows: % on % is refused', tg_op, tg_table_name
    using errcode = 'check_violation';
end $$
"""
# An erasing update changes whose a decision was, never what it was worth or where it stands.
_NOBODY = """
create function decision_is_nobodys() returns trigger language plpgsql as $$
begin
  if row(new.id, new.group_id, new.play, new.team, new.state, new.version, new.window_start, new.window_end,
         new.cost_minor, new.gain_mid_minor, new.forecast_mid, new.propensity, new.holdout)
     is distinct from
     row(old.id, old.group_id, old.play, old.team, old.state, old.version, old.window_start, old.window_end,
         old.cost_minor, old.gain_mid_minor, old.forecast_mid, old.propensity, old.holdout) then
    raise exception 'an erasure changes whose decision % was, and nothing else', old.id
      using errcode = 'check_violation';
  end if;
  return new;
end $$
"""
_CONSENTS = """
create function consents_only_grow() returns trigger language plpgsql as $$
begin
  raise exception 'consents only grow: % is refused', tg_op using errcode = 'insufficient_privilege';
end $$
"""


def upgrade() -> None:
    """Make the tables, and let an erasure pass where rows otherwise only grow."""
    _consents()
    _requests()
    _erasures()
    _keeping()
    op.execute(_AUDIT)
    op.execute(_LEDGER)
    _let_decisions_be_nobodys()


def _let_decisions_be_nobodys() -> None:
    """The two row triggers of decisions do not fire for the update of an erasure, a third one judges it."""
    op.execute("drop trigger decision_moves on decisions")
    op.execute("drop trigger decision_is_recorded on decisions")
    op.execute(_NOBODY)
    op.execute(
        "create trigger decision_moves_in before insert on decisions"
        " for each row execute function decision_moves()"
    )
    op.execute(
        "create trigger decision_moves before update on decisions"
        f" for each row when (not ({_ERASING})) execute function decision_moves()"
    )
    op.execute(
        "create constraint trigger decision_is_recorded after update on decisions deferrable initially"
        f" deferred for each row when (not ({_ERASING})) execute function decision_is_recorded()"
    )
    op.execute(
        "create trigger decision_is_nobodys before update on decisions"
        f" for each row when ({_ERASING}) execute function decision_is_nobodys()"
    )


def _consents() -> None:
    op.create_table(
        "consents",
        sa.Column("id", sa.BigInteger, sa.Identity(always=True), primary_key=True),
        sa.Column("person_id", sa.Text, nullable=False, comment="as it was said; asked through the identity"),
        sa.Column("purpose", sa.Text, nullable=False),
        sa.Column("channel", sa.Text, nullable=False),
        sa.Column("granted", sa.Boolean, nullable=False),
        sa.Column("said_at", _MOMENT, nullable=False),
        sa.Column("recorded_at", _MOMENT, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("text_version", sa.Text, nullable=False),
        sa.Column("shown", sa.Text, nullable=False, comment="what the person was shown, or said"),
        sa.Column("recorded_by", sa.Text, nullable=False),
        sa.Index(None, "person_id"),
        sa.Index(None, "purpose", "channel", "granted"),
        sa.UniqueConstraint("person_id", "purpose", "channel", "said_at", "granted", "source"),
        sa.CheckConstraint(
            "purpose in ('marketing','analytics','personalisation','profiling')", name="purpose"
        ),
        sa.CheckConstraint(
            "channel in ('any','sms','email','wecom','app_push','phone','mail')", name="channel"
        ),
    )
    op.execute(_CONSENTS)
    op.execute(
        "create trigger consents_only_grow before update or truncate on consents"
        " for each statement execute function consents_only_grow()"
    )
    op.execute(
        "create trigger consents_stay before delete on consents"
        f" for each statement when (not ({_ERASING})) execute function consents_only_grow()"
    )


def _requests() -> None:
    op.create_table(
        "privacy_requests",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column(
            "person_id", sa.Text, nullable=False, comment="after an erasure: the token that stands for it"
        ),
        sa.Column("asked_on", sa.Date, nullable=False, comment="when the person asked"),
        sa.Column("asked_via", sa.Text, nullable=False),
        sa.Column("proof", sa.Text, nullable=False, comment="how the shop made sure who asks"),
        sa.Column("law", sa.Text, nullable=False),
        sa.Column("due_on", sa.Date, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("made_by", sa.Text, nullable=False),
        sa.Column("made_at", _MOMENT, nullable=False),
        sa.Column("hold_until", _MOMENT, nullable=False, comment="until then only somebody else may approve"),
        sa.Column("approved_by", sa.Text),
        sa.Column("approved_at", _MOMENT),
        sa.Column("job_id", sa.BigInteger),
        sa.Column("done_at", _MOMENT),
        sa.Column("gone_on", sa.Date, comment="when the last old snapshot leaves the disk"),
        sa.Column("gone_at", _MOMENT, comment="when the nightly job saw that it has"),
        sa.Column("file", sa.Text, comment="name of the export, while it is kept"),
        sa.Column("outcome", JSONB, nullable=False),
        sa.CheckConstraint("kind in ('export','erasure','restriction')", name="kind"),
        sa.CheckConstraint("law in ('pipl','gdpr')", name="law"),
        sa.CheckConstraint(_STATES, name="state"),
        sa.Index(None, "made_at"),
        sa.Index(None, "person_id"),
    )
    op.create_table(
        "privacy_steps",
        sa.Column("id", sa.BigInteger, sa.Identity(always=True), primary_key=True),
        sa.Column("request_id", sa.Uuid, sa.ForeignKey("privacy_requests.id"), nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("actor", sa.Text, nullable=False),
        sa.Column("what", sa.Text, nullable=False),
        sa.Column("why", sa.Text, nullable=False),
        sa.Index(None, "request_id"),
    )


def _erasures() -> None:
    op.create_table(
        "privacy_key",
        sa.Column("id", sa.SmallInteger, primary_key=True, autoincrement=False),
        sa.Column("key", sa.LargeBinary, nullable=False, comment="under which erased identifiers are hashed"),
        sa.CheckConstraint("id = 1", name="one"),
    )
    made = "insert into privacy_key values (1, decode(replace(gen_random_uuid()::text ||"
    op.execute(f"{made} gen_random_uuid()::text, '-', ''), 'hex'))")
    op.create_table(
        "privacy_erased",
        sa.Column("token", sa.Text, primary_key=True, comment="keyed hash of one identifier"),
        sa.Column("request_id", sa.Uuid, nullable=False),
        sa.Column("person", sa.Text, nullable=False, comment="the token that stands for the person"),
        sa.Column("erased_at", _MOMENT, nullable=False),
        sa.Column("returned_at", _MOMENT, comment="since when somebody new has this identifier"),
        sa.Index(None, "request_id"),
    )


def _keeping() -> None:
    op.create_table(
        "privacy_retention",
        sa.Column("kind", sa.Text, primary_key=True),
        sa.Column("days", sa.Integer, comment="null = as long as the shop keeps the person"),
        sa.Column("updated_at", _MOMENT, nullable=False),
        sa.Column("updated_by", sa.Text, nullable=False),
        sa.CheckConstraint("days between 1 and 36500", name="days"),
    )
    op.create_table(
        "privacy_looks",
        sa.Column("operator", sa.Text, primary_key=True),
        sa.Column("person_id", sa.Text, primary_key=True),
        sa.Column("hour", _MOMENT, primary_key=True, comment="the hour in which it was first looked at"),
        sa.Column("what", sa.Text, primary_key=True),
        sa.CheckConstraint("what in ('page','timeline','export','consents')", name="what"),
        sa.Index(None, "person_id", "hour"),
        sa.Index(None, "hour"),
    )


def downgrade() -> None:
    """Drop the tables; logs that only grow let nothing pass again."""
    for name in ("decision_moves_in", "decision_moves", "decision_is_recorded", "decision_is_nobodys"):
        op.execute(f"drop trigger {name} on decisions")
    op.execute("drop function decision_is_nobodys()")
    op.execute(
        "create trigger decision_moves before insert or update on decisions"
        " for each row execute function decision_moves()"
    )
    op.execute(
        "create constraint trigger decision_is_recorded after update on decisions"
        " deferrable initially deferred for each row execute function decision_is_recorded()"
    )
    op.execute(_AUDIT.replace(_ERASING, "false"))
    op.execute(_LEDGER.replace(_ERASING, "false"))
    tables = ("privacy_looks", "privacy_retention", "privacy_erased", "privacy_key", "privacy_steps")
    for table in (*tables, "privacy_requests", "consents"):
        op.drop_table(table)
    op.execute("drop function consents_only_grow()")

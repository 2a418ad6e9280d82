"""Accounts, sessions, tokens, teams, the audit log, the shop."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0002_govern"
down_revision = "0001_storage"

_MOMENT = sa.DateTime(timezone=True)
_ROLES = "role in ('viewer','operator','approver','admin')"
_TEAMS = (("growth", "增长", "Growth"), ("service", "服务", "Service"), ("supply", "供应", "Supply"))

# As the owner of its tables our role could drop the trigger; it cannot change a row by accident or through
# an injected statement that only writes data. A statement trigger fires even where no row matches.
_APPEND_ONLY = """
create function audit_is_append_only() returns trigger language plpgsql as $$
begin
  raise exception 'the audit log is append-only: % is refused', tg_op
    using errcode = 'insufficient_privilege';
end $$
"""
_GUARD = """
create trigger audit_is_append_only before update or delete or truncate on audit
for each statement execute function audit_is_append_only()
"""


def upgrade() -> None:
    """Make the tables."""
    _operators()
    _api_tokens()
    _sign_in_failures()
    _teams()
    _audit()
    _shop()


def _operators() -> None:
    op.create_table(
        "operators",
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("password_hash", sa.Text, nullable=False),
        sa.Column("role", sa.Text, nullable=False),
        sa.Column("disabled", sa.Boolean, nullable=False, server_default=sa.false()),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.Column("last_seen_at", _MOMENT),
        sa.CheckConstraint(_ROLES, name="role"),
    )
    op.create_table(
        "sessions",
        sa.Column("digest", sa.LargeBinary, primary_key=True, comment="SHA-256 of the cookie's secret"),
        sa.Column("operator", sa.Text, sa.ForeignKey("operators.name"), nullable=False),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.Column("seen_at", _MOMENT, nullable=False),
        sa.Column("expires_at", _MOMENT, nullable=False),
        sa.Column("ends_at", _MOMENT, nullable=False, comment="however much it is used"),
        sa.CheckConstraint("octet_length(digest) = 32", name="digest"),
        sa.CheckConstraint("expires_at <= ends_at", name="end"),
    )
    op.create_index("ix_sessions_operator", "sessions", ["operator"])
    op.create_index("ix_sessions_expires_at", "sessions", ["expires_at"])


def _api_tokens() -> None:
    op.create_table(
        "api_tokens",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("digest", sa.LargeBinary, nullable=False, unique=True, comment="SHA-256 of the secret"),
        sa.Column("operator", sa.Text, sa.ForeignKey("operators.name"), nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("role", sa.Text, nullable=False),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.Column("last_used_at", _MOMENT),
        sa.Column("expires_at", _MOMENT, nullable=False),
        sa.Column("revoked_at", _MOMENT),
        sa.CheckConstraint(_ROLES, name="role"),
        sa.CheckConstraint("octet_length(digest) = 32", name="digest"),
    )
    op.create_index("ix_api_tokens_operator", "api_tokens", ["operator"])


def _sign_in_failures() -> None:
    op.create_table(
        "sign_in_failures",
        sa.Column("digest", sa.LargeBinary, primary_key=True, comment="SHA-256 of kind and name or address"),
        sa.Column("failures", sa.Integer, nullable=False),
        sa.Column("last_at", _MOMENT, nullable=False),
        sa.Column("wait_until", _MOMENT, nullable=False),
    )
    op.create_index("ix_sign_in_failures_last_at", "sign_in_failures", ["last_at"])


def _teams() -> None:
    teams = op.create_table(
        "teams",
        sa.Column("key", sa.Text, primary_key=True),
        sa.Column("name_zh", sa.Text, nullable=False),
        sa.Column("name_en", sa.Text, nullable=False),
    )
    op.create_table(
        "team_members",
        sa.Column("operator", sa.Text, sa.ForeignKey("operators.name"), primary_key=True),
        sa.Column("team", sa.Text, sa.ForeignKey("teams.key"), primary_key=True),
    )
    op.bulk_insert(teams, [{"key": key, "name_zh": zh, "name_en": en} for key, zh, en in _TEAMS])


def _audit() -> None:
    op.create_table(
        "audit",
        sa.Column("id", sa.BigInteger, sa.Identity(always=True), primary_key=True),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("actor", sa.Text, nullable=False),
        sa.Column("action", sa.Text, nullable=False),
        sa.Column("target", sa.Text, nullable=False),
        sa.Column("detail", JSONB, nullable=False),
    )
    op.create_index("ix_audit_actor_id", "audit", ["actor", "id"])
    op.create_index("ix_audit_action_id", "audit", ["action", "id"])
    op.execute(_APPEND_ONLY)
    op.execute(_GUARD)


def _shop() -> None:
    op.create_table(
        "shop",
        sa.Column("id", sa.SmallInteger, primary_key=True, autoincrement=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("timezone", sa.Text, nullable=False),
        sa.Column("currency", sa.Text, nullable=False),
        sa.Column("as_of", sa.Date, comment="the shop clock: the last local day that is known"),
        sa.Column("simulated", sa.Boolean, nullable=False),
        sa.Column("provenance", JSONB),
        sa.CheckConstraint("id = 1", name="one"),
    )
    op.create_table(
        "shop_assumptions",
        sa.Column("key", sa.Text, primary_key=True),
        sa.Column("value", sa.Double, nullable=False),
        sa.Column("updated_at", _MOMENT, nullable=False),
        sa.Column("updated_by", sa.Text, nullable=False),
        sa.CheckConstraint("value between 0 and 1e12", name="finite"),
    )


def downgrade() -> None:
    """Drop the tables."""
    op.execute("drop trigger audit_is_append_only on audit")
    op.execute("drop function audit_is_append_only()")
    tables = ("shop_assumptions", "shop", "audit", "team_members", "teams", "sign_in_failures", "api_tokens")
    for table in (*tables, "sessions", "operators"):
        op.drop_table(table)

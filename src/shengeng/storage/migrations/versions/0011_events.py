"""Tables of live events: write keys, the inbox, what was seen, what was refused."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY

revision = "0011_events"
down_revision = "0010_exports"

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "write_keys",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("digest", sa.LargeBinary, nullable=False, unique=True, comment="SHA-256 of the secret"),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("scopes", ARRAY(sa.Text), nullable=False),
        sa.Column("origins", ARRAY(sa.Text), nullable=False),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.Column("created_by", sa.Text, nullable=False),
        sa.Column("last_used_at", _MOMENT),
        sa.Column("revoked_at", _MOMENT),
        sa.CheckConstraint("octet_length(digest) = 32", name="digest"),
        sa.CheckConstraint(
            "cardinality(scopes) > 0 and scopes <@ array['events','orders']::text[]", name="scopes"
        ),
    )
    op.create_index(
        "ix_write_keys_name",
        "write_keys",
        ["name"],
        unique=True,
        postgresql_where=sa.text("revoked_at is null"),
    )
    _events()


def _events() -> None:
    op.create_table(
        "event_inbox",
        sa.Column("id", sa.BigInteger, sa.Identity(always=True), primary_key=True),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("received_at", _MOMENT, nullable=False),
        sa.Column("sent_at", _MOMENT, comment="of the batch, by the sender's clock"),
        sa.Column("events", sa.Integer, nullable=False),
        sa.Column("bytes", sa.Integer, nullable=False, comment="before it was packed"),
        sa.Column("context", sa.LargeBinary, comment="JSON of the batch, for events without their own"),
        sa.Column("body", sa.LargeBinary, nullable=False, comment="validated JSON list, zstd"),
        sa.CheckConstraint("events > 0", name="events"),
    )
    # Packed already: a second compression would cost a core.
    op.execute("alter table event_inbox alter column body set storage external")
    op.create_table(
        "event_seen",
        sa.Column("digest", sa.LargeBinary, primary_key=True, comment="of source and messageId"),
        sa.Column("seen_on", sa.Date, nullable=False),
    )
    op.create_index("ix_event_seen_seen_on", "event_seen", ["seen_on"], postgresql_using="brin")
    op.create_table(
        "event_drains",
        sa.Column("id", sa.BigInteger, sa.Identity(always=True), primary_key=True),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("received_at", _MOMENT, nullable=False, comment="of the oldest letter it took"),
        sa.Column("events", sa.Integer, nullable=False, comment="new ones"),
        sa.Column("repeated", sa.Integer, nullable=False, comment="left out: seen before"),
    )
    op.create_index("ix_event_drains_at", "event_drains", ["at"])
    op.create_table(
        "event_refusals",
        sa.Column("id", sa.BigInteger, sa.Identity(always=True), primary_key=True),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("path", sa.Text, nullable=False),
        sa.Column("code", sa.Text, nullable=False),
        sa.Column("en", sa.Text, nullable=False),
        sa.Column("zh", sa.Text, nullable=False),
        sa.Column("head", sa.Text, nullable=False, comment="the first bytes of the body"),
    )


def downgrade() -> None:
    """Drop the tables."""
    for table in ("event_refusals", "event_drains", "event_seen", "event_inbox", "write_keys"):
        op.drop_table(table)

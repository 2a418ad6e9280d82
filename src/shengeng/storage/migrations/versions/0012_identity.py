"""Tables of identity: edges and persons, arrivals, live orders."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

revision = "0012_identity"
down_revision = "0011_events"

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the tables."""
    _arrivals()
    _identity()
    _orders()


def _arrivals() -> None:
    op.create_table(
        "arrivals",
        sa.Column("id", sa.BigInteger, sa.Identity(always=True), primary_key=True),
        sa.Column("xact", sa.BigInteger, nullable=False, comment="the transaction that noted it"),
        sa.Column("people", ARRAY(sa.Text), nullable=False),
        sa.Column("everybody", sa.Boolean, nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Index(None, "xact"),
    )
    op.create_table(
        "arrival_readers",
        sa.Column("reader", sa.Text, primary_key=True),
        sa.Column("cursor", sa.BigInteger, nullable=False),
    )


def _identity() -> None:
    op.create_table(
        "identity_nodes",
        sa.Column("id", sa.BigInteger, sa.Identity(always=True), primary_key=True),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("value", sa.Text, nullable=False),
        sa.Column("person_id", sa.Text, nullable=False),
        sa.Column("cluster", sa.BigInteger, nullable=False, comment="nodes that are looked at together"),
        sa.Column("blocked", sa.Text, comment="why nothing merges over this one: shared, crowd, many"),
        sa.Column("version", sa.BigInteger, nullable=False, comment="of the persons when it last moved"),
        sa.UniqueConstraint("kind", "value"),
        sa.CheckConstraint(
            "kind in ('anonymous','customer','phone_hash','unionid','email_hash')", name="kind"
        ),
        sa.CheckConstraint("blocked in ('shared','crowd','many')", name="blocked"),
        sa.Index(None, "person_id"),
        sa.Index(None, "cluster"),
        sa.Index(None, "version"),
    )
    op.create_table(
        "identity_edges",
        sa.Column("id", sa.BigInteger, sa.Identity(always=True), primary_key=True),
        sa.Column("a", sa.BigInteger, sa.ForeignKey("identity_nodes.id"), nullable=False),
        sa.Column("b", sa.BigInteger, sa.ForeignKey("identity_nodes.id"), nullable=False),
        sa.Column("act", sa.Text, nullable=False),
        sa.Column("source", sa.Text, nullable=False, comment="what saw it; of a cut: who"),
        sa.Column("occurred_at", _MOMENT, nullable=False),
        sa.Column("evidence", JSONB, nullable=False),
        sa.Column("observed_at", _MOMENT, nullable=False),
        sa.CheckConstraint("act in ('seen','cut','restored')", name="act"),
        sa.CheckConstraint("a <> b", name="ends"),
        sa.Index(None, "a", "b"),
        sa.Index(None, "b"),
    )
    op.create_table(
        "identity_rules",
        sa.Column("id", sa.SmallInteger, primary_key=True, autoincrement=False),
        sa.Column("most_customers", sa.Integer, nullable=False, comment="the limit that persons rest on"),
        sa.Column("version", sa.BigInteger, nullable=False, comment="counts the changes of persons"),
        sa.CheckConstraint("id = 1", name="one"),
    )


def _orders() -> None:
    op.create_table(
        "order_versions",
        sa.Column("source", sa.Text, primary_key=True),
        sa.Column("seller_id", sa.Text, primary_key=True, comment="'' = the shop itself"),
        sa.Column("order_id", sa.Text, primary_key=True),
        sa.Column("version", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("body", JSONB, nullable=False),
        sa.Column("digest", sa.Text, nullable=False, comment="sha256 of the body"),
        sa.Column("received_at", _MOMENT, nullable=False),
        sa.Column("sent_by", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.CheckConstraint("state in ('waiting','merged','passed','replaced','refused')", name="state"),
        sa.CheckConstraint("version >= 0", name="version"),
    )
    op.create_index(
        "ix_order_versions_waiting",
        "order_versions",
        ["received_at"],
        postgresql_where=sa.text("state = 'waiting'"),
    )
    op.create_index("ix_order_versions_order", "order_versions", ["source", "order_id"])


def downgrade() -> None:
    """Drop the tables."""
    names = ("order_versions", "identity_rules", "identity_edges", "identity_nodes")
    for name in (*names, "arrival_readers", "arrivals"):
        op.drop_table(name)

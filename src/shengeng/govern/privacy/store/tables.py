"""Tables: requests and their steps, erased identifiers, retention, who looked at whom."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from shengeng.storage.rows import metadata

_MOMENT = sa.DateTime(timezone=True)
requests = sa.Table(
    "privacy_requests",
    metadata,
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("person_id", sa.Text, nullable=False, comment="after an erasure: the token that stands for it"),
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
    sa.CheckConstraint("state in ('waiting','approved','running','done','cancelled','failed')", name="state"),
    sa.Index(None, "made_at"),
    sa.Index(None, "person_id"),
)
steps = sa.Table(
    "privacy_steps",
    metadata,
    sa.Column("id", sa.BigInteger, sa.Identity(always=True), primary_key=True),
    sa.Column("request_id", sa.Uuid, sa.ForeignKey("privacy_requests.id"), nullable=False),
    sa.Column("at", _MOMENT, nullable=False),
    sa.Column("actor", sa.Text, nullable=False),
    sa.Column("what", sa.Text, nullable=False),
    sa.Column("why", sa.Text, nullable=False),
    sa.Index(None, "request_id"),
)
keys = sa.Table(
    "privacy_key",
    metadata,
    sa.Column("id", sa.SmallInteger, primary_key=True, autoincrement=False),
    sa.Column("key", sa.LargeBinary, nullable=False, comment="under which erased identifiers are hashed"),
    sa.CheckConstraint("id = 1", name="one"),
)
erased = sa.Table(
    "privacy_erased",
    metadata,
    sa.Column("token", sa.Text, primary_key=True, comment="keyed hash of one identifier"),
    sa.Column("request_id", sa.Uuid, nullable=False),
    sa.Column("person", sa.Text, nullable=False, comment="the token that stands for the person"),
    sa.Column("erased_at", _MOMENT, nullable=False),
    sa.Column("returned_at", _MOMENT, comment="since when somebody new has this identifier"),
    sa.Index(None, "request_id"),
)
retention = sa.Table(
    "privacy_retention",
    metadata,
    sa.Column("kind", sa.Text, primary_key=True),
    sa.Column("days", sa.Integer, comment="null = as long as the shop keeps the person"),
    sa.Column("updated_at", _MOMENT, nullable=False),
    sa.Column("updated_by", sa.Text, nullable=False),
    sa.CheckConstraint("days between 1 and 36500", name="days"),
)
looks = sa.Table(
    "privacy_looks",
    metadata,
    sa.Column("operator", sa.Text, primary_key=True),
    sa.Column("person_id", sa.Text, primary_key=True),
    sa.Column("hour", _MOMENT, primary_key=True, comment="the hour in which it was first looked at"),
    sa.Column("what", sa.Text, primary_key=True),
    sa.CheckConstraint("what in ('page','timeline','export','consents')", name="what"),
    sa.Index(None, "person_id", "hour"),
    sa.Index(None, "hour"),
)

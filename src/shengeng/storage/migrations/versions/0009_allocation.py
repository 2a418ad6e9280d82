"""Decisions about a customer as such, beside those about a customer's product and about a product."""

from alembic import op

revision = "0009_allocation"
down_revision = "0008_economics"

_NAME, _TABLE = "ck_decision_slates_subject_kind", "decision_slates"
_KINDS = "subject_kind in ('customer','customer_product','product')"


def upgrade() -> None:
    """Let a slate be about customers."""
    op.drop_constraint(op.f(_NAME), _TABLE, type_="check")
    op.create_check_constraint(op.f(_NAME), _TABLE, _KINDS)


def downgrade() -> None:
    """Only where no slate is about customers."""
    op.drop_constraint(op.f(_NAME), _TABLE, type_="check")
    op.create_check_constraint(op.f(_NAME), _TABLE, "subject_kind in ('customer_product','product')")

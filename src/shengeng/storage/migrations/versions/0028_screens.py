"""A payment notes on which kind of screen it was shown: WeChat Pay takes a number on one only."""

import sqlalchemy as sa
from alembic import op

revision = "0028_screens"
down_revision = "0027_baskets"


def upgrade() -> None:
    """Unknown for those that were shown before."""
    told = "desk or phone, where it was shown last"
    op.add_column("payment_intents", sa.Column("screen", sa.Text, comment=told))
    op.create_check_constraint(
        op.f("ck_payment_intents_screen"), "payment_intents", "screen in ('desk','phone')"
    )

"""Tables that seldom change tell when they did, so that what was read of them can be kept."""

import sqlalchemy as sa
from alembic import op

revision = "0025_remembered"
down_revision = "0022_orders"

# A number that is never given twice, not even after a rollback, and seen only once it is committed.
_CHANGED = """
create sequence table_stamps_next;
create function table_is_changed() returns trigger language plpgsql as $$
begin
  insert into table_stamps (name, stamp) values (tg_table_name, nextval('table_stamps_next'))
  on conflict (name) do update set stamp = excluded.stamp;
  return null;
end $$;
"""
_TOLD = (
    "catalogue_categories",
    "catalogue_channels",
    "delivery_rates",
    "delivery_zones",
    "payment_providers",
    "pricing_policies",
    "promotions",
    "shop",
)


def upgrade() -> None:
    """Make the table of stamps and the triggers that write it."""
    op.create_table(
        "table_stamps",
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("stamp", sa.BigInteger, nullable=False, comment="another one after every change"),
    )
    op.execute(_CHANGED)
    for table in _TOLD:
        op.execute(
            f"create trigger table_is_changed after insert or update or delete on {table}"
            " for each row execute function table_is_changed()"
        )

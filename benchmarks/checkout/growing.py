"""Our shop as it grows: more goods on sale, and orders of the years before, copied by the database."""

from __future__ import annotations

from collections.abc import Mapping

import sqlalchemy as sa

from shengeng.storage.rows import UnitOfWork
from shengeng.storage.stores import Stores

# Rows of an order that others point to come first; what waits to be told to the facts is not copied.
_FIRST = ("trade_orders", "payment_intents", "payment_charges", "payment_transactions", "stock_holds")
_LEFT_OUT = ("trade_order_outbox",)
_KEYS = ("order_id", "number", "provider_ref", "notice_id", "cause")
_COLUMNS = sa.text(
    "select table_name, column_name, data_type from information_schema.columns where table_schema = 'public'"
    " and is_identity = 'NO' and is_generated = 'NEVER' order by table_name, ordinal_position"
)


def remember(stores: Stores, first: int, last: int) -> None:
    """Orders that were bought and paid before, with everything that is kept of each: copies of a paid one.

    Every identifier of a copy is its own; its units stand aside like those of any paid order.
    """
    with stores.rows.unit() as uow:
        order_id = uow.conn.scalar(
            sa.text("select order_id from trade_orders where paid_at is not null order by placed_at limit 1")
        )
        told = {"order_id": order_id, "first": first, "last": last}
        tables: dict[str, dict[str, str]] = {}
        for table, column, kind in uow.conn.execute(_COLUMNS):
            tables.setdefault(table, {})[column] = kind
        mine = [name for name, kinds in tables.items() if "order_id" in kinds and name not in _LEFT_OUT]
        for table in sorted(mine, key=lambda name: (name not in _FIRST, _place(name))):
            _copy(uow, table, tables[table], "t.order_id = :order_id", told=told)
        of_order = "t.transaction_id in (select id from payment_transactions where order_id = :order_id)"
        _copy(uow, "payment_postings", tables["payment_postings"], of_order, told=told)
        aside = sa.text(
            "update stock_levels l set committed = committed + p.quantity * :copies from stock_pieces p"
            " where p.order_id = :order_id and p.sku = l.sku and p.location_id = l.location_id"
        )
        uow.conn.execute(aside, {"copies": last - first + 1, "order_id": order_id})
    with stores.rows.unit() as uow:
        uow.conn.execute(sa.text("analyze"))


def count(stores: Stores) -> tuple[int, int]:
    """How many products and orders there are."""
    with stores.rows.unit() as uow:
        products, orders = (
            int(uow.conn.scalar(sa.text(f"select count(*) from {table}")) or 0)
            for table in ("catalogue_products", "trade_orders")
        )
    return products, orders


def _place(name: str) -> int:
    return _FIRST.index(name) if name in _FIRST else 0


def _copy(
    uow: UnitOfWork, table: str, kinds: Mapping[str, str], which: str, *, told: Mapping[str, object]
) -> None:
    """Copies of the rows: keys in text get a number behind them, identifiers are hashed with it."""
    values = []
    for name, kind in kinds.items():
        if kind == "uuid":
            values.append(f"md5(t.{name}::text || k)::uuid")
        elif name in _KEYS and kind == "text":
            values.append(f"case when t.{name} = '' then '' else t.{name} || '-' || k end")
        else:
            values.append(f't."{name}"')
    columns = ", ".join(f'"{name}"' for name in kinds)
    uow.conn.execute(
        sa.text(
            f"insert into {table} ({columns}) select {', '.join(values)}"
            f" from {table} t, generate_series(cast(:first as int), cast(:last as int)) k where {which}"
        ),
        told,
    )

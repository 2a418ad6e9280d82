"""Placing alone, in one process: `checkout.place` beside plain SQL that writes the very same rows.

The raw transaction is made from an order that was placed: one insert for each table, with that order's values
and new keys, and the two updates (the basket is emptied, the level holds one more where one is free). It
reads nothing, prices nothing, checks nothing. Both wait for the same durable commit.
"""

from __future__ import annotations

import itertools
import statistics
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import psycopg
import sqlalchemy as sa
from buyers import ADDRESS
from psycopg import sql
from psycopg.types.json import Jsonb

from shengeng.app import open_shop
from shengeng.kernel.clock import wall_now
from shengeng.kernel.settings import Settings
from shengeng.kernel.shoppers import Shopper
from shengeng.storage.stores import Stores
from shengeng.trade.checkout import api as checkout
from shengeng.trade.checkout.contracts import Wish
from shengeng.trade.members.contracts import Where
from shengeng.trade.orders.contracts import Contact

# In the order in which an order is written; the level last, for which everybody else waits.
_TABLES = (
    "trade_orders",
    "trade_order_lines",
    "trade_order_events",
    "trade_order_outbox",
    "trade_checkouts",
    "payment_intents",
    "stock_holds",
    "stock_pieces",
)
_WHERE = Where(**ADDRESS)
_COUNT = itertools.count(1)
_EMPTY = "update trade_baskets set lines = '[]', codes = '[]', changed_at = now() where basket_id = %s"
_TAKE = (
    "update stock_levels set held = held + 1"
    " where sku = %s and location_id = %s and on_hand - held - committed > 0"
)


@dataclass(frozen=True)
class Ready:
    """Somebody about to place an order."""

    who: Shopper
    wish: Wish


def ready(stores: Stores, sku: str) -> Ready:
    """A guest with one unit in the basket, who has seen what it costs."""
    now = wall_now()
    with stores.rows.unit() as uow:
        who = Shopper(basket=checkout.add(uow, Shopper(), sku, 1, now).secret)
    with stores.rows.unit() as uow:
        seen = checkout.view(uow, who, now, where=_WHERE)
    assert seen is not None
    assert seen.quote is not None
    assert seen.option is not None
    contact = Contact("li@example.cn", None)
    back = "http://shop.example/order/{number}"
    return Ready(who, Wish(contact, _WHERE, seen.option.option_id, "sandbox", seen.quote.quote_id, back))


def place(stores: Stores, one: Ready) -> str:
    """By the shop's own code; the order's id."""
    return checkout.place_patiently(stores, one.who, one.wish, "key-of-one-order", wall_now()).order.order_id


class Raw:
    """The rows of an order that was placed, written again by plain SQL under new keys."""

    def __init__(self, stores: Stores, order_id: str) -> None:
        self._rows: dict[str, list[dict[str, Any]]] = {}
        with stores.rows.unit() as uow:
            for table in _TABLES:
                if table == "trade_checkouts":
                    self._basket = uow.conn.execute(
                        sa.text("select basket_id from trade_checkouts where order_id = :id"),
                        {"id": order_id},
                    ).scalar_one()
                self._rows[table] = self._of(uow.conn, table, order_id)
        (piece,) = self._rows["stock_pieces"]
        self._level = piece["sku"], piece["location_id"]
        self.statements = sum(map(len, self._rows.values())) + 2

    @staticmethod
    def _of(conn: sa.Connection, table: str, order_id: str) -> list[dict[str, Any]]:
        made = sa.text(
            "select column_name, data_type from information_schema.columns where table_schema = 'public'"
            " and table_name = :name and is_identity = 'NO' and is_generated = 'NEVER'"
        )
        kinds = dict(map(tuple, conn.execute(made, {"name": table})))
        found = conn.execute(
            sa.text(f"select * from {table} where order_id = :id"), {"id": order_id}
        ).mappings()
        rows = [{name: row[name] for name in kinds} for row in found]
        assert rows, f"placing writes nothing into {table} any more"
        for row in rows:
            for name, kind in kinds.items():
                if kind == "jsonb" and row[name] is not None:
                    row[name] = Jsonb(row[name])
        return rows

    def basket(self, link: psycopg.Connection[Any]) -> uuid.UUID:
        """A basket to be emptied, made before the clock runs."""
        made, digest = uuid.uuid4(), uuid.uuid4().bytes
        link.execute(
            "insert into trade_baskets (basket_id, digest, channel_id, lines, codes, changed_at)"
            ' values (%s, %s, \'online\', \'[{"sku": "v0", "line_no": 1, "quantity": 1}]\', \'[]\', now())',
            (made, digest),
        )
        return made

    def write(self, link: psycopg.Connection[Any], basket: uuid.UUID) -> None:
        """One order."""
        number = next(_COUNT)
        order_id = str(uuid.uuid4())
        fresh = {"order_id": order_id, "number": f"RAW{number}", "basket_id": basket, "id": uuid.uuid4()}
        link.execute("begin")
        for table, rows in self._rows.items():
            for row in rows:
                values = {name: fresh.get(name, value) for name, value in row.items()}
                link.execute(_insert(table, tuple(values)), values, prepare=True)
        link.execute(_EMPTY, (basket,), prepare=True)
        assert link.execute(_TAKE, self._level, prepare=True).rowcount == 1
        link.execute("commit")


_MADE: dict[str, str] = {}


def _insert(table: str, names: tuple[str, ...]) -> str:
    if table not in _MADE:
        columns = sql.SQL(", ").join(map(sql.Identifier, names))
        values = sql.SQL(", ").join(map(sql.Placeholder, names))
        _MADE[table] = (
            sql.SQL("insert into {} ({}) values ({})")
            .format(sql.Identifier(table), columns, values)
            .as_string()
        )
    return _MADE[table]


def place_alone(settings: Settings, crowd: int, count: int, runs: int) -> dict[str, Any]:
    """Both in turns, by one buyer and by a crowd of threads; medians."""
    found: dict[str, Any] = {}
    with open_shop(settings) as stores, _links(stores, crowd) as links:
        raw = Raw(stores, place(stores, ready(stores, "v0")))
        counted = _statements(stores)
        for name, size in (("one_buyer", 1), (f"{crowd}_buyers", crowd)):
            each: dict[str, list[float]] = {"ours": [], "raw": []}
            for run in range(runs + 1):
                for way in ("ours", "raw")[:: 1 if run % 2 else -1]:
                    mine = way == "ours"
                    rate = _ours(stores, size, count) if mine else _raw(raw, links[:size], count)
                    if run:  # the first warms up
                        each[way].append(rate)
            own, plain = statistics.median(each["ours"]), statistics.median(each["raw"])
            found[name] = {
                "ours_per_s": round(own, 1),
                "raw_per_s": round(plain, 1),
                "of_raw": round(own / plain, 3),
                "each": {way: [round(one, 1) for one in rates] for way, rates in each.items()},
            }
    return found | {
        "writes": {table: len(rows) for table, rows in raw._rows.items()}
        | {"trade_baskets": 1, "stock_levels": 1},
        "statements": {"ours": counted, "raw": raw.statements},
    }


def _statements(stores: Stores) -> int:
    one, seen = ready(stores, "v0"), list[str]()

    def note(_c: object, _r: object, statement: str, *_: object) -> None:
        seen.append(statement)

    sa.event.listen(stores.rows.engine, "before_cursor_execute", note)
    try:
        place(stores, one)
    finally:
        sa.event.remove(stores.rows.engine, "before_cursor_execute", note)
    return len(seen)


def _ours(stores: Stores, size: int, count: int) -> float:
    waiting = [ready(stores, f"v{n % 100}") for n in range(count)]
    acts = [lambda _, one=one: place(stores, one) for one in waiting]
    return _rate(acts, size)


def _raw(raw: Raw, links: list[psycopg.Connection[Any]], count: int) -> float:
    baskets = [raw.basket(links[0]) for _ in range(count)]
    acts = [lambda who, basket=basket: raw.write(links[who], basket) for basket in baskets]
    return _rate(acts, len(links))


def _rate(acts: list[Callable[[int], object]], size: int) -> float:
    """Acts a second by so many threads; each act is told which thread it is."""
    numbers, own = itertools.count(), threading.local()

    def one(act: Callable[[int], object]) -> None:
        if not hasattr(own, "number"):
            own.number = next(numbers)
        act(own.number)

    with ThreadPoolExecutor(size) as pool:
        began = time.perf_counter()
        list(pool.map(one, acts))
        return len(acts) / (time.perf_counter() - began)


@contextmanager
def _links(stores: Stores, size: int) -> Iterator[list[psycopg.Connection[Any]]]:
    url = stores.rows.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    links = [psycopg.connect(url, autocommit=True) for _ in range(size)]
    try:
        yield links
    finally:
        for link in links:
            link.close()

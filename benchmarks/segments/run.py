"""Audiences over ten million generated facts: ours beside chDB and DuckDB, the same members in every answer.

`make bench-segments`. Three questions, CPU seconds, medians of five runs, every peer in a process of its own:
(a) a view, then a cart, then an order, all within seven days: our compiled pass, chDB's windowFunnel, window
functions in DuckDB, each over facts that it has laid out as it likes (that cost is reported apart);
(b) recency, frequency and money, and "three morning purchases of X, none of Y": the language through Ibis,
from JSON to members, beside SQL by hand over the same files;
(c) an audience after facts of a thousand people: brought up to date, and asked anew of everybody.
All facts are generated (seed below); nothing here is about anybody. Writes results.json beside this.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import platform
import resource
import statistics
import subprocess
import tempfile
from collections.abc import Callable
from datetime import UTC, date, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from shengeng import app
from shengeng.decide.audiences import api
from shengeng.decide.audiences.api.answering import said
from shengeng.decide.audiences.api.facts import Asked, asked
from shengeng.decide.audiences.api.looking import inner_of
from shengeng.decide.audiences.contracts.language import Sequence
from shengeng.decide.audiences.methods import sequences
from shengeng.decide.audiences.methods.reading import read
from shengeng.govern.shop import api as shop
from shengeng.kernel.roles import SHELL
from shengeng.kernel.settings import Settings
from shengeng.sense.arrivals import api as arrivals
from shengeng.sense.connect.contracts import LINES, PRODUCTS
from shengeng.storage.stores import Stores

HERE = Path(__file__).parent
GOALS = {"sequence_over_chdb": 10.0, "aggregates_over_duckdb": 1.2}
SEED, DAYS, PRODUCTS_OF = 4, 90, 2_000
US = 1_000_000
START = datetime(2026, 1, 1)  # noqa: DTZ001  local time of a shop in UTC
NOW = datetime(2026, 4, 1, tzinfo=UTC)
FUNNEL = {
    "op": "sequence",
    "within": {"days": 7},
    "steps": [{"what": {"fact": "event", "name": name}} for name in ("view", "cart", "order")],
}


X: dict[str, Any] = {"fact": "order", "departments": ["D3"]}
Y: dict[str, Any] = {"fact": "order", "categories": ["D5 > C5"]}


def did(facts: dict[str, Any], least: float, of: str = "orders", measure: str = "count", **rest: Any) -> Any:
    return {
        "op": "did",
        "what": facts,
        "measure": measure,
        "of": of,
        "compare": "gte",
        "value": least,
        **rest,
    }


ALL: dict[str, Any] = {"fact": "order"}
LATELY: dict[str, Any] = {"window": {"last_days": 30}}
LONG: dict[str, Any] = {"window": {"last_days": 90}}
SENTENCES = {
    "rfm": {
        "op": "and",
        "of": [did(ALL, 1, **LATELY), did(ALL, 8, **LONG), did(ALL, 60_000, "spend", "sum", **LONG)],
    },
    "morning_x_not_y": {
        "op": "and",
        "of": [
            did(X, 3, **LONG, when={"hours": [6, 11]}),
            {"op": "not", "of": did(Y, 1, **LONG)},
        ],
    },
}
_SINCE = "timestamp '2026-04-01' - interval {days} day"
_X = "select product_id from products where department = 'D3'"
_Y = "select product_id from products where category = 'D5 > C5' or category like 'D5 > C5 > %'"
QUESTIONS = {
    "rfm": f"""
        select customer_id from lines
        where customer_id is not null and kind != 'cancelled' and local_at > {_SINCE.format(days=90)}
          and local_at <= timestamp '2026-04-01'
        group by customer_id
        having count(distinct order_id) filter (kind = 'sale' and local_at > {_SINCE.format(days=30)}) >= 1
           and count(distinct order_id) filter (kind = 'sale') >= 8
           and sum(case when paid then total_minor - refund_minor else 0 end) >= 60000
        order by customer_id""",
    "morning_x_not_y": f"""
        with bought as (select customer_id, order_id, local_at,
            product_id in ({_X}) as x,
            product_id in ({_Y}) as y
          from lines where customer_id is not null and kind = 'sale'
            and local_at > {_SINCE.format(days=90)} and local_at <= timestamp '2026-04-01')
        select customer_id from bought where x or y group by customer_id
        having count(distinct order_id) filter (x and hour(local_at) >= 6 and hour(local_at) < 11) >= 3
           and not bool_or(y)
        order by customer_id""",
}


def cpu() -> float:
    """CPU seconds of this process so far, all threads."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def timed(question: Callable[[], Any], runs: int) -> tuple[float, list[float], Any]:
    """Median and all of some runs after one that warms up, and the answer."""
    answer, seconds = question(), []
    for _ in range(runs):
        began = cpu()
        question()
        seconds.append(cpu() - began)
    return statistics.median(seconds), [round(one, 4) for one in seconds], answer


def steps(given: argparse.Namespace, folder: Path) -> dict[str, Any]:
    """Views, carts and orders; ours laid out and followed. Leaves steps.parquet for the peers."""
    rng = np.random.default_rng(SEED)
    person = rng.integers(0, given.people, given.facts)
    at = rng.integers(1, DAYS * 86_400 * US, given.facts)
    kind = rng.choice(3, given.facts, p=[0.80, 0.15, 0.05]).astype(np.uint8)
    table = pa.table({"person": person.astype(np.uint32), "moment": at, "kind": kind})
    pq.write_table(table, folder / "steps.parquet", compression="zstd")
    leaf = read({"where": FUNNEL}).where
    assert isinstance(leaf, Sequence)
    pattern, bits = sequences.pattern(leaf), (1 << kind).astype(np.uint8)
    layout, _, facts = timed(lambda: sequences.lay_out(person, at, bits, given.people), 2)
    seconds, every, answer = timed(
        lambda: sequences.follow(facts, pattern, None, DAYS * 86_400 * US, None), given.repeats
    )
    return {
        "sha256": hashlib.sha256(at.tobytes() + person.tobytes() + kind.tobytes()).hexdigest()[:16],
        "layout_seconds": round(layout, 3),
        "seconds": round(seconds, 4),
        "all": every,
        "members": np.flatnonzero(answer.held).tolist(),
    }


def catalogue() -> pa.Table:
    """Products in forty categories of eight departments."""
    rows = [
        {
            "source": "generated",
            "product_id": f"p{place:04d}",
            "title": f"Product {place}",
            "category": f"D{place % 40 % 8} > C{place % 40}",
            "department": f"D{place % 40 % 8}",
            "category_2": f"C{place % 40}",
        }
        for place in range(PRODUCTS_OF)
    ]
    return pa.Table.from_pylist(rows, schema=PRODUCTS)


def lines(given: argparse.Namespace) -> pa.Table:
    """Order lines, three an order on average, sorted as the lake sorts them."""
    rng = np.random.default_rng(SEED + 1)
    orders = given.facts // 3
    buyer, at = rng.integers(0, given.people, orders), rng.integers(1, DAYS * 86_400 * US, orders)
    order = np.sort(rng.integers(0, orders, given.facts))
    place = np.lexsort((order, at[order], buyer[order]))
    order = order[place]
    n, moment = given.facts, pa.array(at[order] + _micros(START)).cast(pa.timestamp("us"))
    zero, people = pa.array(np.zeros(n, np.int64)), pa.array([f"u{one:07d}" for one in range(given.people)])
    products = pa.array([f"p{one:04d}" for one in range(PRODUCTS_OF)])
    known = {
        "source": _same("generated", n),
        "order_id": pa.array(order).cast(pa.string()),
        "line_no": pa.array(np.arange(n, dtype=np.int32)),
        "customer_id": people.take(pa.array(buyer[order])),
        "ordered_at": moment.cast(pa.timestamp("us", tz="UTC")),
        "local_at": moment,
        "local_date": moment.cast(pa.date32()),
        "product_id": products.take(pa.array(rng.integers(0, PRODUCTS_OF, n))),
        "quantity": pa.array(rng.integers(1, 4, n)),
        "total_minor": pa.array(rng.integers(100, 5_000, n)),
        "refund_minor": zero,
        "discount_platform_minor": zero,
        "discount_seller_minor": zero,
        "discount_creator_minor": zero,
        "kind": _same("sale", n),
        "paid": pa.array(np.ones(n, np.bool_)),
        "currency": _same("CNY", n),
        "import_id": _same("generated", n),
    }
    return pa.table([known.get(f.name, pa.nulls(n, f.type)) for f in LINES], schema=LINES)


def _micros(moment: datetime) -> int:
    return int((moment - datetime(1970, 1, 1)).total_seconds()) * US  # noqa: DTZ001


def _same(value: str, n: int) -> pa.Array:
    return pa.repeat(pa.scalar(value), n)


def stock(stores: Stores, given: argparse.Namespace, folder: Path) -> None:
    """A shop with these facts, and the paths of their files for the peers."""
    with stores.rows.unit() as uow:
        shop.set_profile(uow, SHELL, NOW, name="generated", timezone="UTC", currency="CNY", simulated=True)
        stores.lake.append(uow, "products", catalogue())
        stores.lake.append(uow, "lines", lines(given))
        shop.advance(uow, date(2026, 3, 31))
    pq.write_table(catalogue(), folder / "products.parquet")
    files = sorted(str(path) for path in (stores.settings.home / "lake" / "lines").glob("*.parquet"))
    (folder / "lines.json").write_text(json.dumps(files))


def members(here: Asked, sentence: dict[str, Any]) -> list[str]:
    """From JSON to the ids of whom it is true of."""
    held = said(here, read({"where": sentence}), inner_of(here.uow)).whole.held
    found: list[str] = here.people.ids.filter(held).to_pylist()
    return found


def aggregates(stores: Stores, given: argparse.Namespace) -> dict[str, Any]:
    """Each sentence, answered from its JSON."""
    found = {}
    for name, sentence in SENTENCES.items():

        def question(sentence: dict[str, Any] = sentence) -> list[str]:
            with stores.rows.unit() as uow:
                return members(asked(stores, uow, NOW), sentence)

        seconds, every, answer = timed(question, given.repeats)
        found[name] = {"seconds": round(seconds, 4), "all": every, "members": answer}
    return found


def upkeep(stores: Stores, given: argparse.Namespace) -> dict[str, Any]:
    """An audience after facts of a thousand people: by upkeep, and asked anew."""
    with stores.rows.unit() as uow:
        sentence = api.checked(stores, uow, {"where": SENTENCES["rfm"]})
        saved = api.create(uow, SHELL, sentence, NOW, name="rfm")
    with stores.rows.unit() as uow:
        api.follow(stores, uow, NOW)
    rng = np.random.default_rng(SEED + 2)
    touched = [f"u{one:07d}" for one in rng.choice(given.people, given.touched, replace=False)]
    table = lines(argparse.Namespace(facts=given.touched * 3, people=given.people))
    places = np.sort(rng.integers(0, given.touched, table.num_rows))
    at = table.column_names.index("customer_id")
    table = table.set_column(at, "customer_id", pa.array(touched).take(pa.array(places)))
    seconds = []
    for run in range(given.repeats):
        with stores.rows.unit() as uow:
            numbers = pa.array([f"later-{run}-{one // 3}" for one in range(table.num_rows)])
            arrived = table.set_column(table.column_names.index("order_id"), "order_id", numbers)
            stores.lake.append(uow, "lines", arrived, partition=f"later-{run}")
            arrivals.note(uow, touched, NOW)
        began = cpu()
        with stores.rows.unit() as uow:
            looked = api.follow(stores, uow, NOW)
        seconds.append(cpu() - began)
        assert (looked.whole, looked.people) == (0, given.touched), looked
    with stores.rows.unit() as uow:
        whole, every, anew = timed(lambda: api.held(stores, uow, saved.id, NOW), given.repeats)
        kept = {one.person_id for one in api.members(uow, saved.id, limit=given.people)[0]}
    assert kept == anew
    return {
        "touched": given.touched,
        "seconds": round(statistics.median(seconds), 4),
        "all": [round(one, 4) for one in seconds],
        "whole_seconds": round(whole, 4),
        "whole_all": every,
        "members": len(kept),
        "ratio": round(whole / statistics.median(seconds), 1),
    }


def peers(given: argparse.Namespace, folder: Path) -> dict[str, Any]:
    """What the peers say, in a process of theirs."""
    (folder / "questions.json").write_text(json.dumps(QUESTIONS))
    command = [given.peers, str(HERE / "peer.py"), str(folder), str(given.repeats)]
    subprocess.run(command, check=True)
    found: dict[str, Any] = json.loads((folder / "answers.json").read_text())
    return found


def summary(given: argparse.Namespace, ours: dict[str, Any], theirs: dict[str, Any]) -> dict[str, Any]:
    """Everything beside everything, once the members are the same."""
    funnel = ours["funnel"].pop("members")
    for name, found in (("chdb", theirs["chdb"]["strict"]), ("duckdb", theirs["duckdb"])):
        assert found.pop("members") == funnel, name
    theirs["chdb"]["default"].pop("members")
    rows = {}
    for name, found in ours["aggregates"].items():
        mine = found.pop("members")
        assert mine == theirs["aggregates"][name].pop("members"), name
        other = theirs["aggregates"][name]
        rows[name] = {
            "members": len(mine),
            "ours": found,
            "duckdb": other,
            "ratio": round(found["seconds"] / other["seconds"], 2),
        }
    one = ours["funnel"]["seconds"]
    return {
        "goals": GOALS,
        "generated": True,
        "seed": SEED,
        "facts": given.facts,
        "people": given.people,
        "repeats": given.repeats,
        "versions": {
            name: version(name) for name in ("shengeng", "numba", "numpy", "duckdb", "ibis-framework")
        }
        | {"peers": (HERE / "peers.txt").read_text().splitlines()[1:]},
        "python": platform.python_version(),
        "machine": f"{platform.machine()}, {os.cpu_count()} cores",
        "sequence": {
            "members": len(funnel),
            "ours": ours["funnel"],
            "chdb": theirs["chdb"],
            "duckdb": theirs["duckdb"],
            "chdb_over_ours": round(theirs["chdb"]["strict"]["seconds"] / one, 1),
            "chdb_default_over_ours": round(theirs["chdb"]["default"]["seconds"] / one, 1),
            "duckdb_over_ours": round(theirs["duckdb"]["seconds"] / one, 1),
        },
        "aggregates": rows,
        "upkeep": ours["upkeep"],
    }


def main() -> None:
    """All three questions."""
    asks = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asks.add_argument("--peers", required=True, help="python of the peers' environment")
    asks.add_argument("--facts", type=int, default=10_000_000)
    asks.add_argument("--people", type=int, default=500_000)
    asks.add_argument("--touched", type=int, default=1_000)
    asks.add_argument("--repeats", type=int, default=5)
    asks.add_argument("--out", type=Path, default=HERE / "results.json")
    given = asks.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        ours: dict[str, Any] = {"funnel": steps(given, folder)}
        chosen = Settings(home=folder / "home", memory_limit="3GB", threads=2)
        with app.open_shop(chosen) as stores:
            stock(stores, given, folder)
            ours["aggregates"] = aggregates(stores, given)
            theirs = peers(given, folder)
            ours["upkeep"] = upkeep(stores, given)
        found = summary(given, ours, theirs)
    given.out.write_text(json.dumps(found, indent=1) + "\n")
    print(json.dumps(found, indent=1))


if __name__ == "__main__":
    main()

"""Import: our whole import beside plain pandas and DuckDB's bare COPY, same files, same run.

From the root of the repository, with our environment:

    python benchmarks/import/run.py [--runs 5] [--large-runs 1] [--times 10]

The data is the Complete Journey's 1,469,307 transactions as a canonical CSV, and the same file TIMES larger
(copies with households and baskets of their own). Every contender runs in a process of its own, in turn;
seconds, CPU seconds and peak memory are of that process. Ours starts with an open, empty shop and ends with
the committed import; then the same folder once more. Writes results.json beside this.

- pandas: read_csv as text, to numbers and dates, drop what is wrong, local time, to_parquet. No rejects with
  reasons, no idempotency, no transaction, no sorting.
- duckdb: COPY of casts from CSV to Parquet. Nothing is checked: the floor.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq

from shengeng.kernel.settings import Settings
from shengeng.sense.connect import api
from shengeng.sense.connect.store.complete_journey import path
from shengeng.storage.embedded import Server
from shengeng.storage.migrations import migrate
from shengeng.storage.stores import open_stores

RESULTS = Path(__file__).with_name("results.json")
MOMENT = "%Y-%m-%d %H:%M:%S"
ZONE, CURRENCY = "America/New_York", "USD"
VERSIONS = ("shengeng", "duckdb", "pandas", "pyarrow", "ibis-framework")
CONTENDERS = ("shengeng", "pandas", "duckdb")
Figures = dict[str, float]


def canonical() -> pa.Table:
    """The package's transactions in canonical columns."""
    t = pq.read_table(path("transactions"))
    return pa.table(
        {
            "order_id": t["basket_id"],
            "ordered_at": pc.strftime(
                t["transaction_timestamp"].cast(pa.timestamp("s")), "%Y-%m-%d %H:%M:%S"
            ),
            "product_id": t["product_id"],
            "quantity": t["quantity"],
            "line_total": pc.round(t["sales_value"], 2),
            "discount_seller": pc.round(pc.add(t["retail_disc"], t["coupon_match_disc"]), 2),
            "customer_id": t["household_id"],
            "store_id": t["store_id"],
        }
    )


def write(folder: Path, times: int) -> str:
    """The folder, `times` as large; returns the sha256 of its orders."""
    folder.mkdir(parents=True)
    text = f'timezone = "{ZONE}"\ncurrency = "{CURRENCY}"\nall_paid = true\n'
    (folder / "shop.toml").write_text(text, encoding="utf-8")
    table = canonical()
    with pa_csv.CSVWriter(folder / "orders.csv", table.schema) as writer:
        for copy in range(times):
            shifted = table
            for column, width in (("order_id", 10**12), ("customer_id", 10**5)):
                place = table.schema.get_field_index(column)
                shifted = shifted.set_column(place, column, pc.add(table[column], pa.scalar(copy * width)))
            writer.write_table(shifted)
    with (folder / "orders.csv").open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def by_shengeng(folder: Path, place: Path) -> dict[str, Figures]:
    """Our import into an empty shop, then the same folder again."""
    home = place / "home"
    server = Server(home)
    try:
        with server as url, open_stores(Settings(home=home), url) as stores:
            migrate(stores.rows)
            first = measured(lambda: api.import_source(stores, folder, now=datetime.now(UTC)))
            again = measured(lambda: api.import_source(stores, folder, now=datetime.now(UTC)))
            with stores.rows.unit() as uow:
                reports = api.imports_newest(uow)
            assert reports[0].files["orders"].accepted == 0, reports
            first["rows"] = reports[1].files["orders"].rows
        return {"first": first, "again": again}
    finally:
        server.discard()


def by_pandas(folder: Path, place: Path) -> dict[str, Figures]:
    """What one would write in pandas in a quarter of an hour."""

    def load() -> None:
        raw = pd.read_csv(folder / "orders.csv", dtype=str)
        raw["quantity"] = pd.to_numeric(raw["quantity"], errors="coerce")
        raw["total_minor"] = (pd.to_numeric(raw["line_total"], errors="coerce") * 100).round()
        raw["discount_minor"] = (pd.to_numeric(raw["discount_seller"], errors="coerce") * 100).round()
        raw["ordered_at"] = pd.to_datetime(
            raw["ordered_at"], utc=True, errors="coerce", format="%Y-%m-%d %H:%M:%S"
        )
        good = raw.dropna(subset=["order_id", "ordered_at", "product_id", "quantity", "total_minor"])
        good = good[(good["quantity"] != 0) | (good["total_minor"] != 0)]
        local = good["ordered_at"].dt.tz_convert(ZONE).dt.tz_localize(None)
        good = good.assign(
            local_at=local, local_date=local.dt.date, line_no=good.groupby("order_id").cumcount() + 1
        )
        good.to_parquet(place / "pandas.parquet", compression="zstd")

    return {"first": measured(load)}


def by_duckdb(folder: Path, place: Path) -> dict[str, Figures]:
    """The floor: casts alone, straight from file to file."""
    con = duckdb.connect(config={"memory_limit": "1GB", "threads": 2})
    con.execute("set timezone = 'UTC'")
    columns = "order_id, product_id, customer_id, store_id, quantity::bigint quantity"
    moment = "ordered_at::timestamptz ordered_at, timezone(?, ordered_at::timestamptz) local_at"
    money = "(line_total::decimal(18,2) * 100)::bigint total_minor"
    query = f"select {columns}, {moment}, {money} from read_csv(?, all_varchar = true)"
    target = place / "duckdb.parquet"

    def copy() -> None:
        con.execute(
            f"copy ({query}) to '{target}' (format parquet, compression zstd)",
            [ZONE, str(folder / "orders.csv")],
        )

    return {"first": measured(copy)}


def measured(work: Any) -> Figures:
    """Seconds, CPU seconds and the process's peak memory so far in MB."""
    began, cpu = time.perf_counter(), time.process_time()
    work()
    return {
        "seconds": time.perf_counter() - began,
        "cpu_seconds": time.process_time() - cpu,
        "peak_mb": _peak_mb(),
    }


def _peak_mb() -> float:
    """Of this process alone: getrusage counts what the parent held when it forked."""
    status = Path("/proc/self/status").read_text("utf-8")
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM")) / 1024


def contend(name: str, folder: Path) -> dict[str, Figures]:
    """One contender's run in a process of its own."""
    with tempfile.TemporaryDirectory(prefix="bench-import-") as place:
        command = [sys.executable, str(Path(__file__).resolve()), "--one", name, str(folder), place]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            raise SystemExit(f"{name} failed:\n{done.stderr}")
        figures: dict[str, Figures] = json.loads(done.stdout.splitlines()[-1])
        return figures


def compare(folder: Path, runs: int) -> dict[str, Any]:
    """Medians of the contenders, who take turns."""
    seen: dict[str, list[dict[str, Figures]]] = {name: [] for name in CONTENDERS}
    for _ in range(runs):
        for name in CONTENDERS:
            seen[name].append(contend(name, folder))
            print(folder.name, name, {k: round(v, 1) for k, v in seen[name][-1]["first"].items()}, flush=True)
    found: dict[str, Any] = {"runs": runs}
    for name, figures in seen.items():
        for which in figures[0]:
            label = name if which == "first" else f"{name}_{which}"
            found[label] = {
                key: statistics.median(f[which][key] for f in figures) for key in figures[0][which]
            }
    ours = found["shengeng"]
    for peer in ("pandas", "duckdb"):
        found[f"cpu_ratio_to_{peer}"] = ours["cpu_seconds"] / found[peer]["cpu_seconds"]
        found[f"seconds_ratio_to_{peer}"] = ours["seconds"] / found[peer]["seconds"]
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--large-runs", type=int, default=1)
    parser.add_argument("--times", type=int, default=10)
    parser.add_argument("--one", nargs=3, metavar=("NAME", "FOLDER", "PLACE"))
    args = parser.parse_args()
    if args.one:
        name, folder, place = args.one
        run = {"shengeng": by_shengeng, "pandas": by_pandas, "duckdb": by_duckdb}[name]
        print(json.dumps(run(Path(folder), Path(place))))
        return
    data = Path(tempfile.mkdtemp(prefix="bench-import-data-"))
    try:
        results: dict[str, Any] = {
            "versions": {
                name: version(name) for name in ("shengeng", "duckdb", "pandas", "pyarrow", "ibis-framework")
            },
            "python": platform.python_version(),
            "machine": f"{platform.machine()}, {os.cpu_count()} cores",
            "memory_limit": "1GB for the engine of ours and of DuckDB",
            "seed": None,
        }
        if RESULTS.exists():  # a size that is not run now keeps what it showed
            results |= {k: v for k, v in json.loads(RESULTS.read_text("utf-8")).items() if k.endswith("x")}
        for label, times, runs in (("1x", 1, args.runs), (f"{args.times}x", args.times, args.large_runs)):
            if runs:
                sha = write(data / label, times)
                load = os.getloadavg()[0]
                results[label] = {"orders_sha256": sha, "load_before": load} | compare(data / label, runs)
        RESULTS.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
        print(json.dumps(results, indent=1))
    finally:
        shutil.rmtree(data)


if __name__ == "__main__":
    main()

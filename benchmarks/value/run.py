"""Lifetime value: our engine beside the lifetimes package, same data, same run.

From the root of the repository, with our environment:

    python benchmarks/value/run.py --peers PEERS/bin/python [--cdnow purchases.parquet] [--repeats 5]

PEERS is an environment made from peers.txt. CDNOW may not be passed on, so its path is an argument (a Parquet
file with customer_id and date); Complete Journey comes with our own package. Writes results.json beside this.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import platform
import subprocess
import tempfile
import time
from collections.abc import Callable
from datetime import date
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from shengeng.learn.backtest.methods.value import rate_forecast, value_metrics
from shengeng.sense.connect.api import open_folder
from shengeng.understand.value import api as value
from shengeng.understand.value.methods import prediction

HERE = Path(__file__).parent
EPOCH = date(1970, 1, 1)
# The protocol's cuts first; the others show how far one cut's figures carry.
CUTS = {
    "cdnow": ("1997-10-01", "1997-07-01", "1997-08-15", "1997-11-15", "1998-01-01", "1998-03-01"),
    "complete-journey": ("2017-10-02", "2017-05-15", "2017-07-01", "2017-08-15", "2017-11-27"),
}


def cdnow(path: Path) -> tuple[pa.Table, str]:
    """Distinct purchase days of CDNOW, and the file's sha256."""
    table = pq.read_table(path)
    days = pa.table(
        {"customer_id": table["customer_id"].cast(pa.string()), "local_date": table["date"].cast(pa.date32())}
    )
    days = days.group_by(["customer_id", "local_date"]).aggregate([])
    return days.sort_by([("customer_id", "ascending"), ("local_date", "ascending")]), _sha(path.read_bytes())


def complete_journey() -> tuple[pa.Table, str]:
    """Distinct purchase days of Complete Journey in its local time."""
    with open_folder("complete-journey") as folder:
        return value.purchases(folder.lines), folder.data_hash


def _sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def timed(work: Callable[[], Any], repeats: int) -> tuple[Any, list[float]]:
    """The answer, and CPU seconds of each repeat."""
    seconds = []
    for _ in range(repeats):
        clock = time.process_time()
        answer = work()
        seconds.append(time.process_time() - clock)
    return answer, seconds


def coverage(ahead: value.Forecast, actual: np.ndarray[Any, Any], seed: int) -> dict[str, float]:
    """How often 80% intervals of purchase days hold; randomised: counts split at the interval's edge."""
    future = ahead.outlook
    below = 1 - np.where(actual > 0, prediction.at_least(future, np.maximum(actual, 1)), 1.0)
    upto = 1 - prediction.at_least(future, actual + 1)
    place = below + np.random.default_rng(seed).random(len(actual)) * (upto - below)
    low, high = prediction.quantile(future, 0.1), prediction.quantile(future, 0.9)
    return {
        "interval": float(np.mean((actual >= low) & (actual <= high))),
        "randomised": float(np.mean((place >= 0.1) & (place <= 0.9))),
    }


def peers(python: str, known: Any, horizon: int, repeats: int) -> dict[str, Any]:
    """Forecasts and seconds of lifetimes' BG/NBD and Pareto/NBD, from its own environment."""
    with tempfile.TemporaryDirectory() as folder:
        given, found = Path(folder) / "given.npz", Path(folder) / "found.npz"
        rows = known.histories
        np.savez(given, x=rows.x, t_x=rows.t_x, age=rows.age, horizon=horizon)
        command = [python, str(HERE / "peer.py"), str(given), str(found), str(repeats)]
        said = subprocess.run(command, check=True, capture_output=True, text=True)
        about = json.loads(said.stdout.strip().splitlines()[-1])
        with np.load(found) as arrays:
            forecasts = {name: arrays[name] for name in arrays.files}
    return {"forecasts": forecasts, **about}


def one_cut(table: pa.Table, cut: date, python: str, repeats: int, seed: int) -> dict[str, Any]:
    """Every model at one cut; the horizon ends with the data."""
    _, days = value.days_of(table)
    start, horizon = (cut - EPOCH).days, int(days.day.max()) - (cut - EPOCH).days + 1
    known = value.known_at(days, start)
    actual = value.between(days, known.who, start, start + horizon)

    def ours() -> tuple[value.Orders | None, value.Forecast]:
        learnt = value.learn(days, int(days.day.min()), start, horizon)
        assert learnt is not None
        return learnt, value.forecast(learnt, days, start, horizon)

    def plain() -> Any:
        rows = value.known_at(days, start).histories
        return value.expected(value.fit(rows, prior=False), rows, horizon)

    def pareto() -> Any:
        rows = value.known_at(days, start).histories
        return value.expected_pareto(value.fit_pareto(rows), rows, horizon)

    (learnt, ahead), seconds = timed(ours, repeats)
    own_bgnbd, bgnbd_seconds = timed(plain, repeats)
    own_pareto, pareto_seconds = timed(pareto, repeats)
    other = peers(python, known, horizon, repeats)
    models = {"shengeng": ahead.orders, "bgnbd_ours": own_bgnbd, "pareto_ours": own_pareto} | other[
        "forecasts"
    ]
    models["rate"] = rate_forecast(known.histories.x, known.histories.age, horizon)
    all_seconds = {"shengeng": seconds, "bgnbd_ours": bgnbd_seconds, "pareto_ours": pareto_seconds}
    all_seconds |= other["seconds"]
    medians = {name: float(np.median(s)) for name, s in all_seconds.items()}
    metrics = {name: value_metrics(forecast, actual) for name, forecast in models.items()}
    return {
        "cut": cut.isoformat(),
        "horizon_days": horizon,
        "customers": len(known.who),
        "purchase_days": int(actual.sum()),
        "metrics": metrics,
        "cpu_seconds_median": medians,
        "coverage80": coverage(ahead, actual, seed),
        "slumber": learnt.correction.slumber,
        "level": learnt.correction.level,
        "recent_windows_days": list(learnt.correction.windows),
        "ratios": ratios(metrics, medians),
        "peer_failures": other["failures"],
        "peer_versions": other["versions"],
    }


def ratios(metrics: dict[str, dict[str, float]], seconds: dict[str, float]) -> dict[str, float]:
    """Ours against each peer that answered."""
    mine, found = metrics["shengeng"], {}
    for peer in ("lifetimes_pareto", "lifetimes_bgnbd"):
        if peer in metrics:
            found[f"rmse_to_{peer}"] = mine["rmse"] / metrics[peer]["rmse"]
            found[f"total_error_to_{peer}"] = abs(mine["total_error"] / metrics[peer]["total_error"])
            found[f"seconds_{peer}_to_shengeng"] = seconds[peer] / seconds["shengeng"]
            found[f"seconds_{peer}_to_bgnbd_ours"] = seconds[peer] / seconds["bgnbd_ours"]
    return found


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--peers", required=True, help="python of the peers' environment")
    parser.add_argument("--cdnow", type=Path, help="Parquet file of CDNOW purchases")
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    sources = {"complete-journey": complete_journey}
    if given.cdnow:
        sources["cdnow"] = lambda: cdnow(given.cdnow)
    results: dict[str, Any] = {}
    for name, source in sources.items():
        table, digest = source()
        cuts = []
        for i, cut in enumerate(CUTS[name]):
            repeats = given.repeats if i == 0 else 1
            found = one_cut(table, date.fromisoformat(cut), given.peers, repeats, given.seed)
            cuts.append(found)
            print(
                name, cut, json.dumps(found["metrics"]["shengeng"]), json.dumps(found["ratios"]), flush=True
            )
        last = pc.max(table["local_date"]).as_py()
        results[name] = {"data_sha256": digest, "last_day": last.isoformat(), "cuts": cuts}
    about = {
        "versions": {
            name: version(name) for name in ("shengeng", "numpy", "scipy", "duckdb", "ibis-framework")
        },
        "python": platform.python_version(),
        "machine": f"{platform.machine()}, {os.cpu_count()} cores",
        "seed": given.seed,
        "repeats": f"{given.repeats} at the first cut of each data set, 1 at the others",
    }
    (HERE / "results.json").write_text(json.dumps(about | {"results": results}, indent=1) + "\n")


if __name__ == "__main__":
    main()

"""Next basket: our ranking beside popularity, own frequency, TIFUKNN; cornac, implicit and plain LightGBM.

From the root of the repository, with our environment (the peers' own one is made on the first run):

    python benchmarks/recommend/run.py [--seconds 60] [--repeats 5] [--no-peers]

Complete Journey at both cuts of the protocol, in one run. --seconds: how long cornac may rank (it takes most
of a second a customer; it is scored on the customers that it reached). Writes results.json beside this.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import tempfile
import time
import venv
from collections.abc import Callable
from datetime import date
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

from shengeng.decide.recommend import api as recommend
from shengeng.kernel.units import Ints
from shengeng.learn.backtest.api.recommend import Basis, basis_at, catalogue, tuned
from shengeng.learn.backtest.methods import recommend as protocol
from shengeng.sense.connect.api import open_folder
from shengeng.understand.affinity import api as affinity
from shengeng.understand.affinity.contracts import NOT_MERCHANDISE

HERE = Path(__file__).parent
EPOCH = date(1970, 1, 1)
FIRST, CUTS = date(2017, 10, 29), (date(2017, 10, 29), date(2017, 11, 26))
DEPTH = protocol.DEPTH
# cornac's own settings; its "groups" are a number of groups, not their size.
CORNAC = {"groups": 7, "within": 0.9, "between": 0.7, "neighbours": 300, "own": 0.7}


def peers_python() -> Path:
    """The python of the peers' environment, made from peers.txt when it is not there yet."""
    home = HERE / ".venv"
    python = home / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    wanted, ready = (HERE / "peers.txt").read_text(), home / "ready"
    if not ready.exists() or ready.read_text() != wanted:
        venv.create(home, with_pip=True, clear=True)
        install = [str(python), "-m", "pip", "install", "--quiet", "-r", str(HERE / "peers.txt")]
        subprocess.run(install, check=True)
        ready.write_text(wanted)
    return python


def peer_lists(basis: Basis, python: Path, seconds: float, seed: int) -> tuple[dict[str, Any], Any]:
    """Top lists of the peers (cornac for the first customers of a random order), and what they say."""
    order = np.random.default_rng(seed).permutation(len(basis.who))
    with tempfile.TemporaryDirectory() as folder:
        given, found = Path(folder) / "given.npz", Path(folder) / "found.npz"
        past = basis.past
        np.savez(
            given,
            customer=past.customer,
            product=past.product,
            basket=past.basket,
            day=past.day,
            products=past.products,
            who=basis.who[order],
            **{name: np.asarray(value) for name, value in CORNAC.items()},  # type: ignore[arg-type]
        )
        command = [str(python), str(HERE / "peer.py"), str(given), str(found), str(DEPTH), str(seconds)]
        said = subprocess.run(command, check=True, capture_output=True, text=True)
        with np.load(found) as arrays:
            lists = {name: (order[: len(arrays[name])], arrays[name]) for name in arrays.files}
    return lists, json.loads(said.stdout.strip().splitlines()[-1])


def timed(work: Callable[[], Any], repeats: int) -> tuple[Any, float]:
    """The answer, and the median CPU seconds of the repeats."""
    seconds = []
    for _ in range(repeats):
        clock = time.process_time()
        answer = work()
        seconds.append(time.process_time() - clock)
    return answer, float(np.median(seconds))


def scored(named: Ints, basis: Basis, some: Ints | None = None) -> dict[str, Any]:
    """Measures by customer, of all scored customers or of some."""
    if some is None:
        return protocol.measures(named, basis.targets)
    full = np.full((len(basis.who), DEPTH), -1, dtype=np.int64)
    full[some] = named
    return {name: values[some] for name, values in protocol.measures(full, basis.targets).items()}


def one_cut(shop: affinity.History, cut: date, given: argparse.Namespace, python: Path | None) -> Any:
    """Every model at one cut, with CPU milliseconds a customer."""
    basis = basis_at(shop, (cut - EPOCH).days - 1)
    assert basis is not None
    past, who, n = basis.past, basis.who, len(basis.who)
    settings = tuned(past, basis.as_of, 300, given.seed)
    held = {"least_products": basis.least_products, "seed": given.seed}
    habit = affinity.learn_ranking(past, basis.as_of, settings, **held)
    order, learnt = timed(lambda: recommend.learn_order(past, basis.as_of, settings, **held), 1)
    assert order is not None
    popular = protocol.popularity(past.product, past.products)
    frequency = protocol.own_frequency(past.customer, past.product, past.customers, past.products)
    works: dict[str, Callable[[], Ints]] = {
        "own_frequency": lambda: protocol.first_of(protocol.frequent_first(frequency, popular, who)),
        "tifuknn": lambda: protocol.first_of(affinity.tifu_scores(past, settings, who)),
        "habit": lambda: affinity.rank(past, basis.as_of, habit, who, DEPTH),
        "shengeng": lambda: recommend.ordered(past, basis.as_of, order, settings, who, most=DEPTH),
    }
    best = protocol.first_of(iter([(who[:1], popular[None, :])]))
    lists: dict[str, Ints] = {"popularity": np.tile(best, (n, 1))}
    milliseconds: dict[str, float] = {}
    for name, work in works.items():
        lists[name], seconds = timed(work, given.repeats if name == "tifuknn" else 1)
        milliseconds[name] = 1000 * seconds / n
    found = {name: scored(named, basis) for name, named in lists.items()}
    rng = np.random.default_rng(given.seed)
    ratio = protocol.ratio_interval(found["shengeng"]["ndcg@10"], found["tifuknn"]["ndcg@10"], rng)
    result = {
        "cut": cut.isoformat(),
        "customers": n,
        "catalogue_products": shop.products,
        "tifuknn_settings": str(settings),
        "metrics": {name: protocol.averages(values) for name, values in found.items()},
        "ndcg@10_over_tifuknn": dict(zip(("ratio", "low80", "high80"), ratio, strict=True)),
        "cpu_ms_a_customer": milliseconds,
        "learn_cpu_seconds": learnt,
    }
    if python is not None:
        result["peers"] = beside(basis, found, milliseconds, python, given)
    return result


def beside(
    basis: Basis, found: Any, milliseconds: dict[str, float], python: Path, given: argparse.Namespace
) -> Any:
    """Each peer's figures, ours on the same customers, and how many times faster ours ranks."""
    lists, about = peer_lists(basis, python, given.seconds, given.seed)
    some, named = lists["cornac_tifuknn_paper"]
    about["identical_top10"] = identical(basis, some, named)
    for name, (some, named) in lists.items():
        theirs = scored(named, basis, some)
        ours = {model: found[model]["ndcg@10"][some] for model in ("shengeng", "habit", "tifuknn")}
        about[name] |= {
            "metrics": protocol.averages(theirs),
            "same_customers_ndcg@10": {model: float(values.mean()) for model, values in ours.items()},
            "times_faster": {model: about[name]["cpu_ms_a_customer"] / milliseconds[model] for model in ours},
        }
    return about


def identical(basis: Basis, some: Ints, named: Ints) -> dict[str, float]:
    """Share of customers whose first ten of the paper's algorithm are the peer's, and how many were compared.

    One group of all baskets, where cornac's groups and the paper's are the same. Products that score the same
    (to a millionth of the best: cornac reckons in 32 bits) may stand for each other.
    """
    settings = affinity.Tifu(10**9, CORNAC["within"], 1.0, int(CORNAC["neighbours"]), CORNAC["own"])
    who = np.sort(basis.who[some])
    back = np.searchsorted(who, basis.who[some])
    score = np.concatenate([found for _, found in affinity.tifu_scores(basis.past, settings, who)])[back]
    best = -np.sort(-score, axis=1)[:, :10]
    theirs = np.take_along_axis(score, named[:, :10], axis=1)
    same = np.abs(best - theirs).max(axis=1) <= 1e-6 * best[:, 0]
    return {"share": float(same.mean()), "customers": len(some)}


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--no-peers", action="store_true", help="our own baselines only")
    given = parser.parse_args()
    python = None if given.no_peers else peers_python()
    with open_folder("complete-journey") as folder:
        digest = folder.data_hash
        whole = affinity.history_of(affinity.bought(folder.lines, folder.products, NOT_MERCHANDISE))
    _, shop = catalogue(whole, (FIRST - EPOCH).days)
    cuts = []
    for cut in CUTS:
        cuts.append(one_cut(shop, cut, given, python))
        print(json.dumps(cuts[-1], indent=1), flush=True)
    names = ("shengeng", "numpy", "scipy", "lightgbm", "duckdb", "ibis-framework")
    about = {
        "data": "complete-journey",
        "data_sha256": digest,
        "versions": {name: version(name) for name in names} | {"python": platform.python_version()},
        "machine": f"{platform.machine()}, {os.cpu_count()} cores, shared",
        "seed": given.seed,
        "repeats": given.repeats,
        "cuts": cuts,
    }
    (HERE / "results.json").write_text(json.dumps(about, indent=1) + "\n")


if __name__ == "__main__":
    main()

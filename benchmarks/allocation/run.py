"""A budget over customers and treatments, with side constraints: our choice beside HiGHS' linear program.

`make bench-allocation`. Each instance has 20,000 customers with six treatments, one each, a budget, three
channels' capacities and three tiers' greatest shares. Instances are generated (no customer data is in them).
HiGHS solves the linear relaxation, whose optimum no choice of whole treatments can exceed; ours are whole
choices, and the gap is what they miss of that optimum. Writes results.json beside this.
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
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

from shengeng.decide.allocate.methods.choice import NOTHING, allocate
from shengeng.decide.allocate.methods.prices import Options

HERE = Path(__file__).parent
OPTIONS = 6
CHANNEL = np.array([0, 1, 2, 2, 1, 2])
# kind, share of all costs that the budget is (.6 is money for nearly everything), seed.
INSTANCES = (
    ("shop", 0.03, 0),
    ("shop", 0.03, 1),
    ("shop", 0.03, 2),
    ("shop", 0.01, 3),
    ("shop", 0.10, 4),
    ("shop", 0.60, 5),
    ("random", 0.08, 0),
    ("random", 0.08, 1),
    ("random", 0.02, 2),
    ("random", 0.60, 3),
)
GOALS = {"ratio": 300, "gap": 1e-4}


def instance(kind: str, budget: float, seed: int, customers: int) -> Options:
    """shop: dearer treatments bring more, falling off; customers' worth is lognormal. random: none of it."""
    rng = np.random.default_rng(seed)
    tier = rng.choice(3, customers, p=[0.2, 0.3, 0.5])
    shape = (customers, OPTIONS)
    if kind == "shop":
        worth = rng.lognormal(3, 1, customers) * np.array([3, 1.5, 1])[tier]
        cost = np.array([0.02, 0.3, 2, 5, 10, 20]) * rng.uniform(0.8, 1.2, shape)
        reach = 1 - np.exp(-np.array([0.01, 0.03, 0.08, 0.15, 0.22, 0.3]))
        value = worth[:, None] * reach * rng.uniform(0.8, 1.0, shape) * rng.lognormal(0, 0.3, shape) - cost
        capacity, shares = np.array([16, 9, 6]) * customers / 20, np.array([0.35, 0.4, 0.4])
    else:
        cost = rng.uniform(0.5, 10, shape)
        value = cost * rng.uniform(0.2, 3, shape)
        capacity, shares = np.array([6, 5, 5]) * customers / 20, np.array([0.25, 0.35, 0.5])
    owner, flat = np.repeat(np.arange(customers), OPTIONS), np.tile(CHANNEL, customers)
    money, kept = budget * cost.sum(), value.ravel() > 0
    use = np.zeros((len(owner), 7))
    use[:, 0] = cost.ravel() / money
    use[np.arange(len(owner)), 1 + flat] = 1 / capacity[flat]
    use[np.arange(len(owner)), 4 + tier[owner]] = cost.ravel() / (shares[tier[owner]] * money)
    # Nobody chooses a loss: it is left out for both.
    customer = np.unique(owner[kept], return_inverse=True)[1].astype(np.int64)
    return Options(customer, value.ravel()[kept], use[kept])


def peer(python: str, options: Options, solvers: str) -> dict[str, Any]:
    """What HiGHS found, by algorithm."""
    with tempfile.TemporaryDirectory() as folder:
        given = Path(folder) / "given.npz"
        np.savez(given, **options._asdict())
        command = [python, str(HERE / "peer.py"), str(given), solvers]
        said = subprocess.run(command, check=True, capture_output=True, text=True)
    found: dict[str, Any] = json.loads(said.stdout.strip().splitlines()[-1])
    return found


def one(kind: str, budget: float, seed: int, given: argparse.Namespace) -> dict[str, Any]:
    """Both on one instance."""
    options = instance(kind, budget, seed, given.customers)
    seconds = []
    for _ in range(given.repeats):
        clock = time.process_time()
        found = allocate(options)
        seconds.append(time.process_time() - clock)
    taken = options.use[found.pick[found.pick != NOTHING]].sum(axis=0)
    assert np.all(taken <= 1.0 + 1e-9), taken
    other = peer(given.peers, options, given.solvers)
    optimum = max(answer["optimum"] for answer in other["answers"].values())
    ours = float(np.median(seconds))
    return {
        "kind": kind,
        "budget_share": budget,
        "seed": seed,
        "sha256": hashlib.sha256(options.value.tobytes() + options.use.tobytes()).hexdigest()[:16],
        "options": len(options.value),
        "binding_limits": int((found.priced.price > 1e-9).sum()),
        "cpu_seconds": round(ours, 4),
        "cpu_seconds_all": [round(s, 4) for s in seconds],
        "gap": 1.0 - found.value / optimum,
        "certified_gap": found.gap,
        "highs": other["answers"],
        "ratio": {name: round(a["cpu_seconds"] / ours, 1) for name, a in other["answers"].items()},
        "versions": other["versions"],
    }


def summary(rows: list[dict[str, Any]], given: argparse.Namespace) -> dict[str, Any]:
    """Every instance, with what all of them say together."""
    peers = rows[0]["versions"]
    ratios = {name: [row["ratio"][name] for row in rows] for name in given.solvers.split(",")}
    return {
        "goals": GOALS,
        "customers": given.customers,
        "repeats": given.repeats,
        "versions": {name: version(name) for name in ("shengeng", "numpy", "scipy")} | {"peer": peers},
        "python": platform.python_version(),
        "machine": f"{platform.machine()}, {os.cpu_count()} cores",
        "ratio_median": {name: float(np.median(found)) for name, found in ratios.items()},
        "ratio_min": {name: min(found) for name, found in ratios.items()},
        "gap_max": max(row["gap"] for row in rows),
        "reached": {
            name: sum(row["ratio"][name] >= GOALS["ratio"] and row["gap"] <= GOALS["gap"] for row in rows)
            for name in ratios
        },
        "instances": [{k: v for k, v in row.items() if k != "versions"} for row in rows],
    }


def main() -> None:
    """Every instance once (ours five times), beside each of HiGHS' algorithms."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--peers", required=True, help="python of the peer's environment")
    asked.add_argument("--customers", type=int, default=20_000)
    asked.add_argument("--repeats", type=int, default=5)
    asked.add_argument("--solvers", default="choose,ipm")
    given = asked.parse_args()
    rows = []
    for kind, budget, seed in INSTANCES:
        rows.append(one(kind, budget, seed, given))
        print(json.dumps(rows[-1]), flush=True)
    (HERE / "results.json").write_text(json.dumps(summary(rows, given), indent=1) + "\n")


if __name__ == "__main__":
    main()

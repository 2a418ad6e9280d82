"""Scale: import, the day's cycle and the pages at the demo shop's size and TIMES as large.

From the root of the repository, with our environment:

    python benchmarks/scale/run.py [--times 10] [--calls 25]

The data is the Complete Journey as a canonical folder, and the same with TIMES as many households (copies
with households and baskets of their own; products stay the same). Every command runs as its user would run
it, in a process of its own; seconds, CPU seconds and peak memory are of that process, the embedded database
apart. Pages are asked of `shengeng serve` on this machine. Writes results.json beside this, with the growth.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import platform
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from http.cookiejar import CookieJar
from importlib.metadata import version
from multiprocessing import get_context
from pathlib import Path
from types import ModuleType
from typing import Any

import pyarrow.csv as pa_csv

from shengeng.sense.connect.api import open_folder

HERE = Path(__file__).parent
SHENGENG = str(Path(sys.executable).with_name("shengeng"))
NAMED = ("product_id", "title", "category", "brand")
PAGES = {
    "today": "/v1/today",
    "customers": "/v1/customers?sort=value&desc=true&limit=50",
    "customer": "/v1/customers/{customer}",
    "decisions": "/v1/decisions/groups?limit=50",
    "demand": "/v1/demand?limit=50",
    "data": "/v1/data",
}
Figures = dict[str, Any]


def importing() -> ModuleType:
    """The import benchmark, which writes the same orders."""
    spec = importlib.util.spec_from_file_location("bench_import", HERE.parent / "import/run.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def write(folder: Path, times: int) -> str:
    """A canonical folder with products; returns the sha256 of its orders."""
    digest = str(importing().write(folder, times))
    with open_folder("complete-journey") as known:
        assert known.products is not None
        pa_csv.write_csv(known.products.select(*NAMED).to_pyarrow(), folder / "products.csv")
    return digest


def run(env: dict[str, str], *words: str) -> tuple[Figures, Figures]:
    """A command's own JSON, and its seconds, CPU seconds and peak memory (MB)."""
    clock = time.perf_counter()
    with tempfile.TemporaryFile("w+") as said:
        child = subprocess.Popen([SHENGENG, *words, "--json"], env=env, stdout=said)
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        seconds = time.perf_counter() - clock
        said.seek(0)
        lines = said.read().strip().splitlines()
    if child.returncode:
        raise SystemExit(f"shengeng {' '.join(words)} ended with {child.returncode}")
    cpu = usage.ru_utime + usage.ru_stime
    spent = {"seconds": seconds, "cpu_seconds": cpu, "peak_mb": usage.ru_maxrss / 1024}
    return json.loads(lines[-1]), spent


@contextmanager
def served(env: dict[str, str]) -> Iterator[str]:
    """The address of a server without its worker."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    more = {"SHENGENG_PORT": str(port), "SHENGENG_WORKER": "0", "SHENGENG_LOG_LEVEL": "warning"}
    server = subprocess.Popen([SHENGENG, "serve"], env=env | more, stdout=subprocess.DEVNULL)
    url = f"http://127.0.0.1:{port}"
    try:
        for _ in range(300):
            try:
                urllib.request.urlopen(f"{url}/v1/health", timeout=2)
                break
            except OSError:
                time.sleep(0.2)
        yield url
    finally:
        server.terminate()
        server.wait(30)


def pages(env: dict[str, str], calls: int) -> Figures:
    """Milliseconds of each page's call: median and 95th percentile, after one call to warm up."""
    login, _ = run(env, "operator", "bench", "--role", "viewer")
    with served(env) as url:
        opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
        body = json.dumps({"name": login["name"], "password": login["password"]}).encode()
        head = {"content-type": "application/json"}
        opener.open(urllib.request.Request(f"{url}/v1/session", body, head)).read()
        first = json.load(opener.open(url + PAGES["customers"]))["rows"][0]["customer_id"]
        found = {}
        for name, path in PAGES.items():
            took = [_ask(opener, url + path.format(customer=first)) for _ in range(calls + 1)][1:]
            p95 = statistics.quantiles(took, n=20)[-1]
            found[name] = {"p50_ms": statistics.median(took), "p95_ms": p95}
        return found


def _ask(opener: urllib.request.OpenerDirector, url: str) -> float:
    clock = time.perf_counter()
    opener.open(url).read()
    return (time.perf_counter() - clock) * 1000


def one_size(times: int, calls: int) -> Figures:
    """Import, cycle and pages of one size, in a home of its own."""
    place = Path(tempfile.mkdtemp(prefix="shengeng-scale-"))
    env = os.environ | {"SHENGENG_HOME": str(place / "home")}
    try:
        # In a process of its own: a child's peak counts the memory of whoever started it.
        with ProcessPoolExecutor(1, get_context("spawn")) as apart:
            digest = apart.submit(write, place / "shop", times).result()
        brought, spent = run(env, "import", str(place / "shop"))
        print(times, "import", spent, flush=True)
        days = []
        for turn in ("first", "again"):
            _, cost = run(env, "cycle")
            days.append(cost)
            print(times, "cycle", turn, cost, flush=True)
        asked = pages(env, calls)
        print(times, "pages", asked, flush=True)
        lake = sum(file.stat().st_size for file in (place / "home/lake").rglob("*") if file.is_file())
        return {
            "orders_sha256": digest,
            "lines": brought["files"]["orders"]["accepted"],
            "import": spent,
            "cycle": days[0],
            "cycle_again": days[1],
            "pages": asked,
            "lake_mb": lake / 2**20,
        }
    finally:
        shutil.rmtree(place, ignore_errors=True)


def growth(small: Figures, large: Figures) -> Figures:
    """Large over small, of every figure that both have."""
    return {
        key: growth(small[key], large[key]) if isinstance(small[key], dict) else large[key] / small[key]
        for key in small
        if key in large and not isinstance(small[key], str) and small[key]
    }


def main(words: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--times", type=int, default=10)
    parser.add_argument("--calls", type=int, default=25)
    given = parser.parse_args(words)
    names = ("shengeng", "duckdb", "ibis-framework", "pyarrow", "numpy", "lightgbm")
    results: Figures = {
        "versions": {name: version(name) for name in names},
        "python": platform.python_version(),
        "machine": f"{platform.machine()}, {os.cpu_count()} cores",
        "seed": None,
        "load_before": os.getloadavg()[0],
        "calls": given.calls,
    }
    small, large = (one_size(times, given.calls) for times in (1, given.times))
    results |= {"1x": small, f"{given.times}x": large, "growth": growth(small, large)}
    (HERE / "results.json").write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(results["growth"]))


if __name__ == "__main__":
    main()

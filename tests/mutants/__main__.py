"""How many mutants the tests catch: `make mutants`, or for one group `make mutants ARGS="--group stock"`.

One embedded PostgreSQL serves all; each mutant is met by the fast tests of its group in a process of its own,
which stops at the first failure. What survives is printed with its place. Mutants that change nothing anybody
can see stand in `equivalent.txt` with the reason, and are not counted. Writes results.json.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.mutants.making import Mutant, mutants
from tests.mutants.running import end, hold_server, load_what_is_not_ours, start, verdict

ROOT, HERE = Path(__file__).parents[2], Path(__file__).parent
_SRC, _UNIT = "src/shengeng", "tests/unit"
_LEAST = 0.85


@dataclass(frozen=True, slots=True)
class Group:
    """Files, and the tests that must tell, the quickest first."""

    files: tuple[str, ...]
    tests: tuple[str, ...]


def _files(*patterns: str) -> tuple[str, ...]:
    found = (path for pattern in patterns for path in (ROOT / _SRC).glob(pattern))
    told = (path.relative_to(ROOT).as_posix() for path in found)
    return tuple(sorted(path for path in told if not path.endswith(("__init__.py", "tables.py"))))


GROUPS = {
    "money": Group(
        _files(
            "kernel/money.py", *(f"trade/pricing/methods/{n}.py" for n in ("benefits", "stacking", "totals"))
        ),
        (
            f"{_UNIT}/kernel/test_money.py",
            f"{_UNIT}/trade/pricing/test_pricing_amounts.py",
            f"{_UNIT}/trade/pricing/test_pricing_quotes.py",
            f"{_UNIT}/trade/pricing/test_pricing_laws.py",
        ),
    ),
    "stock": Group(
        _files("trade/stock/methods.py", "trade/stock/api/*.py", "trade/stock/store/*.py"),
        tuple(
            f"{_UNIT}/trade/stock/test_{n}.py"
            for n in ("promising", "booking", "told", "places", "laws", "routes", "races")
        ),
    ),
    "ledger": Group(
        _files(
            "trade/payments/methods/booking.py",
            "trade/payments/store/ledger.py",
            "trade/payments/store/moved.py",
            *(f"trade/payments/api/{n}.py" for n in ("booking", "judging", "refunding")),
        ),
        tuple(
            f"{_UNIT}/trade/payments/test_{n}.py"
            for n in (
                *("refunding", "notices", "ledger", "keeping"),
                *("statements", "routes", "sandbox", "providers"),
            )
        ),
    ),
}


@dataclass(slots=True)
class Run:
    """A child at work."""

    mutant: Mutant
    began: float
    told: Path


def main() -> int:
    """Run; 1 when a group stays below what is asked."""
    parse = argparse.ArgumentParser(prog="python -m tests.mutants", description=__doc__)
    parse.add_argument("--group", choices=sorted(GROUPS), action="append")
    parse.add_argument("--most", type=int, default=10_000, help="at most so many of a group, by chance")
    parse.add_argument("--at-once", type=int, default=2)
    parse.add_argument("--only", default="", help="mutants whose key has this in it")
    given = parse.parse_args()
    os.chdir(ROOT)
    os.environ["PYTEST_XDIST_TESTRUNUID"] = f"mutants-{os.getpid()}"
    os.environ["HYPOTHESIS_STORAGE_DIRECTORY"] = tempfile.mkdtemp(prefix="mutants-")
    load_what_is_not_ours()
    server = hold_server(os.environ["PYTEST_XDIST_TESTRUNUID"])
    try:
        return _all(given)
    finally:
        os.kill(server, signal.SIGTERM)
        os.waitpid(server, 0)


def _all(given: argparse.Namespace) -> int:
    alike = _alike()
    results = _results()
    below = 0
    for name in given.group or sorted(GROUPS):
        group, chance = GROUPS[name], random.Random(7)
        every = [one for file in group.files for one in mutants(Path(file), ROOT, chance)]
        wanted = [one for one in every if one.key not in alike and given.only in one.key]
        if len(wanted) > given.most:
            wanted = chance.sample(wanted, given.most)
        began = time.time()
        allowed = 60 + 6 * _baseline(group)
        found = _meet(wanted, group, given.at_once, allowed)
        told = _told(name, every, found) | {"minutes": round((time.time() - began) / 60, 1)}
        print(json.dumps(told), flush=True)
        below += told["caught"] < _LEAST
        if not given.only:
            results[name] = told
            (HERE / "results.json").write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
    return min(below, 1)


def _baseline(group: Group) -> float:
    """Seconds that the tests take when nothing is wrong; they must pass."""
    file = ROOT / group.files[0]
    began = time.time()
    child, told = start(_module(group.files[0]), file, file.read_text(encoding="utf-8"), group.tests)
    if verdict(os.waitpid(child, 0)[1]) != "survived":
        sys.exit(f"the tests fail without any mutant:\n{told.read_text(encoding='utf-8')[-3000:]}")
    told.unlink()
    return time.time() - began


def _meet(wanted: list[Mutant], group: Group, at_once: int, allowed: float) -> list[tuple[Mutant, str]]:
    found: list[tuple[Mutant, str]] = []
    running: dict[int, Run] = {}
    waiting = list(reversed(wanted))
    while waiting or running:
        while waiting and len(running) < at_once:
            one = waiting.pop()
            child, told = start(_module(one.path.as_posix()), ROOT / one.path, one.code, group.tests)
            running[child] = Run(one, time.time(), told)
        for child, run in list(running.items()):
            ended, status = os.waitpid(child, os.WNOHANG)
            if not ended and time.time() - run.began > allowed:
                end(child)
                ended, status = os.waitpid(child, 0)
            if ended:
                del running[child]
                run.told.unlink()
                found.append((run.mutant, verdict(status)))
                _say(*found[-1], len(found), len(wanted))
        time.sleep(0.05)
    return found


def _say(one: Mutant, what: str, done: int, every: int) -> None:
    if what == "survived":
        print(f"[{done}/{every}] survived {one.path}:{one.line}\n    {one.key}", flush=True)


def _told(name: str, every: list[Mutant], found: list[tuple[Mutant, str]]) -> dict[str, Any]:
    counts = Counter(what for _, what in found)
    kinds = Counter(one.family for one, what in found if what == "survived")
    return {
        "group": name,
        "possible": len(every),
        "met": len(found),
        "survived": counts["survived"],
        "caught": round(counts["caught"] / max(len(found), 1), 4),
        "survivors": sorted(
            f"{one.path}:{one.line} {one.was} -> {one.now}" for one, w in found if w == "survived"
        ),
        "by_family": dict(sorted(kinds.items())),
    }


def _module(path: str) -> str:
    return path.removeprefix("src/").removesuffix(".py").replace("/", ".")


def _alike() -> set[str]:
    """Mutants that do what the original does: a key and, after #, why."""
    there = HERE / "equivalent.txt"
    lines = there.read_text(encoding="utf-8").splitlines() if there.exists() else []
    return {line.split(" # ")[0].strip() for line in lines if line.strip() and not line.startswith("#")}


def _results() -> dict[str, Any]:
    there = HERE / "results.json"
    return json.loads(there.read_text(encoding="utf-8")) if there.exists() else {}


if __name__ == "__main__":
    sys.exit(main())

"""Demand: ours beside four baselines on Complete Journey, weekly, rolling origins; writes results.json.

`make bench-demand` (ARGS="--data FOLDER --cut 2017-10-01 --seed 1"). The protocol is that of the backtest:
the same run gives every model the same weeks and the same promotion plan. CPU seconds are of this process.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
from datetime import date
from pathlib import Path

from shengeng.learn.backtest.api import Report, run

RESULTS = Path(__file__).parent / "results.json"
OURS = "shengeng"
# Held to: WQL at most .95 of the best, 78-82% inside the 80% band, 20 x AutoETS per CPU second.
GOALS = {"wql_ratio": 0.95, "cov80_low": 0.78, "cov80_high": 0.82, "cpu_ratio_auto_ets": 20}


def ratios(report: Report) -> dict[str, dict[str, float]]:
    """By baseline: our WQL over theirs, and their CPU seconds over ours."""
    ours = report.metrics[OURS]["wql"]
    cpu = {name: float(report.notes[f"cpu_seconds_{name}"]) for name in report.metrics}
    return {
        name: {
            "wql_ratio": round(ours / found["wql"], 4),
            "cpu_ratio": round(cpu[name] / max(cpu[OURS], 1e-3), 2),
        }
        for name, found in report.metrics.items()
        if name != OURS
    }


def main() -> None:
    """Run once and write what came."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--data", default="complete-journey")
    asked.add_argument("--cut", type=date.fromisoformat, default=None)
    asked.add_argument("--seed", type=int, default=1)
    given = asked.parse_args()
    report = run("demand", given.data, cut=given.cut, seed=given.seed)
    machine = {"cores": os.cpu_count(), "machine": platform.machine(), "system": platform.system()}
    against = ratios(report)
    results = report.as_json() | {"against": against, "goals": GOALS, "machine": machine}
    RESULTS.write_text(json.dumps(results, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    for name, found in report.metrics.items():
        print(f"{name:16s}" + "".join(f"{key} {value:7.4f}  " for key, value in found.items()))
    best = min(found["wql_ratio"] for found in against.values())
    worst = max(found["wql_ratio"] for found in against.values())
    print(f"our WQL over a baseline's: {best:.3f} to {worst:.3f}; data {report.data}; seed {report.seed}")


if __name__ == "__main__":
    main()

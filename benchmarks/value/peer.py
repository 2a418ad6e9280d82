"""lifetimes on given histories. Run by run.py in the peers' environment; imports nothing of ours."""

from __future__ import annotations

import json
import sys
import time
import warnings
from collections.abc import Callable
from importlib.metadata import version
from typing import Any

import numpy as np
from lifetimes import BetaGeoFitter, ParetoNBDFitter

PARETO_REPEATS = 1  # it takes the better part of a minute


def forecast(fitter: Callable[[], Any], rows: Any, repeats: int) -> tuple[Any, list[float]]:
    seconds = []
    for _ in range(repeats):
        clock = time.process_time()
        model = fitter().fit(rows["x"], rows["t_x"], rows["age"])
        found = model.conditional_expected_number_of_purchases_up_to_time(
            float(rows["horizon"]), rows["x"], rows["t_x"], rows["age"]
        )
        seconds.append(time.process_time() - clock)
    return np.asarray(found), seconds


def main() -> None:
    given, found, repeats = sys.argv[1], sys.argv[2], int(sys.argv[3])
    warnings.simplefilter("ignore")
    rows = np.load(given)
    answers, seconds = {}, {}
    failures: dict[str, list[str]] = {}
    # lifetimes' own penalty, smallest first: without one it does not converge, or answers NaN, on some shops.
    for name, fitter, times in (
        ("lifetimes_bgnbd", BetaGeoFitter, repeats),
        ("lifetimes_pareto", ParetoNBDFitter, min(repeats, PARETO_REPEATS)),
    ):
        for penalty in (0.0, 0.001, 0.01, 0.1):
            try:
                answer, clocks = forecast(lambda: fitter(penalizer_coef=penalty), rows, times)  # noqa: B023
            except Exception as error:
                failures.setdefault(name, []).append(f"penalty {penalty}: {type(error).__name__}")
                continue
            lost = int(np.sum(~np.isfinite(answer)))
            if lost:
                failures.setdefault(name, []).append(f"penalty {penalty}: not a number for {lost} customers")
                continue
            answers[name], seconds[name] = answer, clocks
            break
    np.savez(found, **answers)
    versions = {name: version(name) for name in ("lifetimes", "numpy", "scipy", "pandas")}
    print(json.dumps({"seconds": seconds, "versions": versions, "failures": failures}))


if __name__ == "__main__":
    main()

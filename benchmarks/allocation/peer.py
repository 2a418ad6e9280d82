"""HiGHS on given linear programs. Run by run.py in the peer's environment; imports nothing of ours.

The model is built before the clock starts. `choose` leaves the algorithm to HiGHS, `ipm` asks for its
interior point; what is counted is the CPU of `run()` alone, on one thread.
"""

from __future__ import annotations

import json
import sys
import time
from importlib.metadata import version
from typing import Any

import highspy
import numpy as np
from scipy.sparse import csc_matrix, csr_matrix, vstack


def model(given: Any) -> Any:
    """Maximise value x: within every limit, one option a customer, options shared out at will."""
    value, use, customer = given["value"], given["use"], given["customer"]
    rows = np.arange(len(value))
    one = csr_matrix((np.ones(len(rows)), (customer, rows)))
    table = csc_matrix(vstack([csr_matrix(use.T), one]))
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = len(value), table.shape[0]
    lp.sense_ = highspy.ObjSense.kMaximize
    lp.col_cost_, lp.col_lower_, lp.col_upper_ = (
        value,
        np.zeros(len(value)),
        np.full(len(value), highspy.kHighsInf),
    )
    lp.row_lower_, lp.row_upper_ = np.full(table.shape[0], -highspy.kHighsInf), np.ones(table.shape[0])
    lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    lp.a_matrix_.start_, lp.a_matrix_.index_, lp.a_matrix_.value_ = table.indptr, table.indices, table.data
    return lp


def solve(lp: Any, solver: str) -> tuple[float, float]:
    """The optimum and the CPU seconds of one run on one thread."""
    highs = highspy.Highs()
    highs.setOptionValue("output_flag", False)
    highs.setOptionValue("threads", 1)
    highs.setOptionValue("solver", solver)
    highs.passModel(lp)
    clock = time.process_time()
    highs.run()
    seconds = time.process_time() - clock
    assert highs.getModelStatus() == highspy.HighsModelStatus.kOptimal, highs.getModelStatus()
    return highs.getInfo().objective_function_value, seconds


def main() -> None:
    """Each solver once."""
    lp, answers = model(np.load(sys.argv[1])), {}
    for solver in sys.argv[2].split(","):
        optimum, seconds = solve(lp, solver)
        answers[solver] = {"optimum": optimum, "cpu_seconds": round(seconds, 3)}
    print(
        json.dumps({"answers": answers, "versions": {n: version(n) for n in ("highspy", "numpy", "scipy")}})
    )


if __name__ == "__main__":
    main()

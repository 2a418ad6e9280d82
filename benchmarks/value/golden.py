"""Write tests/golden/value_lifetimes.json: what the `lifetimes` package says of the made-up shops.

Run with the peers' environment from the root of the repository: peers/bin/python benchmarks/value/golden.py
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import lifetimes
import numpy as np
import pandas as pd
from lifetimes import BetaGeoFitter, GammaGammaFitter, ModifiedBetaGeoFitter, ParetoNBDFitter

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from tests.factories.value import SHOPS, buyers  # noqa: E402

HORIZONS = (4.0, 39.0, 200.0)
# Published estimates of CDNOW (Fader, Hardie & Lee 2005, table 2) and a shop of frequent buyers.
MODELS = {"cdnow": (0.243, 4.414, 0.793, 2.426), "frequent": (1.4, 9.4, 0.6, 6.0)}
# Published estimates of CDNOW (Fader & Hardie 2005), alpha above beta, and a shop where nobody stays long.
PARETO = {"cdnow": (0.553, 10.578, 0.606, 11.669), "brief": (1.4, 9.4, 2.5, 6.0)}
X = np.array([0.0, 0.0, 1.0, 2.0, 7.0, 25.0, 26.0])
T_X = np.array([0.0, 0.0, 20.0, 30.43, 33.0, 30.0, 8.0])
AGE = np.array([38.86, 1.0, 38.86, 38.86, 39.0, 31.0, 39.0])


def at_fixed_parameters(
    fitter: Any, names: Sequence[str], models: Mapping[str, Sequence[float]]
) -> dict[str, object]:
    found = {}
    for shop, given in models.items():
        model = fitter()
        model.params_ = pd.Series(dict(zip(names, given, strict=True)))
        ask = model.conditional_expected_number_of_purchases_up_to_time
        found[shop] = {
            "params": list(given),
            "p_alive": np.asarray(model.conditional_probability_alive(X, T_X, AGE)).tolist(),
            "expected": {str(h): np.asarray(ask(h, X, T_X, AGE)).tolist() for h in HORIZONS},
        }
    return found


def fitted(shop: str) -> dict[str, object]:
    people = buyers(shop)
    model = BetaGeoFitter().fit(people.x, people.t_x, people.age, tol=1e-7)
    modified = ModifiedBetaGeoFitter().fit(people.x, people.t_x, people.age, tol=1e-7)
    pareto = ParetoNBDFitter().fit(people.x, people.t_x, people.age, tol=1e-7, maxiter=20_000)
    spend = GammaGammaFitter().fit(people.x + 1, people.spend, tol=1e-7)
    return {
        "checksum": [float(column.sum()) for column in people],
        "bgnbd": model.params_[["r", "alpha", "a", "b"]].tolist(),
        "modified": modified.params_[["r", "alpha", "a", "b"]].tolist(),
        "pareto": pareto.params_[["r", "alpha", "s", "beta"]].tolist(),
        "gamma_gamma": spend.params_[["p", "q", "v"]].tolist(),
        "expected_spend": np.asarray(
            spend.conditional_expected_average_profit(people.x[:8] + 1, people.spend[:8])
        ).tolist(),
    }


def main() -> None:
    golden = {
        "lifetimes": lifetimes.__version__,
        "customers": {"x": X.tolist(), "t_x": T_X.tolist(), "age": AGE.tolist()},
        "fixed": at_fixed_parameters(BetaGeoFitter, ("r", "alpha", "a", "b"), MODELS),
        "fixed_pareto": at_fixed_parameters(ParetoNBDFitter, ("r", "alpha", "s", "beta"), PARETO),
        "fitted": {shop: fitted(shop) for shop in SHOPS},
    }
    (ROOT / "tests/golden/value_lifetimes.json").write_text(json.dumps(golden, indent=1) + "\n")


if __name__ == "__main__":
    main()

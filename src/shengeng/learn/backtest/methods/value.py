"""Metrics of the lifetime-value protocol: forecasts of purchase days against what came."""

from __future__ import annotations

import numpy as np

from shengeng.kernel.units import Floats


def rate_forecast(x: Floats, age: Floats, horizon: int) -> Floats:
    """(customer,) repeat purchase days per day known, carried on over the horizon."""
    return x / np.maximum(age, 1.0) * horizon


def value_metrics(predicted: Floats, actual: Floats) -> dict[str, float]:
    """rmse, total_error (predicted / actual total - 1), top_decile_capture, mae over customers.

    Top-decile capture is the share of actual purchases made by the predicted top tenth; equal forecasts at
    its edge share their places, so that the order of customers does not matter. total_error is -1 + predicted
    when nothing was bought.
    """
    assert len(predicted) == len(actual) > 0
    miss, total = predicted - actual, float(actual.sum())
    return {
        "rmse": float(np.sqrt(np.mean(miss**2))),
        "total_error": float(predicted.sum()) / max(total, 1.0) - 1.0,
        "top_decile_capture": _captured(predicted, actual) / total if total else 0.0,
        "mae": float(np.mean(np.abs(miss))),
    }


def _captured(predicted: Floats, actual: Floats) -> float:
    """Actual purchases of the top tenth, ties at the edge by their average."""
    places = max(1, round(len(predicted) * 0.1))
    edge = np.sort(predicted)[-places]
    above, tied = predicted > edge, predicted == edge
    return float(actual[above].sum() + actual[tied].mean() * (places - above.sum()))

"""Backtest of lifetime value: who buys how often after the cut."""

from __future__ import annotations

from datetime import date
from time import perf_counter

from shengeng.kernel.units import Floats
from shengeng.learn.backtest.api.frame import trial
from shengeng.learn.backtest.contracts import TOO_FEW_CUSTOMERS, Report
from shengeng.learn.backtest.methods.value import rate_forecast, value_metrics
from shengeng.sense.connect.contracts import Folder
from shengeng.understand.value import api as value

LEAST_CUSTOMERS = 10
_EPOCH = date(1970, 1, 1)


def run_value(folder: Folder, cut: date | None = None, seed: int = 1) -> Report:
    """Forecast each known customer's purchase days after the cut; shengeng beside bgnbd, pareto_nbd and rate.

    Customers with a purchase before the cut; purchases on one day count once; the horizon ends with the data.
    Nothing here is drawn at random: the seed is only reported. Refused without customer ids or with too few.
    """
    split = trial("value", folder, cut, seed, customers=True)
    _, days = value.days_of(value.purchases(folder.lines))
    start, horizon = (split.cut - _EPOCH).days, (split.last - split.cut).days + 1
    known = value.known_at(days, start)
    if len(known.who) < LEAST_CUSTOMERS or known.histories.age.max() <= 0:
        raise TOO_FEW_CUSTOMERS.error(
            engine="value", cut=split.cut, least=LEAST_CUSTOMERS, data=folder.name, count=len(known.who)
        )
    actual = value.between(days, known.who, start, start + horizon)
    forecasts, notes = _forecasts(days, known.histories, (split.first - _EPOCH).days, start, horizon)
    metrics = {model: value_metrics(predicted, actual) for model, predicted in forecasts.items()}
    notes |= {"customers": len(known.who), "horizon_days": horizon, "purchase_days": int(actual.sum())}
    return split.report(metrics, notes=notes)


def _forecasts(
    days: value.PurchaseDays, histories: value.Histories, first: int, start: int, horizon: int
) -> tuple[dict[str, Floats], dict[str, str | int | float]]:
    """Expected purchase days by model, and what ours chose before the cut."""
    clock = perf_counter()
    ours = value.learn(days, first, start, horizon)
    assert ours is not None, "somebody has been known for a day"
    expected = value.forecast(ours, days, start, horizon).orders
    seconds = perf_counter() - clock
    forecasts = {
        "shengeng": expected,
        "bgnbd": value.expected(value.fit(histories, prior=False), histories, horizon),
        "pareto_nbd": value.expected_pareto(value.fit_pareto(histories), histories, horizon),
        "rate": rate_forecast(histories.x, histories.age, horizon),
    }
    notes: dict[str, str | int | float] = {
        "method": value.VERSION,
        "fit_and_forecast_seconds": round(seconds, 3),
        "slumber": round(ours.correction.slumber, 4),
        "level": round(ours.correction.level, 4),
        "recent_windows_days": ",".join(map(str, ours.correction.windows)) or "none",
    }
    return forecasts, notes

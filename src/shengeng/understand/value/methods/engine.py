"""The whole value engine: fit on what is known at a cut, then say what each customer will do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from shengeng.kernel.units import HIGH, LOW, Floats, Ints
from shengeng.understand.value.methods import correction, counting, course, prediction, spend
from shengeng.understand.value.methods.correction import Correction, Norm
from shengeng.understand.value.methods.counting import Counting
from shengeng.understand.value.methods.prediction import Outlook
from shengeng.understand.value.methods.purchases import PurchaseDays, known_at
from shengeng.understand.value.methods.spend import Spend

VERSION = "bgnbd-gg-2"
# Where a shop has no earlier cut to measure it on: a change of pace by a third either way is common.
DEFAULT_SPREAD = 0.1


@dataclass(frozen=True, slots=True)
class Orders:
    """What the counting side learned at a cut: the model, its correction, the spread of a change of pace."""

    model: Counting
    correction: Correction
    spread: float


@dataclass(frozen=True, slots=True)
class Learnt:
    """Everything that a forecast of one customer rests on beside their own history."""

    orders: Orders
    norm: Norm
    spend: Spend | None  # None where nobody has paid anything


class Forecast(NamedTuple):
    """(customer,) of everybody with a purchase before the cut; who: their numbers in the purchase days."""

    who: Ints
    p_alive: Floats
    orders: Floats  # expected purchase days within the horizon
    outlook: Outlook


class Worth(NamedTuple):
    """(customer,) spend over the horizon in the unit of the spend given: 80% interval around the mean."""

    low: Floats
    mid: Floats
    high: Floats


def learn(days: PurchaseDays, first: int, cut: int, horizon: int) -> Orders | None:
    """Fit on the purchase days in [first, cut); None where nobody has been known for a day."""
    known = known_at(days, cut)
    if not len(known.who) or known.histories.age.max() <= 0:
        return None
    model = counting.fit(known.histories, at_first=True)
    fix, folds = correction.learn(days, first, cut, horizon)
    total = course.total_ahead(days, first, cut, horizon)
    if total is not None:
        fix = correction.levelled(fix, correction.view_at(days, known, cut, horizon, model), total)
    if not folds:
        return Orders(model, fix, DEFAULT_SPREAD)
    # A change of pace wanders: its variance grows with the time that it has.
    longer = horizon / folds[-1].view.horizon
    return Orders(model, fix, prediction.fit_spread(folds[-1], replace(fix, level=1.0)) * longer)


def newborn() -> Orders:
    """What to believe of a shop on its first day: the prior alone, in days.

    A month between purchases and a third lost after each; every estimate from it is as wide as that.
    """
    r, scale, a, b = (float(np.exp(mean)) for mean, _ in counting.PRIOR)
    return Orders(Counting(r, scale * 30.0, a, b, at_first=True), Correction(), DEFAULT_SPREAD)


def norm_at(orders: Orders, days: PurchaseDays, cut: int, horizon: int) -> Norm:
    """What everybody known at the cut fixes for the forecast of each."""
    view = correction.view_at(days, known_at(days, cut), cut, horizon, orders.model)
    return correction.norm_of(orders.correction, view)


def forecast(
    orders: Orders, days: PurchaseDays, cut: int, horizon: int, norm: Norm | None = None
) -> Forecast:
    """What everybody known at the cut will do within the horizon (days from the cut on).

    norm: of the whole shop, where days are of some customers.
    """
    view = correction.view_at(days, known_at(days, cut), cut, horizon, orders.model)
    norm = norm or correction.norm_of(orders.correction, view)
    future = prediction.outlook(view, orders.correction, orders.spread, norm)
    return Forecast(view.who, view.alive, correction.expected(orders.correction, view, norm), future)


def order_interval(ahead: Forecast) -> tuple[Floats, Floats]:
    """(customer,) 80% interval of purchase days; widened where a skewed mean lies outside it."""
    low, high = prediction.quantile(ahead.outlook, LOW), prediction.quantile(ahead.outlook, HIGH)
    return np.minimum(low, ahead.orders), np.maximum(high, ahead.orders)


def worth(ahead: Forecast, model: Spend, count: Floats, mean: Floats, seeds: Sequence[int]) -> Worth:
    """Spend over the horizon; count, mean: each customer's paid purchase days and their mean spend."""
    mid = ahead.orders * spend.expected(model, count, mean)
    low, high = prediction.spend_quantiles(ahead.outlook, model, count, mean, seeds=seeds)
    return Worth(np.minimum(low, mid), mid, np.maximum(high, mid))

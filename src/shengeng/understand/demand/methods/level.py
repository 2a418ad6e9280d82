"""The mean and spread of the weeks to come: what past weeks taught, and how its promises came true."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from shengeng.kernel.units import Floats, Ints
from shengeng.understand.demand.methods.features import (
    Shop,
    answer_to_promotion,
    decayed,
    kin_units,
    seen_before,
)
from shengeng.understand.demand.methods.lessons import (
    HIGHEST,
    LEAST_ROWS,
    LOWEST,
    TARGET_WEEKS,
    lessons_of,
    most_believed,
    own_spread,
)
from shengeng.understand.demand.methods.record import (
    RECORD_WEEKS,
    Learned,
    Reading,
    dispersion,
    learn_honestly,
)

__all__ = ["Forecast", "ahead", "first_weeks", "forecast", "learn", "own_spread"]

# Weeks of history below which there is nothing to learn from.
_LEAST_WEEKS = 12


@dataclass(frozen=True, slots=True)
class Forecast:
    """Mean and dispersion (variance = m + a m^2) of the coming weeks, (series, week ahead).

    reading: at which levels of such distributions weeks really ended, where there is a record of it.
    """

    mean: Floats
    dispersion: Floats
    reading: Reading = field(default_factory=Reading)


def forecast(
    shop: Shop, horizon: int, *, learn_from: Ints, seed: int, starts: int = 1, of: Ints | None = None
) -> Forecast:
    """`learn` and `ahead` at once: the `horizon` weeks after the last one, learned from what came before."""
    return ahead(shop, horizon, learn(shop, horizon, learn_from=learn_from, seed=seed, starts=starts), of=of)


def learn(shop: Shop, horizon: int, *, learn_from: Ints, seed: int, starts: int = 1) -> Learned | None:
    """What the weeks of these series teach about up to `horizon` weeks ahead; None for too short a history.

    learn_from: places of the series to learn from; starts: from how many distances each week is learned.
    """
    weeks = shop.units.shape[1]
    if weeks < _LEAST_WEEKS or len(learn_from) * min(weeks // 2, TARGET_WEEKS) < LEAST_ROWS:
        return None
    taught = shop.only(learn_from)
    rows = lessons_of(taught, kin_units(shop), horizon, starts, TARGET_WEEKS + RECORD_WEEKS)
    return learn_honestly(rows, seed)


def ahead(shop: Shop, horizon: int, learned: Learned | None, *, of: Ints | None = None) -> Forecast:
    """Mean and dispersion of the `horizon` weeks after the last one.

    shop: plan must reach `horizon` weeks ahead; of: places to forecast, all when None. Without anything
    learned the decayed level stands alone.
    """
    weeks = shop.units.shape[1]
    assert shop.plan.shape[2] >= weeks + horizon
    asked = shop if of is None else shop.only(of)
    spread = own_spread(asked.units)
    if learned is None:
        return _from_level(asked.units, spread, horizon)
    kin, answer = kin_units(shop), answer_to_promotion(asked, weeks)
    seen = [seen_before(asked, kin, weeks, h, answer) for h in range(1, horizon + 1)]
    mean = np.exp(np.stack([learned.level.log_mean(s) for s in seen], axis=1))
    mean = np.minimum(mean, most_believed(asked.units)[:, None])
    return Forecast(mean, dispersion(mean, spread[:, None], learned.shape), learned.reading)


def _from_level(units: Floats, spread: Floats, horizon: int) -> Forecast:
    """Decayed level over the weeks since the first sale, its own spread."""
    weeks = units.shape[1]
    lived = 0.5 ** (1 / 6.0)
    share = (1 - lived ** first_weeks(units)) / (1 - lived**weeks)
    mean = np.clip(decayed(units, 6.0) / np.maximum(share, 0.05), LOWEST, HIGHEST)
    mean, spread = (np.repeat(values[:, None], horizon, axis=1) for values in (mean, spread))
    return Forecast(mean, spread)


def first_weeks(units: Floats) -> Floats:
    """Weeks since the first sale (1 = sold first in the last week; 0 = never)."""
    sold = units > 0
    return np.where(sold.any(axis=1), units.shape[1] - sold.argmax(axis=1), 0).astype(np.float64)

"""The expected units of each series next week: its decayed level, moved by what all series teach."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from shengeng.kernel.units import Floats


@dataclass(frozen=True, slots=True)
class Forecast:
    """Mean and dispersion (variance = m + a m^2) of one coming week, per series."""

    mean: Floats
    dispersion: Floats


def decayed(units: Floats, half_life_weeks: float) -> Floats:
    """Average of the trailing weeks, each half_life_weeks older week counting half. units: (series, week)."""
    weights = 0.5 ** (np.arange(units.shape[1])[::-1] / half_life_weeks)
    return np.asarray(units @ (weights / weights.sum()))


def forecast(units: Floats) -> Forecast:
    """Mean and dispersion of the week after the last column. units: (series, week), oldest first."""
    age = first_weeks(units)
    mean = decayed(units, 6.0) / np.maximum(_share_lived(age, units.shape[1], 6.0), 0.05)
    spread = np.maximum(units.var(axis=1) - units.mean(axis=1), 0.0) / np.maximum(mean, 0.05) ** 2
    pooled = float(np.median(spread[age >= 13])) if (age >= 13).any() else 0.5
    weight = age / (age + 20.0)
    return Forecast(np.maximum(mean, 0.01), np.clip(weight * spread + (1 - weight) * pooled, 0.03, 3.0))


def first_weeks(units: Floats) -> Floats:
    """Weeks since the first sale (1 = sold first in the last week; 0 = never)."""
    sold = units > 0
    return np.where(sold.any(axis=1), units.shape[1] - sold.argmax(axis=1), 0).astype(np.float64)


def _share_lived(age: Floats, weeks: int, half_life_weeks: float) -> Floats:
    """Weight of the weeks since the first sale among the weights of `decayed`."""
    decay = 0.5 ** (1.0 / half_life_weeks)
    return np.asarray((1 - decay**age) / (1 - decay**weeks))

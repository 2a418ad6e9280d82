"""Negative binomial weeks whose draws belong together across products."""

from __future__ import annotations

import numpy as np

from shengeng.kernel.units import Floats, Ints
from shengeng.understand.demand.methods.record import Reading

# Above this mean the counts are read off a gamma distribution: the step of one unit no longer matters.
_COUNT_ONE_BY_ONE = 60.0
_MOST = 2_000_000_000.0
# Mean units a week below which published quantiles are whole numbers.
_THIN = 1.0


def negbin_quantiles(mean: Floats, dispersion: Floats, levels: Floats) -> Ints:
    """Smallest k with P(X <= k) >= level, X negative binomial with variance m + a m^2.

    mean, dispersion: (series,) > 0; levels: (level,) ascending in (0, 1). Returns (series, level) units.
    Source: Hilbe, Negative Binomial Regression, 2e, NB2 parameterisation (section 8.1).
    """
    from scipy import stats  # noqa: PLC0415  heavy: only who estimates pays for it

    assert mean.shape == dispersion.shape
    out = np.zeros((len(mean), len(levels)), dtype=np.int64)
    small = mean <= _COUNT_ONE_BY_ONE
    out[small] = _count_up(mean[small], dispersion[small], levels)
    big = ~small
    if big.any():
        shape = 1.0 / (dispersion[big] + 1.0 / mean[big])  # gamma with the same mean and variance
        value = stats.gamma.ppf(levels, shape[:, None], scale=(mean[big] / shape)[:, None])
        out[big] = np.rint(np.minimum(value, _MOST)).astype(np.int64)
    return out


def _count_up(mean: Floats, dispersion: Floats, levels: Floats) -> Ints:
    """Walk the probabilities from zero upwards, leaving out series whose last level is reached."""
    out = np.zeros((len(mean), len(levels)), dtype=np.int64)
    if not len(mean):
        return out
    size = 1.0 / dispersion
    fail = mean / (mean + size)
    chance = np.exp(size * np.log1p(-fail))
    total = chance.copy()
    active = np.arange(len(mean))
    k = 0
    while len(active):
        out[active] += total[active, None] < levels[None, :]
        active = active[total[active] < levels[-1]]
        chance[active] *= (k + size[active]) / (k + 1.0) * fail[active]
        total[active] += chance[active]
        k += 1
    return out


def band_quantiles(mean: Floats, dispersion: Floats, levels: Floats) -> Floats:
    """Quantiles of the mid-distribution function F(k) - P(k)/2, linear between counts: bands of whole units
    that would hold more than their level hold close to it. Shapes as in negbin_quantiles; not whole.

    Source: Ma, Genton & Parzen (2011), Asymptotic properties of sample quantiles of discrete distributions,
    Annals of the Institute of Statistical Mathematics 63, section 2.
    """
    out = negbin_quantiles(mean, dispersion, levels).astype(np.float64)
    small = np.flatnonzero(mean <= _COUNT_ONE_BY_ONE)
    out[small] = _between_counts(mean[small], dispersion[small], levels)
    return out


def published_quantiles(mean: Floats, dispersion: Floats, levels: Floats) -> Floats:
    """What we publish: bands between the counts, a whole median, whole counts for thin series.

    Levels are ascending and so are the results. Below _THIN units a week nearly all weeks are 0 or 1 and a
    band between the counts would only look exact.
    """
    whole = negbin_quantiles(mean, dispersion, levels).astype(np.float64)
    between = band_quantiles(mean, dispersion, levels)
    use_whole = (mean < _THIN)[:, None] | (np.abs(levels - 0.5) < 1e-9)[None, :]
    return np.maximum.accumulate(np.where(use_whole, whole, between), axis=1)


def _between_counts(mean: Floats, dispersion: Floats, levels: Floats) -> Floats:
    out = np.zeros((len(mean), len(levels)))
    if not len(mean):
        return out
    size = 1.0 / dispersion
    fail = mean / (mean + size)
    chance = np.exp(size * np.log1p(-fail))
    middle = chance / 2
    active = np.arange(len(mean))
    k = 0
    while len(active := active[middle[active] < levels[-1]]):
        step = chance[active]
        chance[active] *= (k + size[active]) / (k + 1.0) * fail[active]
        before = middle[active].copy()
        middle[active] += (step + chance[active]) / 2
        share = (levels[None, :] - before[:, None]) / (middle[active] - before)[:, None]
        here = (share > 0) & (share <= 1)
        out[active] = np.where(here, k + share, out[active])
        k += 1
    return out


def joint_draws(sorted_units: Ints, past: Floats, rng: np.random.Generator) -> Ints:
    """Draws whose order follows the trailing weeks (the Schaake shuffle), so that sums keep their spread.

    sorted_units: (series, draw) equally likely outcomes of each series, ascending; past: (series, week) what
    moved together, draw a multiple of week. Returns (series, draw): each row arranged so that a product is
    high in the draws in which the same past week was high for it.
    Source: Clark et al. (2004), The Schaake Shuffle, Journal of Hydrometeorology 5(1), section 3.
    """
    (n, weeks), count = past.shape, sorted_units.shape[1]
    assert weeks > 0
    assert count % weeks == 0
    template = np.repeat(past, count // weeks, axis=1) + rng.uniform(0.0, 1e-6, (n, count))
    ranks = np.empty((n, count), dtype=np.int64)
    np.put_along_axis(ranks, np.argsort(template, axis=1), np.arange(count)[None, :], axis=1)
    return np.take_along_axis(sorted_units, ranks, axis=1)


def outcomes(mean: Floats, dispersion: Floats, last: Floats, reading: Reading, count: int) -> Ints:
    """(series, count) equally likely outcomes, ascending, read as weeks like it really ended.

    mean, dispersion: (series,); last: (series,) units of the last known week.
    """
    levels = (np.arange(count) + 0.5) / count
    found = np.zeros((len(mean), count), dtype=np.int64)
    classes = reading.classes(mean, last)
    for of in np.unique(classes):
        rows = np.flatnonzero(classes == of)
        found[rows] = negbin_quantiles(mean[rows], dispersion[rows], reading.levels(int(of), levels))
    return found

"""What the level model sees of a series when it stands before a week: its past, its kin, its promotions."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from shengeng.kernel.units import Floats, Ints

# Added to a level before its logarithm is taken: a twentieth of a unit a week.
_TRACE = 0.05
# How alike two promotion states are that weigh 60% as the same one (on the scale of `plan`).
_ALIKE = 0.35
_FAST, _BASE, _SLOW = 1.5, 6.0, 26.0  # half lives in weeks


@dataclass(frozen=True, slots=True)
class Shop:
    """Everything the model may look at: weeks oldest first, the plan reaching into the weeks to come.

    units, paid_minor: (series, week); plan: (kind, series, week + horizon) promotion pressure, 0 = none;
    kin: (series,) code of the category, so that products learn from their neighbours.
    """

    units: Floats
    paid_minor: Floats
    plan: Floats
    kin: Ints

    def only(self, chosen: Ints) -> Shop:
        """Some of the series, with the same weeks."""
        return Shop(self.units[chosen], self.paid_minor[chosen], self.plan[:, chosen], self.kin[chosen])


@dataclass(frozen=True, slots=True)
class Seen:
    """One week to come as the model sees it: log level (offset) and features, (series, feature)."""

    log_level: Floats
    straight: Floats  # for the log-linear part
    bent: Floats  # for the trees, on top of `straight`


def decayed(values: Floats, half_life_weeks: float) -> Floats:
    """Average of the trailing weeks, each half_life_weeks older week counting half. values: (.., week)."""
    weights = 0.5 ** (np.arange(values.shape[-1])[::-1] / half_life_weeks)
    return np.asarray(values @ (weights / weights.sum()))


def kin_units(shop: Shop) -> Floats:
    """Units of all series of each category, (category, week)."""
    total = np.zeros((int(shop.kin.max(initial=0)) + 1, shop.units.shape[1]))
    np.add.at(total, shop.kin, shop.units)
    return total


def answer_to_promotion(shop: Shop, weeks: int) -> Floats:
    """How much a series moved with its promotions in the first `weeks` weeks, shrunk towards not at all.

    The slope of units / mean on promotion pressure, with a ridge of 2 plus four weeks' worth of noise.
    """
    past, pressure = shop.units[:, :weeks], shop.plan[:, :, :weeks].sum(axis=0)
    mean = past.mean(axis=1) + 0.1
    centred = pressure - pressure.mean(axis=1, keepdims=True)
    moved = (centred * (past / mean[:, None] - 1)).sum(axis=1)
    return np.asarray(moved / ((centred**2).sum(axis=1) + 2.0 + 4.0 / mean))


def seen_before(shop: Shop, kin: Floats, weeks: int, ahead: int, answer: Floats) -> Seen:
    """The features of the week `ahead` weeks after the first `weeks` weeks, from those weeks alone.

    kin: kin_units(shop) of the whole shop; answer: answer_to_promotion at the same `weeks`.
    """
    past = shop.units[:, :weeks]
    fast, base, slow = (np.log(decayed(past, h) + _TRACE) for h in (_FAST, _BASE, _SLOW))
    now = shop.plan[:, :, weeks + ahead - 1]
    promoted = _promoted(shop.plan[:, :, :weeks], now, answer)
    alike = _alike(shop.plan[:, :, :weeks], now, past, np.exp(base))
    straight = [fast - base, slow - base, base, *promoted, *_kin_moves(kin[:, :weeks], shop.kin)]
    straight += [*_price_moves(shop, weeks), *_shape(past, base), *alike[:2]]
    lags = [np.log(past[:, -k] + 0.3) - base if k <= weeks else 0 * base for k in (2, 3, 4)]
    bent = [*now, *lags, answer, alike[2], np.full(len(past), float(ahead))]
    return Seen(base, np.stack(straight, axis=1), np.stack(bent, axis=1))


def _promoted(plan: Floats, now: Floats, answer: Floats) -> list[Floats]:
    """By kind of promotion: pressure now, lately and usually, against the level's own weeks."""
    found: list[Floats] = []
    for kind, pressure in zip(plan, now, strict=True):
        base = decayed(kind, _BASE)
        found += [pressure - base, decayed(kind, _FAST) - base, decayed(kind, _SLOW) - base]
        found += [answer * (pressure - base)]
    return found


def _alike(plan: Floats, now: Floats, past: Floats, level: Floats) -> list[Floats]:
    """Log mean of past weeks in a like promotion state over the level, shrunk much and little; weight."""
    weeks = past.shape[1]
    distance = ((plan - now[:, :, None]) ** 2).sum(axis=0) / _ALIKE**2
    weight = np.exp(-0.5 * distance) * 0.5 ** (np.arange(weeks)[::-1] / 16.0)
    units, count = (weight * past).sum(axis=1), weight.sum(axis=1)
    shrunk = [np.log((units + k * level + _TRACE) / (count + k) / level) for k in (1.5, 0.3)]
    return [*shrunk, np.log(count + 0.05)]


def _kin_moves(kin: Floats, of: Ints) -> list[Floats]:
    levels = [np.log(decayed(kin, h) + 1.0) for h in (_FAST, 8.0, _BASE, _SLOW)]
    return [(levels[0] - levels[1])[of], (levels[2] - levels[3])[of]]


def _price_moves(shop: Shop, weeks: int) -> list[Floats]:
    """Log of the price paid in the last 3 weeks over 13, and in 13 over all."""

    def price(last: int) -> Floats:
        first = max(weeks - last, 0)
        paid, units = shop.paid_minor[:, first:weeks], shop.units[:, first:weeks]
        return np.asarray((np.maximum(paid.sum(axis=1), 0) + 1.0) / (units.sum(axis=1) + 0.01))

    usual, quarter, month = price(weeks), price(13), price(3)
    return [_calm(np.log(month / quarter)), _calm(np.log(quarter / usual))]


def _calm(values: Floats) -> Floats:
    return np.clip(values, -1.5, 1.5)


def _shape(past: Floats, base: Floats) -> list[Floats]:
    """Share of empty weeks, spread against the mean, and last week against the level."""
    half = past[:, -26:]
    spread = np.log((half.std(axis=1) + 0.1) / (half.mean(axis=1) + 0.1))
    return [(past[:, -8:] == 0).mean(axis=1), spread, np.log(past[:, -1] + 0.3) - base]

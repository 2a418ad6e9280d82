"""From prices to whole choices: what is overdrawn is given back, what is left is spent."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from shengeng.decide.allocate.methods.prices import Options, Priced, prices
from shengeng.kernel.units import Floats, Ints

NOTHING = -1
_TINY = 1e-12  # of a limit: rounding of sums, not use
_NEAR = 4_000  # moves nearest to a tie that are looked at


class Allocation(NamedTuple):
    """pick: (customer,) place of the chosen option, NOTHING for none. left: (limit,) unused share of each.

    value is what the choices are worth; no allocation exceeds bound.
    """

    pick: Ints
    value: float
    left: Floats
    priced: Priced

    @property
    def gap(self) -> float:
        """How much of the bound is missing, at most what an exact solver could still find."""
        return (self.priced.bound - self.value) / self.priced.bound if self.priced.bound > 0 else 0.0


def allocate(options: Options) -> Allocation:
    """One option or none for each customer, within every limit, worth as much as can be.

    Raises nothing for a limit that no option fits: then nobody is chosen. Values below 0 are never chosen.
    """
    if not len(options.value):
        return Allocation(np.zeros(0, np.int64), 0.0, np.ones(options.use.shape[1]), prices(options))
    priced = prices(options)
    pick, regret = _at(options, priced.price)
    moves = _Moves.near(options, pick, regret)
    left = moves.spend(moves.give_back(priced.price))
    return Allocation(moves.pick, float(moves.value.sum()), left, priced)


def _at(options: Options, price: Floats) -> tuple[Ints, Floats]:
    """Everybody's best option at the prices, and the regret of each option, then of doing nothing."""
    reduced = options.value - options.use @ price
    best = np.maximum.reduceat(reduced, options.starts)
    pick = np.full(len(best), NOTHING, dtype=np.int64)
    winners = np.flatnonzero(reduced == best[options.customer])[::-1]
    pick[options.customer[winners]] = winners
    pick[best <= 0.0] = NOTHING
    best = np.maximum(best, 0.0)
    return pick, np.concatenate([best[options.customer] - reduced, best])


class _Moves:
    """The present choices, and the moves away from them that cost the least."""

    def __init__(self, options: Options, pick: Ints, rows: Ints) -> None:
        count = len(options.value)
        nothing = rows >= count
        place = np.minimum(rows, count - 1)
        self.who = np.where(nothing, rows - count, options.customer[place])
        self.to = np.where(nothing, NOTHING, place)
        self.to_value = np.where(nothing, 0.0, options.value[place])
        self.to_use = np.where(nothing[:, None], 0.0, options.use[place])
        self.pick = pick
        chosen = pick != NOTHING
        self.value = np.where(chosen, options.value[pick], 0.0)
        self.use = np.where(chosen[:, None], options.use[pick], 0.0)

    @classmethod
    def near(cls, options: Options, pick: Ints, regret: Floats) -> _Moves:
        """The _NEAR moves of least regret; staying is none."""
        regret = regret.copy()
        chosen = pick != NOTHING
        regret[pick[chosen]] = np.inf
        regret[len(options.value) + np.flatnonzero(~chosen)] = np.inf
        most = min(_NEAR, len(regret))
        return cls(options, pick, np.argpartition(regret, most - 1)[:most])

    def give_back(self, price: Floats) -> Floats:
        """Move whoever minds least until no limit is overdrawn; returns what is left of each."""
        left: Floats = 1.0 - self.use.sum(axis=0)
        while np.any(left < -_TINY):
            freed = self.use[self.who] - self.to_use
            still = np.maximum(-(left + freed), 0.0).sum(axis=1)
            relief = np.maximum(-left, 0.0).sum() - still
            if not np.any(relief > _TINY):
                return self._drop_until_fits(left)
            loss = np.maximum(self.value[self.who] - self.to_value - freed @ price, 0.0)
            dear = np.where(relief > _TINY, loss / np.maximum(relief, _TINY), np.inf)
            left = self._move(int(np.argmin(dear)), left)
        return left

    def spend(self, left: Floats) -> Floats:
        """Take the best move that still fits until none does; returns what is left of each limit."""
        while True:
            more = self.to_use - self.use[self.who]
            gain = self.to_value - self.value[self.who]
            fits = (gain > 0.0) & np.all(more <= left + _TINY, axis=1)
            if not fits.any():
                return left
            left = self._move(int(np.argmax(np.where(fits, gain, -np.inf))), left)

    def _move(self, row: int, left: Floats) -> Floats:
        who = self.who[row]
        after = left + self.use[who] - self.to_use[row]
        self.pick[who], self.value[who], self.use[who] = self.to[row], self.to_value[row], self.to_use[row]
        return np.asarray(after, dtype=np.float64)

    def _drop_until_fits(self, left: Floats) -> Floats:
        """Where no near move helps: the least value for what it takes goes first."""
        while np.any(left < -_TINY):
            takes = self.use @ np.maximum(-left, 0.0)
            worth = np.where(takes > 0.0, self.value / np.maximum(takes, 1e-300), np.inf)
            who = int(np.argmin(worth))
            left = np.asarray(left + self.use[who], dtype=np.float64)
            self.pick[who], self.value[who], self.use[who] = NOTHING, 0.0, 0.0
        return left

"""Customers who behave exactly as BG/NBD and Gamma-Gamma say. Numpy only: the peers' script reads it."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

# Two shops: few repeat purchases like a music shop's, frequent ones like a grocer's. Time unit: weeks.
SHOPS = {
    "rare": {"r": 0.25, "alpha": 4.5, "a": 0.8, "b": 2.4},
    "frequent": {"r": 1.4, "alpha": 1.3, "a": 0.6, "b": 6.0},
}
SPEND = {"p": 6.0, "q": 4.0, "v": 15.0}
WEEKS = 39


class Buyers(NamedTuple):
    """(customer,) repeat purchases, age at the last one, age, mean spend of all purchases."""

    x: NDArray[np.float64]
    t_x: NDArray[np.float64]
    age: NDArray[np.float64]
    spend: NDArray[np.float64]


def buyers(shop: str, customers: int = 1500, seed: int = 20) -> Buyers:
    """Customers of one shop who came in the first 13 of WEEKS weeks."""
    rng = np.random.default_rng(seed)
    truth = SHOPS[shop]
    rate = rng.gamma(truth["r"], 1 / truth["alpha"], customers)
    leave = rng.beta(truth["a"], truth["b"], customers)
    age = WEEKS - rng.uniform(0, 13, customers)
    x, t_x = np.zeros(customers), np.zeros(customers)
    now, alive = np.zeros(customers), np.ones(customers, dtype=bool)
    while alive.any():
        now = now + rng.exponential(1 / rate)
        alive &= now < age
        x, t_x = x + alive, np.where(alive, now, t_x)
        alive &= rng.random(customers) > leave
    nu = rng.gamma(SPEND["q"], 1 / SPEND["v"], customers)
    orders = x + 1
    spend = rng.gamma(SPEND["p"] * orders, 1 / nu) / orders
    return Buyers(x, t_x, age, spend)

"""The persona protocol: which departments the next basket holds, and how surprised each model is. Pure."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from shengeng.kernel.units import HIGH, LOW, Floats, Ints

BINS = 5
LEAST_SHARE = 0.01  # of the baskets learnt from that hold a department for it to be scored
PRIOR_BASKETS = 5.0  # of the shop's mean, added to a customer's own frequency
RIDGE = 1.0
DRAWS = 2_000
SHARES = 40
_STEPS = 25
_EPS = 1e-6


@dataclass(frozen=True, slots=True)
class Origin:
    """Everybody with a basket up to a day and one after it: what was known, and the next basket.

    who: (customers,) codes; recency (days), frequency (baskets), money (minor units): (customers,);
    baskets: (customers, departments) own baskets with each; bought: the next basket's, 0/1.
    """

    who: Ints
    recency: Floats
    frequency: Floats
    money: Floats
    baskets: Floats
    bought: Floats


def origin(customer: Ints, day: Ints, minor: Floats, holds: Floats, as_of: int) -> Origin:
    """An origin of baskets in time. customer, day, minor: (baskets,); holds: (baskets, departments) 0/1."""
    past, later = day <= as_of, np.flatnonzero(day > as_of)
    people = int(customer.max()) + 1
    frequency = np.bincount(customer[past], minlength=people).astype(np.float64)
    last = np.full(people, -1, dtype=np.int64)
    np.maximum.at(last, customer[past], day[past])
    money = np.bincount(customer[past], weights=minor[past], minlength=people).astype(np.float64)
    own = np.zeros((people, holds.shape[1]))
    np.add.at(own, customer[past], holds[past])
    after, place = np.unique(customer[later], return_index=True)
    known = frequency[after] > 0
    who, following = after[known], later[place[known]]
    return Origin(
        who=who,
        recency=(as_of - last[who]).astype(np.float64),
        frequency=frequency[who],
        money=money[who],
        baskets=own[who],
        bought=holds[following],
    )


def rfm(origins: list[Origin]) -> list[Floats]:
    """(customers, 1 + 3 x BINS) fifths of recency, frequency and money, drawn on all but the last."""
    parts = [[np.ones((len(one.who), 1))] for one in origins]
    for name in ("recency", "frequency", "money"):
        known = np.concatenate([getattr(one, name) for one in origins[:-1]])
        edges = np.quantile(known, np.linspace(0, 1, BINS + 1)[1:-1])
        for part, one in zip(parts, origins, strict=True):
            part.append(np.eye(BINS)[np.searchsorted(edges, getattr(one, name), side="right")])
    return [np.hstack(part) for part in parts]


def with_memberships(table: Floats, weights: Floats) -> Floats:
    """The table with log memberships beside it, and whether anything is known of the customer at all."""
    known = (weights.sum(axis=1) > 0).astype(np.float64)[:, None]
    return np.hstack([table, known, known * (np.log(weights + 0.01) - np.log(1.0 / weights.shape[1]))])


def chances(learn: Floats, bought: Floats, score: Floats) -> Floats:
    """(customers, departments) by ridge logistic regression for each department, Newton's steps."""
    penalty = np.full(learn.shape[1], RIDGE)
    penalty[0] = _EPS
    found = [_sigmoid(score @ _fit(learn, bought[:, place], penalty)) for place in range(bought.shape[1])]
    return np.stack(found, axis=1)


def _fit(table: Floats, bought: Floats, penalty: Floats) -> Floats:
    beta = np.zeros(table.shape[1])
    for _ in range(_STEPS):
        chance = _sigmoid(table @ beta)
        weight = chance * (1 - chance) + _EPS
        step = table.T @ (bought - chance) - penalty * beta
        move = np.linalg.solve((table * weight[:, None]).T @ table + np.diag(penalty), step)
        beta = beta + move
        if np.abs(move).max() < 1e-8:
            break
    return np.asarray(beta)


def _sigmoid(value: Floats) -> Floats:
    return np.asarray(1.0 / (1.0 + np.exp(-np.clip(value, -15, 15))))


def own_frequency(one: Origin, shop: Floats) -> Floats:
    """(customers, departments) share of own baskets with each, PRIOR_BASKETS of the shop's mean added."""
    return np.asarray((one.baskets + PRIOR_BASKETS * shop) / (one.frequency[:, None] + PRIOR_BASKETS))


def mixture(own: Floats, other: Floats, bought: Floats) -> float:
    """The share of `other` in a mixture with `own` that loses least on these baskets, in fortieths."""
    shares = np.linspace(0, 1, SHARES + 1)
    lost = [losses((1 - share) * own + share * other, bought).mean() for share in shares]
    return float(shares[int(np.argmin(lost))])


def losses(chance: Floats, bought: Floats) -> Floats:
    """(customers,) log-loss in nats, mean over the departments."""
    sure = np.clip(chance, _EPS, 1 - _EPS)
    each = bought * np.log(sure) + (1 - bought) * np.log(1 - sure)
    return np.asarray(-each.mean(axis=1))


def gain(theirs: Floats, ours: Floats, rng: np.random.Generator) -> tuple[float, float, float]:
    """How much less ours loses on the same customers, with its 80% interval by resampling them."""
    apart = theirs - ours
    draws = np.array([apart[rng.integers(0, len(apart), len(apart))].mean() for _ in range(DRAWS)])
    low, high = np.quantile(draws, (LOW, HIGH))
    return float(apart.mean()), float(low), float(high)

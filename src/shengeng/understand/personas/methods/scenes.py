"""Scenes as a non-negative factorisation of surprise under Kullback-Leibler divergence (Lee & Seung 2001)."""

from __future__ import annotations

import numpy as np
import scipy.sparse as sp
from scipy.optimize import linear_sum_assignment

from shengeng.kernel.units import Bools, Floats, Ints
from shengeng.understand.personas.contracts import CLEAR

COLD, WARM, FOLD = 40, 8, 25  # iterations from nothing, from last week's scenes, for memberships
NUMBERS = (12, 11, 10, 9, 8, 7, 6, 5, 4)
AGREED = 0.9  # adjusted Rand index between two samples from which a number of scenes is taken
SAMPLE = 0.8  # of the customers, that each of the two samples holds
A_SCENE = 10  # customers that there must be for every scene
MOST_LEARNT = 3_000  # customers that scenes are learnt from: learning costs the same in a big shop
STARTERS = 20  # customers behind each scene of a start of chance
CHUNK = 4_000
_TINY = 1e-12


def choose(rows: sp.csr_array, usable: Bools, seed: int) -> tuple[Floats, float]:
    """Scenes (scenes, features) in the largest number that two random samples of customers agree upon.

    rows: (customers, features) surprise; usable: who has baskets enough. Both samples start from the same
    singular directions of everybody; their scenes are averaged. Returns them and the samples' adjusted Rand
    index; where no number reaches AGREED, the one with the best index.
    """
    rng = np.random.default_rng(seed)
    some = rows[np.sort(rng.permutation(np.flatnonzero(usable))[:MOST_LEARNT])]
    samples = [some[np.sort(rng.permutation(some.shape[0])[: _share(some.shape[0])])] for _ in range(2)]
    directions = _directions(some, NUMBERS[0])
    best: tuple[float, Floats] | None = None
    most = min(directions[1].shape[0], some.shape[0] // A_SCENE)
    for number in (n for n in NUMBERS if n <= most):
        one, two = (_cold(sample, _start(directions, number)) for sample in samples)
        index = agreement(_first(fold(some, one)), _first(fold(some, two)))
        if best is None or index > best[0]:
            best = (index, (one + two) / 2)
        if index >= AGREED:
            break
    assert best is not None
    return best[1], best[0]


def _share(customers: int) -> int:
    return int(customers * SAMPLE)


def refine(rows: sp.csr_array, profiles: Floats, iterations: int = WARM) -> Floats:
    """The same scenes, moved to fit these rows better: last week's scenes become this week's."""
    weights = fold(rows, profiles)
    for _ in range(iterations):
        weights, profiles = _step(rows, weights, profiles)
    return profiles


def fold(rows: sp.csr_array, profiles: Floats) -> Floats:
    """(customers, scenes) memberships under fixed scenes: a row sums to what the row of `rows` does."""
    parts = [_fold(rows[start : start + CHUNK], profiles) for start in range(0, rows.shape[0], CHUNK)]
    return np.concatenate([np.zeros((0, len(profiles))), *parts])


def _fold(rows: sp.csr_array, profiles: Floats) -> Floats:
    weights = np.full((rows.shape[0], len(profiles)), 1.0 / len(profiles))
    for _ in range(FOLD):
        weights = weights * (_ratio(rows, weights, profiles) @ profiles.T)
    return np.asarray(weights)


def apart(rows: sp.csr_array, profiles: Floats) -> float:
    """How far the scenes are from these rows: Kullback-Leibler divergence a customer, in nats."""
    said = _said(rows, fold(rows, profiles), profiles)
    return float((rows.data * np.log(rows.data / np.maximum(said, _TINY))).sum() / max(rows.shape[0], 1))


def by_chance(rows: sp.csr_array, usable: Bools, number: int, seed: int) -> Floats:
    """Scenes learnt from a start of chance, means of random customers: how much rests on where one starts."""
    rng = np.random.default_rng(seed)
    some = rows[np.flatnonzero(usable)]
    drawn = rng.permutation(some.shape[0])[: number * max(1, min(STARTERS, some.shape[0] // number))]
    starts = np.stack([np.asarray(some[part].mean(axis=0)).ravel() for part in np.split(drawn, number)])
    starts = starts + starts.mean() / 10
    return _cold(some, starts / starts.sum(axis=1, keepdims=True))


def contributions(row: Floats, profiles: Floats, weights: Floats) -> Floats:
    """(features, scenes) what each feature adds to each membership of one customer; columns sum to `fold`.

    row: (features,) surprise; weights: (scenes,) the memberships before fold's last step.
    """
    shares = profiles.T * weights
    return np.asarray(row[:, None] * shares / np.maximum(shares.sum(axis=1, keepdims=True), _TINY))


def explained(row: sp.csr_array, profiles: Floats) -> tuple[Floats, Floats]:
    """One customer's memberships and the contributions that sum to them: `fold`, its last step opened."""
    weights = np.full((1, len(profiles)), 1.0 / len(profiles))
    for _ in range(FOLD - 1):
        weights = weights * (_ratio(row, weights, profiles) @ profiles.T)
    parts = contributions(row.toarray()[0], profiles, weights[0])
    return parts.sum(axis=0), parts


def _said(rows: sp.csr_array, weights: Floats, profiles: Floats) -> Floats:
    """(entries,) what the scenes say, where something was seen."""
    row = np.repeat(np.arange(rows.shape[0]), np.diff(rows.indptr))
    return np.asarray(np.einsum("nk,nk->n", weights[row], np.ascontiguousarray(profiles.T)[rows.indices]))


def _ratio(rows: sp.csr_array, weights: Floats, profiles: Floats) -> sp.csr_array:
    """What was seen over what the scenes say, where something was seen."""
    said = _said(rows, weights, profiles)
    return sp.csr_array((rows.data / np.maximum(said, _TINY), rows.indices, rows.indptr), shape=rows.shape)


def _step(rows: sp.csr_array, weights: Floats, profiles: Floats) -> tuple[Floats, Floats]:
    weights = weights * (_ratio(rows, weights, profiles) @ profiles.T)
    profiles = profiles * (_ratio(rows, weights, profiles).T @ weights).T
    return weights, profiles / np.maximum(profiles.sum(axis=1, keepdims=True), _TINY)


def _cold(rows: sp.csr_array, profiles: Floats) -> Floats:
    weights = fold(rows, profiles)
    for _ in range(COLD):
        weights, profiles = _step(rows, weights, profiles)
    return profiles


def _directions(rows: sp.csr_array, number: int) -> tuple[Floats, Floats]:
    """The leading singular pairs (customers, n), (n, features), largest first."""
    most = min(number, min(rows.shape) - 1)
    left, sizes, right = sp.linalg.svds(rows, k=most, v0=np.ones(min(rows.shape)))
    order = np.argsort(-sizes, kind="stable")
    return left[:, order] * sizes[order], right[order]


def _start(directions: tuple[Floats, Floats], number: int) -> Floats:
    """Where scenes start: each singular direction's stronger sign (NNDSVDa, Boutsidis & Gallopoulos 2008)."""
    left, right = directions
    plus, minus = np.maximum(right, 0), np.maximum(-right, 0)
    up = np.linalg.norm(np.maximum(left, 0), axis=0) * np.linalg.norm(plus, axis=1)
    down = np.linalg.norm(np.maximum(-left, 0), axis=0) * np.linalg.norm(minus, axis=1)
    signed = np.where((up >= down)[:, None], plus, minus)[:number]
    signed = signed + signed.mean(axis=1, keepdims=True) / 10
    return np.asarray(signed / signed.sum(axis=1, keepdims=True))


def cosine(one: Floats, two: Floats) -> Floats:
    """(rows, rows) similarity of profiles."""
    lengths = np.linalg.norm(one, axis=1)[:, None] * np.linalg.norm(two, axis=1)
    return np.asarray(one @ two.T / np.maximum(lengths, _TINY))


def matched(one: Floats, two: Floats) -> Ints:
    """The row of `two` that belongs to each row of `one` (-1: none), similar to the greatest sum."""
    mine, theirs = linear_sum_assignment(-cosine(one, two))
    found = np.full(len(one), -1, dtype=np.int64)
    found[mine] = theirs
    return found


def _first(weights: Floats) -> Ints:
    return belonging(weights, np.ones(len(weights), dtype=bool))


def belonging(weights: Floats, usable: Bools, clear: float = CLEAR) -> Ints:
    """The one scene that each customer clearly belongs to, -1 where there is not enough to say."""
    order = np.sort(weights, axis=1)
    second = order[:, -2] if weights.shape[1] > 1 else np.zeros(len(order))
    sure = usable & (order[:, -1] > 0) & (order[:, -1] >= clear * second)
    return np.where(sure, weights.argmax(axis=1), -1).astype(np.int64)


def agreement(one: Ints, two: Ints) -> float:
    """Adjusted Rand index (Hubert & Arabie 1985) over the customers that both place; 0 where nobody is."""
    both = (one >= 0) & (two >= 0)
    if not both.any():
        return 0.0
    shape = (int(one.max()) + 1, int(two.max()) + 1)
    table = np.zeros(shape)
    np.add.at(table, (one[both], two[both]), 1.0)
    pairs, rows, columns = (_pairs(part) for part in (table, table.sum(axis=1), table.sum(axis=0)))
    expected = rows * columns / max(_pairs(np.array([both.sum()], dtype=np.float64)), 1.0)
    most = (rows + columns) / 2
    return 1.0 if most == expected else float((pairs - expected) / (most - expected))


def _pairs(counts: Floats) -> float:
    return float((counts * (counts - 1) / 2).sum())

"""What is surprising in a customer's baskets: counts against what the shop's habits let one expect."""

from __future__ import annotations

import numpy as np
import scipy.sparse as sp

from shengeng.kernel.units import Floats
from shengeng.understand.personas.contracts import Counts

# Baskets added to what was counted and to what was expected: a single purchase is hardly a surprise.
PRIOR = 5.0
# Of a customer's row, what goes to what they buy; the rest goes to when. With less for the baskets, scenes
# become mere opening hours and two samples of customers no longer agree on them (docs/personas.md).
WHAT = 0.85


def least_total(baskets: float) -> float:
    """Baskets that a feature needs to count: 20, fewer in a small shop."""
    return float(np.clip(baskets / 5_000, 3, 20))


def features(counts: Counts, totals: Floats | None = None) -> sp.csr_array:
    """(customers, features) positive surprise, WHAT of each row on categories, the rest on slot x department.

    Surprise = log((n + PRIOR) / (expected + PRIOR)) where positive, expected = row total x column total /
    total: positive pointwise mutual information, shrunk. totals: of the features, when these customers are
    not the whole shop. Rows sum to one, or to zero where nothing is surprising.
    """
    width = counts.by_category.shape[1]
    whole = totals_of(counts) if totals is None else totals
    least = least_total(float(whole[width:].sum()))
    what = _normed(_surprise(counts.by_category, whole[:width], least))
    when = _normed(_surprise(counts.by_slot, whole[width:], least))
    return _normed(sp.hstack([WHAT * what, (1.0 - WHAT) * when], format="csr"))


def totals_of(counts: Counts) -> Floats:
    """(features,) baskets with each feature."""
    return np.concatenate([_sums(counts.by_category, 0), _sums(counts.by_slot, 0)])


def _surprise(seen: sp.csr_array, totals: Floats, least: float) -> sp.csr_array:
    row = np.repeat(np.arange(seen.shape[0]), np.diff(seen.indptr))
    expected = _sums(seen, 1)[row] * totals[seen.indices] / max(float(totals.sum()), 1.0)
    value = np.maximum(np.log((seen.data + PRIOR) / (expected + PRIOR)), 0.0)
    value[totals[seen.indices] < least] = 0.0
    found = sp.csr_array((value, seen.indices.copy(), seen.indptr.copy()), shape=seen.shape)
    found.eliminate_zeros()
    return found


def _normed(matrix: sp.csr_array) -> sp.csr_array:
    sums = _sums(matrix, 1)
    scale = np.divide(1.0, sums, out=np.zeros_like(sums), where=sums > 0)
    data = matrix.data * np.repeat(scale, np.diff(matrix.indptr))
    return sp.csr_array((data, matrix.indices, matrix.indptr), shape=matrix.shape)


def _sums(matrix: sp.csr_array, axis: int) -> Floats:
    return np.asarray(matrix.sum(axis=axis), dtype=np.float64).ravel()

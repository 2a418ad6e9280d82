"""What is surprising in a customer's baskets: counts against what the shop's habits let one expect."""

from __future__ import annotations

import numpy as np
import scipy.sparse as sp

from shengeng.kernel.units import Floats
from shengeng.understand.personas.contracts import Counts, Said

# Baskets added to what was counted and to what was expected: a single purchase is hardly a surprise.
PRIOR = 5.0
# Of a customer's row, what goes to what they buy; the rest goes to when. With less for the baskets, scenes
# become mere opening hours and two samples of customers no longer agree on them (docs/personas.md).
WHAT = 0.85
# What reviews say comes on top, by how much there is: at most this, half of it from PRIOR cues on.
SAID = 0.25


def least_total(baskets: float) -> float:
    """Baskets that a feature needs to count: 20, fewer in a small shop."""
    return float(np.clip(baskets / 5_000, 3, 20))


def features(counts: Counts, totals: Floats | None = None) -> sp.csr_array:
    """(customers, features) positive surprise: WHAT on categories, the rest on times, SAID on top.

    Surprise = log((n + PRIOR) / (expected + PRIOR)) where positive, expected = row total x column total /
    total: positive pointwise mutual information, shrunk. totals: of the features, when these customers are
    not the whole shop. Rows sum to one, or to zero where nothing is surprising.
    """
    whole = totals_of(counts) if totals is None else totals
    width, slots = counts.by_category.shape[1], counts.by_slot.shape[1]
    over, under, spoken = np.split(whole, (width, width + slots))
    least = least_total(float(under.sum()))
    what = _normed(_surprise(counts.by_category, over, least))
    when = _normed(_surprise(counts.by_slot, under, least))
    parts = [WHAT * what, (1.0 - WHAT) * when]
    if counts.said is not None:
        parts.append(_said(counts.said, spoken))
    return _normed(sp.hstack(parts, format="csr"))


def totals_of(counts: Counts) -> Floats:
    """(features,) baskets with each feature, and reviews with each cue."""
    seen = [counts.by_category, counts.by_slot, *([counts.said.by_cue] if counts.said else [])]
    return np.concatenate([_sums(each, 0) for each in seen])


def _said(said: Said, totals: Floats) -> sp.csr_array:
    """Surprise of cues. A review without one makes the others less expected, and surprises nobody itself."""
    value = _surprise(said.by_cue, totals, least_total(float(totals.sum())))
    value.data[value.indices == len(said.cues) - 1] = 0.0
    value.eliminate_zeros()
    cues = _sums(said.by_cue[:, :-1], 1)
    share = SAID * cues / (cues + PRIOR)
    return sp.csr_array(_normed(value).multiply(share[:, None]))


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

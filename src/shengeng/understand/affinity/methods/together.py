"""Which products go together: how much likelier the other is in the same basket or the customer's next one.

With n_i baskets of product i, c_ij of them having j in the same or the customer's next basket, and b_j the
share of all baskets that have j so: p_ij = (c_ij + SHRINK b_j) / (n_i + SHRINK), lift = p_ij / b_j. Thin
pairs are drawn to "no matter": a lift of 1. Others of a product stand in the order of p log lift, the pair's
part in what is learnt of the basket: chance alone would name bananas for everything, lift alone oddities.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp

from shengeng.kernel.units import Floats, Ints
from shengeng.understand.affinity.methods.history import History

DAYS = 365  # what goes together is learnt from this long before as_of
SHRINK = 20.0  # baskets of "no matter" added to every product's own
LEAST_BASKETS = 10  # of a product, for it to stand on either side
LEAST_TOGETHER = 4
LEAST_LIFT = 1.2


@dataclass(frozen=True, slots=True)
class Together:
    """One row a product and another: baskets together, lift, chance of the other, place (1 = first)."""

    product: Ints
    other: Ints
    together: Ints
    lift: Floats
    probability: Floats
    rank: Ints


def together(past: History, as_of: int, family: Ints, most: int) -> Together:
    """The products that go with each product, best first; at most `most`, none of its own family.

    family: (products,) code of what counts as a variant of the same thing.
    """
    year = past.only((past.day > as_of - DAYS) & (past.day <= as_of))
    frequent = np.bincount(year.product, minlength=past.products) >= LEAST_BASKETS
    now, later = _baskets(year.only(frequent[year.product]))
    baskets, count = now.shape[0], np.asarray(now.sum(axis=0)).ravel()
    share = np.asarray(later.sum(axis=0)).ravel() / max(baskets, 1)
    both = sp.csr_array(now.T @ later)
    often = np.flatnonzero(both.data >= LEAST_TOGETHER)
    product, other = (
        np.searchsorted(both.indptr, often, side="right") - 1,
        both.indices[often].astype(np.int64),
    )
    apart = family[product] != family[other]
    product, other = product[apart], other[apart]
    met = both.data[often[apart]].astype(np.float64)
    probability = (met + SHRINK * share[other]) / (count[product] + SHRINK)
    lift = probability / share[other]
    rows = np.flatnonzero(lift >= LEAST_LIFT)
    value = probability[rows] * np.log(lift[rows])
    rows = rows[np.lexsort((other[rows], -value, product[rows]))]
    rank = np.arange(len(rows)) - np.searchsorted(product[rows], product[rows], side="left") + 1
    rows, rank = rows[rank <= most], rank[rank <= most]
    return Together(
        product[rows], other[rows], met[rows].astype(np.int64), lift[rows], probability[rows], rank
    )


def _baskets(past: History) -> tuple[sp.csr_array, sp.csr_array]:
    """(baskets, products) 1 where a basket has a product; and where it or the customer's next one has."""
    _, where, row = np.unique(past.basket, return_index=True, return_inverse=True)
    baskets = len(where)
    shape = (baskets, past.products)
    now = sp.csr_array((np.ones(len(row), np.float32), (row, past.product)), shape=shape)
    who = past.customer[where]
    order = np.argsort(who, kind="stable")  # baskets are numbered in time
    followed = np.flatnonzero(who[order][1:] == who[order][:-1])
    ones = np.ones(len(followed), np.float32)
    shift = sp.csr_array((ones, (order[followed], order[followed + 1])), shape=(baskets, baskets))
    later = sp.csr_array(now + shift @ now)
    later.data[:] = 1.0
    return now, later

"""TIFUKNN: decayed own frequency beside that of the most similar customers.

Source: Hu, He, Gao, Zhang, Modeling Personalized Item Frequency Information for Next-basket Recommendation,
SIGIR 2020, eq. 2 to 6. A customer's baskets are put into groups of equal size, newest last (the oldest group
may be smaller); baskets are averaged in a group with a decay within it, groups with a decay between them; the
score is a mix of a customer's own vector and the mean of the nearest others by Euclidean distance.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp

from shengeng.kernel.units import Floats, Ints
from shengeng.understand.affinity.methods.history import History

CHUNK = 128  # customers whose distances are held at once


@dataclass(frozen=True, slots=True)
class Tifu:
    """The paper's five settings: group size m, decays within and between groups, neighbours, own share."""

    group_size: int = 7
    within: float = 0.9
    between: float = 0.7
    neighbours: int = 300
    own: float = 0.7


def vectors(past: History, settings: Tifu) -> sp.csr_array:
    """(customers, products) the temporal item frequency of each customer."""
    basket, where, inverse = np.unique(past.basket, return_index=True, return_inverse=True)
    who = past.customer[where]
    count = np.bincount(who, minlength=past.customers)
    order = np.argsort(who, kind="stable")
    back = np.empty(len(basket), dtype=np.int64)
    back[order] = np.cumsum(count)[who[order]] - 1 - np.arange(len(basket))
    group, inside = back // settings.group_size, back % settings.group_size
    groups = -(-count // settings.group_size)
    oldest = count - (groups - 1) * settings.group_size
    size = np.where(group == groups[who] - 1, oldest[who], settings.group_size)
    weight = settings.within**inside * settings.between**group / size / groups[who]
    shape = (past.customers, past.products)
    return sp.csr_array((weight[inverse], (past.customer, past.product)), shape=shape)


def nearest(of: sp.csr_array, among: Ints, neighbours: int) -> Iterator[tuple[Ints, sp.csr_array]]:
    """Chunks of customers with their (chunk, customers) weights of the mean over the nearest others."""
    neighbours = min(neighbours, of.shape[0] - 1)
    square = np.asarray(of.multiply(of).sum(axis=1)).ravel()
    for start in range(0, len(among), CHUNK):
        chunk = among[start : start + CHUNK]
        distance = square[None, :] - 2.0 * (of[chunk] @ of.T).toarray()
        distance[np.arange(len(chunk)), chunk] = np.inf
        rows = np.repeat(np.arange(len(chunk)), neighbours)
        found = np.argpartition(distance, max(neighbours - 1, 0), axis=1)[:, :neighbours].ravel()
        weight = np.full(len(rows), 1.0 / max(neighbours, 1))
        yield chunk, sp.csr_array((weight, (rows, found)), shape=(len(chunk), of.shape[0]))


def parts(past: History, settings: Tifu, among: Ints) -> Iterator[tuple[Ints, Floats, Floats]]:
    """Chunks of customers with their own vectors and the mean of the nearest, (chunk, products) each."""
    of = vectors(past, settings)
    for chunk, others in nearest(of, among, settings.neighbours):
        yield chunk, of[chunk].toarray(), (others @ of).toarray()


def scores(past: History, settings: Tifu, among: Ints) -> Iterator[tuple[Ints, Floats]]:
    """Chunks of customers with their (chunk, products) TIFUKNN scores."""
    of = vectors(past, settings)
    for chunk, others in nearest(of, among, settings.neighbours):
        share = np.full(len(chunk), settings.own)
        mine = sp.csr_array((share, (np.arange(len(chunk)), chunk)), shape=others.shape)
        yield chunk, (((1.0 - settings.own) * others + mine) @ of).toarray()

"""Candidates for the next basket from five sides, and what each side says of every one of them.

Own products; what the nearest customers buy (TIFUKNN's neighbours, and those with the most alike choice of
products); what goes with the last baskets; what sells in the categories that the customer buys in; what the
shop sells most this week.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from shengeng.kernel.units import Bools, Floats, Ints
from shengeng.understand.affinity.methods.history import History
from shengeng.understand.affinity.methods.pairs import (
    SIGNALS,
    Pairs,
    baskets_back,
    never_bought,
    pairs_at,
    rates_at,
)
from shengeng.understand.affinity.methods.ranking import LEAST_RATE, best, side_by_side
from shengeng.understand.affinity.methods.tifuknn import Tifu, nearest, vectors
from shengeng.understand.affinity.methods.together import Together

# Candidates that a customer never bought, by the side that names them.
NEW = {"near": 40, "alike": 25, "goes_with": 15, "in_category": 20, "this_week": 10}
ALIKE = 100  # customers whose choice of products is most alike
FACTORS = 48  # tastes into which who-bought-what is taken apart
LAST_BASKETS, LAST_HALVING = 6, 0.5  # a basket counts half of the one after it
HALF_LIFE = 30.0  # days
MONTH = 28  # days over which a product's share of its category is taken

SIDES = ("near", "alike", "goes_with", "in_category")
WIDE = (*SIGNALS, "own", *SIDES, "taste")


@dataclass(frozen=True, slots=True)
class WideSlate:
    """Candidates of some customers, sorted by customer. signals: (candidates, WIDE)."""

    customer: Ints
    product: Ints
    bought: Bools
    signals: NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Sides:
    """What is taken from the whole shop once: customers by products, unless said otherwise.

    of: TIFUKNN's vectors; alike: choice of products, rare ones weighing more, rows of length 1; fresh:
    decayed purchases; last: the last baskets; links: (products, products) what a product adds to another's
    chance; in_category: (customers, categories) decayed purchases; share: (products,) of its category's
    month; week: (products,) sold in seven days; taste, trait: (customers, factors), (products, factors).
    """

    of: sp.csr_array
    alike: sp.csr_array
    fresh: sp.csr_array
    last: sp.csr_array
    links: sp.csr_array
    in_category: sp.csr_array
    share: Floats
    week: Floats
    taste: Floats
    trait: Floats


def links(found: Together, products: int) -> sp.csr_array:
    """(products, products) by how much a product in the basket raises another's chance."""
    base = found.probability / np.maximum(found.lift, 1e-12)
    weight = np.maximum(found.probability - base, 0.0)
    return sp.csr_array((weight, (found.product, found.other)), shape=(products, products))


def wide_slate(past: History, as_of: int, who: Ints, settings: Tifu, of_products: sp.csr_array) -> WideSlate:
    """Candidates for the next basket of the customers `who` (sorted codes), as known at the end of as_of.

    of_products: `links` as they were known by then.
    """
    rates = rates_at(past, as_of)
    mine = past.only(np.isin(past.customer, who))
    bought = pairs_at(mine, as_of, rates, least_rate=LEAST_RATE)
    whole = _sides(past, as_of, settings, of_products)
    own = _matrix(mine, np.ones(len(mine.customer)))
    at_own = {name: np.zeros(len(bought.customer)) for name in SIDES}
    strangers: list[tuple[Ints, Ints, dict[str, Floats]]] = []
    for chunk, score in _scores(whole, past, who, settings):
        rows = np.flatnonzero(np.isin(bought.customer, chunk))
        place = np.searchsorted(chunk, bought.customer[rows]), bought.product[rows]
        for name in SIDES:
            at_own[name][rows] = score[name][place]
        row, product = _named(score, whole.week, own[chunk])
        strangers.append((chunk[row], product, {name: score[name][row, product] for name in SIDES}))
    customer, product = (np.concatenate([found[k] for found in strangers]) for k in (0, 1))
    at_new = {name: np.concatenate([found[2][name] for found in strangers]) for name in SIDES}
    pairs, order = side_by_side(bought, never_bought(past, as_of, rates, customer, product))
    columns = [np.append(at_own[name], at_new[name])[order] for name in SIDES]
    return _wide(pairs, whole, columns)


def _wide(pairs: Pairs, whole: Sides, columns: list[Floats]) -> WideSlate:
    customer, product = pairs.customer, pairs.product
    own = np.asarray(whole.of[customer, product]).ravel()
    taste = np.einsum("ij,ij->i", whole.taste[customer], whole.trait[product])
    signals = np.column_stack([pairs.matrix(SIGNALS), own, *columns, taste]).astype(np.float32)
    return WideSlate(customer, product, pairs.orders > 0, signals)


def _sides(past: History, as_of: int, settings: Tifu, of_products: sp.csr_array) -> Sides:
    age = (as_of - past.day).astype(np.float64)
    back, _ = baskets_back(past)
    chosen = _matrix(past, np.ones(len(back)))
    chosen.data = np.log1p(chosen.data)
    fresh = _matrix(past, np.exp2(-age / HALF_LIFE))
    month = np.bincount(past.product[age < MONTH], minlength=past.products).astype(np.float64)
    categories = int(past.category.max(initial=-1)) + 1
    by_category = np.bincount(past.category, month, categories)
    place = sp.csr_array(
        (np.ones(past.products), (np.arange(past.products), past.category)), shape=(past.products, categories)
    )
    taste, trait = _factors(chosen, FACTORS)
    return Sides(
        vectors(past, settings),
        _alike(chosen),
        fresh,
        _matrix(past, np.where(back < LAST_BASKETS, LAST_HALVING**back, 0.0)),
        of_products,
        sp.csr_array(fresh @ place),
        month / np.maximum(by_category[past.category], 1.0),
        np.bincount(past.product[age < 7], minlength=past.products).astype(np.float64),
        taste,
        trait,
    )


def _matrix(past: History, weight: Floats) -> sp.csr_array:
    """(customers, products) sum of a weight of each row."""
    return sp.csr_array((weight, (past.customer, past.product)), shape=(past.customers, past.products))


def _alike(chosen: sp.csr_array) -> sp.csr_array:
    """Rows of length 1 in which a product that few customers buy weighs more (inverse document frequency)."""
    buyers = np.bincount(chosen.indices, minlength=chosen.shape[1])
    weighted = chosen @ sp.diags_array(np.maximum(np.log(chosen.shape[0] / (1.0 + buyers)), 0.0))
    length = np.sqrt(np.asarray(weighted.multiply(weighted).sum(axis=1)).ravel())
    return sp.csr_array(sp.diags_array(1.0 / np.maximum(length, 1e-9)) @ weighted)


def _factors(of: sp.csr_array, wanted: int) -> tuple[Floats, Floats]:
    """Truncated singular value decomposition: (rows, factors) and (columns, factors), product ~ `of`.

    Source: Halko, Martinsson, Tropp, Finding Structure with Randomness, SIAM Review 2011, algorithm 4.4.
    """
    count = min(wanted, *of.shape)
    wide = np.random.default_rng(1).standard_normal((of.shape[1], min(count + 8, *of.shape)))
    base = np.linalg.qr(of @ wide)[0]
    for _ in range(2):
        base = np.linalg.qr(of @ np.linalg.qr(of.T @ base)[0])[0]
    left, size, right = np.linalg.svd((of.T @ base).T, full_matrices=False)
    return (base @ left)[:, :count] * size[:count], right[:count].T


def _scores(
    whole: Sides, past: History, who: Ints, settings: Tifu
) -> Iterator[tuple[Ints, dict[str, Floats]]]:
    """Chunks of customers with a (chunk, products) score of each side."""
    for chunk, others in nearest(whole.of, who, settings.neighbours):
        yield (
            chunk,
            {
                "near": (others @ whole.of).toarray(),
                "alike": (_most_alike(whole.alike, chunk) @ whole.fresh).toarray(),
                "goes_with": (whole.last[chunk] @ whole.links).toarray(),
                "in_category": whole.in_category[chunk].toarray()[:, past.category] * whole.share,
            },
        )


def _most_alike(alike: sp.csr_array, chunk: Ints) -> sp.csr_array:
    """(chunk, customers) weights of the customers most alike, by the square of the cosine; rows sum to 1."""
    cosine = (alike[chunk] @ alike.T).toarray()
    cosine[np.arange(len(chunk)), chunk] = 0.0
    most = min(ALIKE, cosine.shape[1])
    others = np.argpartition(-cosine, most - 1, axis=1)[:, :most]
    weight = np.take_along_axis(cosine, others, axis=1) ** 2
    weight /= np.maximum(weight.sum(axis=1, keepdims=True), 1e-12)
    row = np.repeat(np.arange(len(chunk)), most)
    return sp.csr_array((weight.ravel(), (row, others.ravel())), shape=(len(chunk), alike.shape[0]))


def _named(score: dict[str, Floats], week: Floats, own: sp.csr_array) -> tuple[Ints, Ints]:
    """Rows of the chunk and products that some side names and the customer never bought, each pair once."""
    shape = next(iter(score.values())).shape
    row = np.repeat(np.arange(shape[0]), np.diff(own.indptr))
    found = []
    for name, most in NEW.items():
        values = np.tile(week, (shape[0], 1)) if name == "this_week" else score[name].copy()
        values[row, own.indices] = -1.0
        who, product, _ = best(np.arange(shape[0]), values, most)
        found.append(who * shape[1] + product)
    pairs = np.unique(np.concatenate(found))
    return pairs // shape[1], pairs % shape[1]

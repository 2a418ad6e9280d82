"""The next-basket protocol: which products count, who is scored on what, and by which measures. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp

from shengeng.kernel.units import Bools, Floats, Ints

TARGET_PRODUCTS = (3, 2, 1)  # products a target basket needs; fewer only where too few could be scored
LEAST_BASKETS = 3  # baskets a customer needs before the cut
DEPTH = 20  # products that every model names
CHUNK = 512


def popularity(product: Ints, products: int) -> Floats:
    """Baskets of each product. product: one row a product in a basket."""
    return np.bincount(product, minlength=products).astype(np.float64)


def own_frequency(customer: Ints, product: Ints, customers: int, products: int) -> sp.csr_array:
    """(customers, products) baskets of each customer with each product."""
    return sp.csr_array((np.ones(len(product)), (customer, product)), shape=(customers, products))


def frequent_first(frequency: sp.csr_array, popular: Floats, among: Ints) -> Iterator[tuple[Ints, Floats]]:
    """Chunks of customers with their own frequency, ties and strangers by popularity."""
    tie = popular / (popular.sum() + 1.0)
    for start in range(0, len(among), CHUNK):
        chunk = among[start : start + CHUNK]
        yield chunk, frequency[chunk].toarray() + tie


def first_of(scores: Iterator[tuple[Ints, Floats]], depth: int = DEPTH) -> Ints:
    """(customers, depth) products by falling score; -1 beyond the catalogue."""
    found = []
    for chunk, score in scores:
        most = min(depth, score.shape[1])
        top = np.sort(np.argpartition(-score, most - 1, axis=1)[:, :most], axis=1)
        order = np.argsort(-np.take_along_axis(score, top, axis=1), axis=1, kind="stable")
        named = np.full((len(chunk), depth), -1, dtype=np.int64)
        named[:, :most] = np.take_along_axis(top, order, axis=1)
        found.append(named)
    return np.concatenate(found)


@dataclass(frozen=True, slots=True)
class Targets:
    """What the scored customers bought next: one row a product; customer is a place among the scored.

    repeat: whether the customer had bought the product before the cut.
    """

    customer: Ints
    product: Ints
    repeat: Bools
    customers: int
    products: int

    def sizes(self) -> Floats:
        """Products in each target basket."""
        return np.bincount(self.customer, minlength=self.customers).astype(np.float64)


def hits(named: Ints, targets: Targets, only: Bools | None = None) -> Bools:
    """(customers, depth) whether the product named there is in the target basket (or in that part of it)."""
    rows = slice(None) if only is None else only
    wanted = np.sort(targets.customer[rows] * targets.products + targets.product[rows])
    mine = np.arange(len(named))[:, None] * targets.products + named
    return np.asarray(np.isin(mine, wanted) & (named >= 0))


def ndcg(hit: Bools, sizes: Floats, k: int) -> Floats:
    """Binary gains over 1 / log2(rank + 1), against an ideal of min(k, size) hits; by customer."""
    weight = 1.0 / np.log2(np.arange(k) + 2.0)
    ideal = np.cumsum(weight)[np.minimum(sizes, k).astype(np.int64) - 1]
    return np.asarray((hit[:, :k] @ weight) / ideal)


def measures(named: Ints, targets: Targets) -> dict[str, Floats]:
    """Each measure of the protocol by scored customer; recall of a part is NaN where it has no product."""
    sizes, hit = targets.sizes(), hits(named, targets)
    found = {f"ndcg@{k}": ndcg(hit, sizes, k) for k in (10, 20)}
    found |= {f"recall@{k}": hit[:, :k].sum(axis=1) / sizes for k in (10, 20)}
    for name, part in (("repeat", targets.repeat), ("explore", ~targets.repeat)):
        count = np.bincount(targets.customer[part], minlength=targets.customers).astype(np.float64)
        caught = hits(named, targets, part)[:, :10].sum(axis=1)
        found[f"{name}_recall@10"] = caught / np.where(count > 0, count, np.nan)
    return found


def averages(found: dict[str, Floats]) -> dict[str, float]:
    """Means over the customers for whom a measure is defined; 0 where it is for nobody."""
    return {name: float(np.nanmean(v)) if np.isfinite(v).any() else 0.0 for name, v in found.items()}


def ratio_interval(
    ours: Floats, theirs: Floats, rng: np.random.Generator, draws: int = 1_000
) -> tuple[float, float, float]:
    """Ratio of two means over the same customers, and its 80% interval by resampling customers together."""
    n = len(ours)
    picks = rng.integers(0, n, (draws, n))
    ratios = ours[picks].mean(axis=1) / np.maximum(theirs[picks].mean(axis=1), 1e-12)
    low, high = np.quantile(ratios, [0.1, 0.9])
    return float(ours.mean() / max(theirs.mean(), 1e-12)), float(low), float(high)

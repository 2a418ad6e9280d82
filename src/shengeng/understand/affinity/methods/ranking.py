"""Which products stand first for a customer's next basket: the chance's own signals, and what others add.

Candidates are what the customer bought before and what the most similar customers buy; trees learn, on
earlier weeks, which of them the first later basket held.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from shengeng.kernel.units import Bools, Floats, Ints
from shengeng.understand.affinity.methods.history import History, first_baskets
from shengeng.understand.affinity.methods.pairs import SIGNALS, Pairs, never_bought, pairs_at, rates_at
from shengeng.understand.affinity.methods.tifuknn import Tifu, nearest, vectors

CUTS = 6  # earlier weeks to learn from
NEW = 40  # candidates that the customer never bought
LEAST_RATE = 0.0007  # own products bought less than once in so many days again are no candidates
LEAST_BOUGHT = 500  # bought candidates below which trees are not asked
LEARN_CUSTOMERS = 1_500  # customers a cut
MOST_NOT_BOUGHT = 50_000  # candidates of a cut not bought that the trees see
ROUNDS = 150
TREES: dict[str, Any] = {
    "objective": "binary",
    "num_leaves": 31,
    "learning_rate": 0.05,
    "min_data_in_leaf": 60,
    "lambda_l2": 5.0,
    "feature_fraction": 0.5,
    "max_bin": 127,
    "num_threads": 1,  # waiting threads burn a shared core
    "deterministic": True,
    "verbose": -1,
}


@dataclass(frozen=True, slots=True)
class Slate:
    """Candidates of some customers, sorted by customer: what is known of each, and what neighbours do."""

    pairs: Pairs
    near: Floats
    own: Floats

    def matrix(self) -> NDArray[np.float32]:
        """(candidates, signals) for the trees."""
        return np.column_stack([self.pairs.matrix(SIGNALS), self.own, self.near]).astype(np.float32)


@dataclass(frozen=True, slots=True)
class Ranker:
    """A learnt order; booster None where the history is too thin, then TIFUKNN's score orders."""

    booster: Any | None
    settings: Tifu

    @property
    def method(self) -> str:
        """The version of the order."""
        return "ranking-tifuknn-1" if self.booster is None else "ranking-trees-1"

    def score(self, slate: Slate) -> Floats:
        """Higher stands first; comparable within a customer."""
        if self.booster is None:
            return self.settings.own * slate.own + (1.0 - self.settings.own) * slate.near
        return np.asarray(self.booster.predict(slate.matrix(), raw_score=True))


def slate_at(past: History, as_of: int, who: Ints, settings: Tifu, new: int = NEW) -> Slate:
    """Candidates for the next basket of the customers `who`, as known at the end of day as_of."""
    rates = rates_at(past, as_of)
    mine = past.only(np.isin(past.customer, who))
    bought = pairs_at(mine, as_of, rates, least_rate=LEAST_RATE)
    of = vectors(past, settings)
    near, strangers = np.zeros(len(bought.customer)), []
    for chunk, others in nearest(of, who, settings.neighbours):
        mean = (others @ of).toarray()
        row = np.full(past.customers, -1)
        row[chunk] = np.arange(len(chunk))
        inside = np.flatnonzero(row[bought.customer] >= 0)
        place = row[bought.customer[inside]], bought.product[inside]
        near[inside] = mean[place]
        mean[place] = -1.0
        strangers.append(best(chunk, mean, new))
    customer, product, score = (np.concatenate(column) for column in zip(*strangers, strict=True))
    fresh = never_bought(past, as_of, rates, customer, product)
    pairs, order = side_by_side(bought, fresh)
    own = np.asarray(of[bought.customer, bought.product]).ravel() if len(bought.customer) else np.zeros(0)
    return Slate(pairs, np.append(near, score)[order], np.append(own, np.zeros(len(customer)))[order])


def best(chunk: Ints, score: Floats, most: int) -> tuple[Ints, Ints, Floats]:
    """The `most` products with the highest positive score of each customer."""
    most = min(most, score.shape[1])
    top = np.argpartition(-score, most - 1, axis=1)[:, :most]
    found = np.take_along_axis(score, top, axis=1)
    keep = found > 0.0
    return np.repeat(chunk, keep.sum(axis=1)), top[keep].astype(np.int64), found[keep]


def side_by_side(bought: Pairs, fresh: Pairs) -> tuple[Pairs, Ints]:
    """Both in one, sorted by customer; and the order that sorts them."""
    customer = np.append(bought.customer, fresh.customer)
    order = np.argsort(customer, kind="stable")

    def both(name: str) -> Any:
        return np.append(getattr(bought, name), getattr(fresh, name))[order]

    signals = {name: np.append(bought.signals[name], fresh.signals[name])[order] for name in SIGNALS}
    columns = {n: both(n) for n in ("product", "orders", "first", "last", "rhythm", "own_rate")}
    return replace(bought, customer=customer[order], signals=signals, **columns), order


def learn_ranking(past: History, as_of: int, settings: Tifu, *, least_products: int, seed: int) -> Ranker:
    """Learn the order from the weeks before as_of: each customer's first basket after an earlier cut."""
    rng = np.random.default_rng(seed)
    known = past.until(as_of)
    first = int(known.day.min(initial=as_of))
    examples = []
    for k in range(1, CUTS + 1):
        cut = as_of - 7 * k
        if cut - first < 14:
            break
        example = _example(known, cut, settings, least_products, rng)
        if example is not None:
            examples.append(example)
    if sum(int(bought.sum()) for _, bought in examples) < LEAST_BOUGHT:
        return Ranker(None, settings)
    return Ranker(_grow(examples, seed), settings)


def _example(
    known: History, cut: int, settings: Tifu, least_products: int, rng: np.random.Generator
) -> tuple[NDArray[np.float32], Bools] | None:
    """Candidates at an earlier cut and whether the next basket held them, thinned where it did not."""
    past = known.until(cut)
    target = first_baskets(known, cut, least_products)
    who = np.intersect1d(np.unique(target.customer), np.unique(past.customer))
    if not len(who):
        return None
    who = np.sort(rng.permutation(who)[:LEARN_CUSTOMERS])
    slate = slate_at(past, cut, who, settings)
    wanted = np.unique(target.customer * known.products + target.product)
    bought = np.isin(slate.pairs.customer * known.products + slate.pairs.product, wanted)
    thin = MOST_NOT_BOUGHT / max(len(bought) - int(bought.sum()), 1)
    keep = np.flatnonzero(bought | (rng.random(len(bought)) < thin))
    return slate.matrix()[keep], bought[keep]


def _grow(examples: list[tuple[NDArray[np.float32], Bools]], seed: int) -> Any:
    import lightgbm as lgb  # noqa: PLC0415  heavy: only who learns pays for it

    matrix = np.vstack([matrix for matrix, _ in examples])
    bought = np.concatenate([bought for _, bought in examples])
    return lgb.train({**TREES, "seed": seed}, lgb.Dataset(matrix, bought), num_boost_round=ROUNDS)


def rank(past: History, as_of: int, ranker: Ranker, who: Ints, most: int) -> Ints:
    """(customers, most) products for the next basket of `who` (sorted codes), best first; -1 beyond."""
    slate = slate_at(past, as_of, who, ranker.settings, max(NEW, most))
    return ranked(slate, ranker.score(slate), who, most)


def ranked(slate: Slate, score: Floats, who: Ints, most: int) -> Ints:
    """(customers, most) products by falling score; -1 where a customer has fewer candidates."""
    customer = slate.pairs.customer
    order = np.lexsort((-score, customer))
    sorted_customer = customer[order]
    rank = np.arange(len(order)) - np.searchsorted(sorted_customer, sorted_customer, side="left")
    found = np.full((len(who), most), -1, dtype=np.int64)
    place = np.searchsorted(who, sorted_customer)
    inside = (rank < most) & np.isin(sorted_customer, who)
    found[place[inside], rank[inside]] = slate.pairs.product[order[inside]]
    return found

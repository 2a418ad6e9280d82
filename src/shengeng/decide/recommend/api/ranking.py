"""The order of products for the next basket, learnt and applied on a shop's history; nothing is stored."""

from __future__ import annotations

import numpy as np
import scipy.sparse as sp

from shengeng.decide.recommend.methods.order import Example, Order, first, learn
from shengeng.kernel.units import Ints
from shengeng.understand.affinity import api as affinity

WEEKS = 6  # earlier weeks to learn from; the newest also calibrates
LEARN_CUSTOMERS = 1_000  # customers a week: enough for the trees, and the time stays the same in a big shop
MOST_NOT_BOUGHT = 60_000  # candidates of a week not bought that the trees see
LEAST_DAYS = 14  # of history before an earlier week


def learn_order(
    past: affinity.History, as_of: int, settings: affinity.Tifu, *, least_products: int, seed: int
) -> Order | None:
    """Learn from each customer's first basket (of least_products and more) after earlier weeks.

    Nothing after day as_of is read. What goes together is taken as it was known before the oldest of these
    weeks, so that no example holds its own answer. None where the history is too thin.
    """
    known = past.until(as_of)
    oldest = int(known.day.min(initial=as_of)) + LEAST_DAYS
    days = [as_of - 7 * week for week in range(1, WEEKS + 1) if as_of - 7 * week >= oldest]
    if not days:
        return None
    links = affinity.linked(known.until(days[-1]), days[-1])
    rng = np.random.default_rng(seed)
    found = [
        _example(known, day, settings, links, least_products=least_products, rng=rng, whole=day == days[0])
        for day in days
    ]
    return learn([example for example in found if example is not None], seed)


def _example(
    known: affinity.History,
    day: int,
    settings: affinity.Tifu,
    links: sp.csr_array,
    *,
    least_products: int,
    rng: np.random.Generator,
    whole: bool,
) -> Example | None:
    """Candidates at an earlier day and whether the next basket held them, thinned where it did not.

    whole: rows that stand for those left out weigh more; else every row weighs the same.
    """
    past = known.until(day)
    target = affinity.first_baskets(known, day, least_products)
    who = np.intersect1d(np.unique(target.customer), np.unique(past.customer))
    if not len(who):
        return None
    who = np.sort(rng.permutation(who)[:LEARN_CUSTOMERS])
    slate = affinity.wide_slate(past, day, who, settings, links)
    wanted = np.unique(target.customer * known.products + target.product)
    bought = np.isin(slate.customer * known.products + slate.product, wanted)
    thin = min(MOST_NOT_BOUGHT / max(len(bought) - int(bought.sum()), 1), 1.0)
    keep = np.flatnonzero(bought | (rng.random(len(bought)) < thin))
    weight = np.where(bought[keep] | (not whole), 1.0, 1.0 / thin)
    return Example(slate.signals[keep], bought[keep], weight)


def ordered(
    past: affinity.History, as_of: int, order: Order, settings: affinity.Tifu, who: Ints, *, most: int
) -> Ints:
    """(customers, most) products for the next basket of `who` (sorted codes), best first; -1 beyond."""
    slate = affinity.wide_slate(past, as_of, who, settings, affinity.linked(past, as_of))
    rows = first(slate.customer, order.score(slate.signals), np.ones(len(slate.customer), bool), most)
    place = np.arange(len(rows)) - np.searchsorted(slate.customer[rows], slate.customer[rows], side="left")
    found = np.full((len(who), most), -1, dtype=np.int64)
    found[np.searchsorted(who, slate.customer[rows]), place] = slate.product[rows]
    return found

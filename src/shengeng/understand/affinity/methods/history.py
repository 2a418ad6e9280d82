"""Who bought what on which day, as sorted columns: what every other method of affinity starts from."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from shengeng.kernel.units import Bools, Floats, Ints


@dataclass(frozen=True, slots=True)
class History:
    """One row a product in an order, sorted by customer, product, day; every code is dense from 0.

    customer, product, basket (an order, numbered in time), day (days since 1970-01-01, local): (rows,) each;
    category, group: (products,) codes of the full category path, and of the groups whose sums are judged.
    """

    customer: Ints
    product: Ints
    basket: Ints
    day: Ints
    category: Ints
    group: Ints
    customers: int
    products: int

    def __post_init__(self) -> None:
        assert len(self.customer) == len(self.product) == len(self.basket) == len(self.day)
        assert len(self.category) == len(self.group) == self.products

    def until(self, as_of: int) -> History:
        """The same history as it was known at the end of a day; nothing after it."""
        return self.only(self.day <= as_of)

    def only(self, keep: Bools) -> History:
        """The rows that are kept; codes stay as they are."""
        return History(
            self.customer[keep],
            self.product[keep],
            self.basket[keep],
            self.day[keep],
            self.category,
            self.group,
            self.customers,
            self.products,
        )


def history(
    customer: Ints, product: Ints, basket: Ints, day: Ints, *, category: Ints, group: Ints
) -> History:
    """Sort and deduplicate order lines: a product counts once an order."""
    order = np.lexsort((basket, day, product, customer))
    columns = [np.ascontiguousarray(column[order]) for column in (customer, product, basket, day)]
    if len(order):
        same = np.ones(len(order), dtype=bool)
        for column in (columns[0], columns[1], columns[2]):
            same[1:] &= column[1:] == column[:-1]
        same[0] = False
        columns = [column[~same] for column in columns]
    customers = int(customer.max()) + 1 if len(customer) else 0
    who, what, order_no, when = columns
    return History(who, what, order_no, when, category, group, customers, len(category))


def first_baskets(whole: History, as_of: int, least_products: int) -> History:
    """Of every customer the first basket after day as_of that holds at least so many products."""
    later = whole.only(whole.day > as_of)
    if not len(later.day):
        return later
    _, index, size = np.unique(later.basket, return_inverse=True, return_counts=True)
    large = later.only(size[index] >= least_products)
    first = np.full(whole.customers, np.iinfo(np.int64).max)
    np.minimum.at(first, large.customer, large.basket)
    return large.only(large.basket == first[large.customer])


MOST_BASKETS = 10  # a product of a large shop is ranked from so many baskets
BASKETS_A_THRESHOLD = 2_000  # and from one basket fewer for each that the shop has not so many of


def threshold(baskets: int) -> int:
    """Baskets that a ranked product needs: 10, in a shop of less than 20,000 baskets fewer."""
    return min(max(baskets // BASKETS_A_THRESHOLD, 1), MOST_BASKETS)


def frequent(whole: History, until: int) -> tuple[int, History, Ints]:
    """How many baskets are enough on day `until`, the history of the products that have them, their codes."""
    before = whole.until(until)
    least = threshold(len(np.unique(before.basket)))
    kept = np.flatnonzero(np.bincount(before.product, minlength=whole.products) >= least)
    code = np.full(whole.products, -1, dtype=np.int64)
    code[kept] = np.arange(len(kept))
    inside = whole.only(code[whole.product] >= 0)
    shop = replace(
        inside,
        product=code[inside.product],
        category=whole.category[kept],
        group=whole.group[kept],
        products=len(kept),
    )
    return least, shop, kept


@dataclass(frozen=True, slots=True)
class Runs:
    """Equal neighbours of sorted columns: run r covers rows start[r] to start[r] + size[r] - 1."""

    start: Ints
    size: Ints
    rows: int

    def total(self, values: Floats) -> Floats:
        """Sum of values within each run."""
        return np.add.reduceat(values, self.start) if self.rows else np.zeros(0)

    def spread(self, values: Ints) -> Ints:
        """One value a run, repeated over its rows."""
        return np.repeat(values, self.size)


def runs(*columns: Ints) -> Runs:
    """The runs of rows that agree on every column (columns sorted together)."""
    rows = len(columns[0])
    if rows == 0:
        return Runs(np.zeros(0, np.int64), np.zeros(0, np.int64), 0)
    new = np.zeros(rows, dtype=bool)
    new[0] = True
    for column in columns:
        new[1:] |= column[1:] != column[:-1]
    start = np.flatnonzero(new).astype(np.int64)
    return Runs(start, np.diff(np.append(start, rows)), rows)

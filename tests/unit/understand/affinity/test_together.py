"""Which products go together, on shops small enough to count by hand."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import numpy as np
import pytest
from tests.factories.facts import START, line, lines_table, products_table

from shengeng.kernel.units import Ints
from shengeng.storage.progress import Silent
from shengeng.storage.stores import Stores
from shengeng.understand.affinity import api
from shengeng.understand.affinity.contracts import GOES_WITH
from shengeng.understand.affinity.methods.history import History, history
from shengeng.understand.affinity.methods.together import SHRINK, Together, together

BREAD, BUTTER, PEN, WHITE_BREAD = range(4)
KINDS = np.array([0, 1, 2, 0], dtype=np.int64)  # both breads are variants of one thing


def _shop(*baskets: tuple[int, tuple[int, ...]]) -> History:
    """(customer, products) a basket; one basket a day."""
    rows = [(c, p, day, day) for day, (c, products) in enumerate(baskets) for p in products]
    customer, product, basket, day = (np.array(column, dtype=np.int64) for column in zip(*rows, strict=True))
    return history(customer, product, basket, day, category=KINDS, group=KINDS)


def _pair(found: Together, product: int, other: int) -> Ints:
    return np.flatnonzero((found.product == product) & (found.other == other))


# Twenty customers of one basket with both, twenty with a pen: 40 baskets, bread and butter in half of them.
BREAKFAST = [(c, (BREAD, BUTTER)) for c in range(20)] + [(20 + c, (PEN,)) for c in range(20)]


def test_a_lift_is_counted_as_by_hand() -> None:
    found = together(_shop(*BREAKFAST), 100, KINDS, 20)
    (row,) = _pair(found, BREAD, BUTTER)
    assert found.together[row] == 20
    assert found.probability[row] == pytest.approx((20 + SHRINK * 0.5) / (20 + SHRINK))
    assert found.lift[row] == pytest.approx(found.probability[row] / 0.5)
    assert not len(_pair(found, BREAD, PEN))


def test_the_next_basket_counts_as_together_and_the_one_before_does_not() -> None:
    twice = [basket for c in range(20) for basket in ((c, (BREAD,)), (c, (BUTTER,)))]
    pens = [(20 + c, (PEN,)) for c in range(60)]
    found = together(_shop(*twice, *pens), 200, KINDS, 20)
    assert found.together[_pair(found, BREAD, BUTTER)].tolist() == [20]
    assert not len(_pair(found, BUTTER, BREAD))


def test_variants_of_one_thing_do_not_go_with_each_other() -> None:
    both = [(c, (BREAD, WHITE_BREAD, BUTTER)) for c in range(20)] + BREAKFAST[20:]
    found = together(_shop(*both), 100, KINDS, 20)
    assert not len(_pair(found, BREAD, WHITE_BREAD))
    assert len(_pair(found, WHITE_BREAD, BUTTER)) == 1


def test_nothing_after_the_day_is_read() -> None:
    shop = _shop(*BREAKFAST, *((c, (BREAD, PEN)) for c in range(40)))
    early, late = together(shop.until(39), 39, KINDS, 20), together(shop, 39, KINDS, 20)
    np.testing.assert_array_equal(early.probability, late.probability)
    assert not len(_pair(late, BREAD, PEN))


def test_no_more_than_wanted_stand_and_the_first_is_the_best() -> None:
    found = together(_shop(*BREAKFAST), 100, KINDS, 1)
    assert found.rank.tolist() == [1] * len(found.rank)
    assert len(np.unique(found.product)) == len(found.product)


def test_an_empty_shop_has_nothing_that_goes_together() -> None:
    assert not len(together(_shop((0, (BREAD,))), 100, KINDS, 20).product)


def _morning(day: int) -> datetime:
    return datetime.combine(START, datetime.min.time()) + timedelta(days=day, hours=9)


def test_the_newest_estimate_that_is_not_later_speaks(stores: Stores) -> None:
    rows = [
        line(f"c{c}", _morning(c % 20), product, order_id=f"o{c}-{c % 20}", line_no=number)
        for c in range(40)
        for number, product in enumerate(("p0001", "p0002") if c < 20 else ("p0003",))
    ]
    day = START + timedelta(days=30)
    with stores.rows.unit() as uow:
        stores.lake.replace(uow, "lines", lines_table(rows=rows))
        stores.lake.replace(uow, "products", products_table().slice(0, 0))
        api.estimate(stores, uow, day, Silent())
        api.estimate(stores, uow, day + timedelta(days=1), Silent())
    found = api.goes_with(stores.lake, day + timedelta(days=5)).to_pyarrow()
    assert found.schema.names == GOES_WITH.names
    assert set(found["as_of"].to_pylist()) == {day}  # a second estimate within four weeks is not needed
    assert {("p0001", "p0002"), ("p0002", "p0001")} == set(
        zip(found["product_id"].to_pylist(), found["other_id"].to_pylist(), strict=True)
    )
    assert api.goes_with(stores.lake, date(2000, 1, 1)).to_pyarrow().num_rows == 0

"""The published chances on small shops, thin shops and empty ones."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pyarrow as pa
import pyarrow.compute as pc
import pytest
from tests.factories.facts import START, Line, line, lines_table, products_table

from shengeng.sense.connect.contracts import LINES, PRODUCTS
from shengeng.storage.progress import Silent
from shengeng.storage.stores import Stores
from shengeng.understand.affinity import api
from shengeng.understand.affinity.contracts import AFFINITY, LEAST_CHANCE, MOST_A_CUSTOMER


def _as_of(table: pa.Table) -> date:
    last: date = max(table["local_date"].to_pylist())
    return last


def _publish(stores: Stores, lines: pa.Table, products: pa.Table, as_of: date) -> pa.Table:
    with stores.rows.unit() as uow:
        stores.lake.replace(uow, "lines", lines)
        stores.lake.replace(uow, "products", products)
        api.estimate(stores, uow, as_of, Silent())
    return api.affinity(stores.lake, as_of).to_pyarrow()


def _regular(customer: str, product: str, every: int, times: int) -> list[Line]:
    start = datetime.combine(START, datetime.min.time()) + timedelta(hours=10)
    return [line(customer, start + timedelta(days=every * k), product) for k in range(times)]


def test_chances_of_a_shop_are_within_bounds_and_ordered(stores: Stores) -> None:
    lines = lines_table(customers=60, days=150)
    rows = _publish(stores, lines, products_table(), _as_of(lines)).to_pandas()
    assert rows["probability"].between(LEAST_CHANCE, 1.0).all()
    assert rows.groupby("customer_id").size().max() <= MOST_A_CUSTOMER
    assert not rows.duplicated(["customer_id", "product_id"]).any()
    assert set(rows["method"]) == {"hazard-trees-1"}


def test_a_favourite_is_likelier_than_a_product_bought_once(stores: Stores) -> None:
    rows = _regular("anna", "milk", 7, 12) + _regular("anna", "vase", 1, 1)
    start = START + timedelta(days=77)
    found = _publish(stores, lines_table(rows=rows), products_table(), start).to_pandas()
    chance = found.set_index("product_id")["probability"]
    assert chance["milk"] > 2 * chance.get("vase", 0.0)


_MORNING = datetime(2025, 1, 6, 9)  # noqa: DTZ001  local_at is naive


@pytest.mark.parametrize("rows", [[], [line("anna", _MORNING)], [line(None, _MORNING)]])
def test_a_shop_with_nothing_to_learn_from_publishes_a_typed_table(stores: Stores, rows: list[Line]) -> None:
    lines = lines_table(rows=rows) if rows else LINES.empty_table()
    found = _publish(stores, lines, PRODUCTS.empty_table(), date(2025, 1, 6))
    assert found.num_rows == 0
    assert [(f.name, f.type) for f in found.schema] == [(f.name, f.type) for f in AFFINITY]
    assert api.dispersion(stores.lake, date(2025, 1, 6)).weeks == 0


def test_nothing_after_the_day_is_read(stores: Stores) -> None:
    whole = lines_table(customers=50, days=150)
    as_of = START + timedelta(days=100)
    known = whole.filter(pc.less_equal(whole["local_date"], pa.scalar(as_of)))
    with_future = _publish(stores, whole, products_table(), as_of)
    assert with_future.equals(_publish(stores, known, products_table(), as_of))


def test_a_customer_sees_the_reason_of_each_next_purchase(stores: Stores) -> None:
    rows = _regular("anna", "milk", 7, 12)
    as_of = START + timedelta(days=84)
    _publish(stores, lines_table(rows=rows), products_table(), as_of)
    (milk,) = api.for_customer(stores.lake, as_of, "anna")
    assert milk.why.code == "due"
    assert milk.why.params["orders"] == 12
    assert milk.why.params["since_days"] == 7
    assert milk.last_on + timedelta(days=round(milk.rhythm_days)) == milk.due_on
    assert api.for_customer(stores.lake, as_of, "nobody") == []

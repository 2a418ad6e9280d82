"""The published estimate of a shop: a row for each living product, and joint draws beside them."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from tests.factories.facts import START, line, lines_table, products_table

from shengeng.sense.connect.contracts import PROMOTIONS
from shengeng.storage.progress import Silent
from shengeng.storage.stores import Stores
from shengeng.understand.demand import api
from shengeng.understand.demand.contracts import DEAD_AFTER_WEEKS, DEMAND, QUANTILES

AS_OF = START + timedelta(days=7 * 16 - 1)


def estimated(stores: Stores, lines: pa.Table, as_of: date = AS_OF) -> pa.Table:
    with stores.rows.unit() as uow:
        stores.lake.append(uow, "lines", lines)
        stores.lake.append(uow, "products", products_table())
        api.estimate(stores, uow, as_of, Silent())
    return api.demand(stores.lake, as_of).to_pyarrow()


def kinds(schema: pa.Schema) -> list[tuple[str, str]]:
    """Names and types; an engine may name the items of a list as it likes."""
    return [
        (field.name, f"list of {field.type.value_type}" if pa.types.is_list(field.type) else str(field.type))
        for field in schema
    ]


def of_all_stores(rows: pa.Table) -> pa.Table:
    return rows.filter(pc.is_null(rows["store_id"])).sort_by("product_id")


def test_every_living_product_gets_ordered_quantiles_for_the_week_after(stores: Stores) -> None:
    rows = estimated(stores, lines_table(days=112))
    whole = of_all_stores(rows)
    assert kinds(rows.schema) == kinds(DEMAND)
    assert whole.num_rows == 24
    assert set(rows["week_start"].to_pylist()) == {AS_OF + timedelta(days=1)}
    levels = np.stack([rows[name].to_numpy() for name in QUANTILES], axis=1)
    assert (np.diff(levels, axis=1) >= 0).all()
    assert (levels >= 0).all()


def test_last_week_is_what_the_seven_days_to_as_of_sold_guests_included(stores: Stores) -> None:
    lines = lines_table(days=112, guest_share=0.5)
    whole = of_all_stores(estimated(stores, lines))
    first = pa.scalar(AS_OF - timedelta(days=6))
    week = lines.filter(
        pc.and_(
            pc.greater_equal(lines["local_date"], first), pc.less_equal(lines["local_date"], pa.scalar(AS_OF))
        )
    )
    sold = {
        row["product_id"]: row["quantity_sum"]
        for row in week.group_by("product_id").aggregate([("quantity", "sum")]).to_pylist()
    }
    assert dict(zip(whole["product_id"].to_pylist(), whole["last_week"].to_pylist(), strict=True)) == {
        product: sold.get(product, 0) for product in whole["product_id"].to_pylist()
    }


def test_draws_stand_beside_the_estimate_product_by_product(stores: Stores) -> None:
    whole = of_all_stores(estimated(stores, lines_table(days=112)))
    joint = api.draws(stores.lake, AS_OF)
    assert joint.product_ids.tolist() == whole["product_id"].to_pylist()
    assert joint.units.shape[1] >= 100
    np.testing.assert_allclose(joint.units.mean(axis=1), whole["mean"].to_numpy(), rtol=0.1, atol=0.15)
    assert api.draws(stores.lake, AS_OF, ["p0003"]).units.tolist() == [joint.units[3].tolist()]


def test_nothing_after_as_of_moves_the_estimate(stores: Stores) -> None:
    known = lines_table(days=112)
    later = lines_table(
        rows=[
            line(
                "c9",
                datetime.combine(AS_OF + timedelta(days=1), datetime.min.time()),
                f"p{p:04d}",
                quantity=500,
            )
            for p in range(24)
        ]
    )
    with_future = estimated(stores, pa.concat_tables([known, later]))
    with stores.rows.unit() as uow:
        stores.lake.replace(uow, "lines", known)
        api.estimate(stores, uow, AS_OF, Silent())
    assert api.demand(stores.lake, AS_OF).to_pyarrow().equals(with_future)


def test_a_product_silent_for_half_a_year_is_left_out(stores: Stores) -> None:
    long_ago = datetime.combine(AS_OF - timedelta(days=7 * DEAD_AFTER_WEEKS + 1), datetime.min.time())
    lines = lines_table(
        rows=[
            line("c1", long_ago, "dead"),
            line("c1", long_ago + timedelta(days=7), "alive", order_id="later"),
        ]
    )
    assert of_all_stores(estimated(stores, lines))["product_id"].to_pylist() == ["alive"]


def test_goods_sold_by_measure_have_no_units_to_forecast(stores: Stores) -> None:
    noon = datetime.combine(AS_OF, datetime.min.time())
    lines = lines_table(
        rows=[
            line("c1", noon, "fuel", quantity=16_000, total_minor=4_000),
            line("c1", noon, "free sample", quantity=2, total_minor=0, order_id="gift"),
        ]
    )
    assert of_all_stores(estimated(stores, lines))["product_id"].to_pylist() == ["free sample"]


def test_an_empty_shop_has_an_empty_estimate(stores: Stores) -> None:
    rows = estimated(stores, lines_table(rows=[]))
    assert rows.num_rows == 0
    assert kinds(rows.schema) == kinds(DEMAND)
    assert api.draws(stores.lake, AS_OF).units.shape[0] == 0


def test_one_order_is_enough_for_a_cautious_estimate(stores: Stores) -> None:
    noon = datetime.combine(AS_OF, datetime.min.time())
    rows = estimated(stores, lines_table(rows=[line(None, noon, "only", quantity=3)]))
    assert rows["last_week"].to_pylist()[0] == 3
    assert 0 < rows["mean"].to_pylist()[0] <= 4


def test_estimating_a_day_twice_changes_nothing(stores: Stores) -> None:
    once = estimated(stores, lines_table(days=112))
    with stores.rows.unit() as uow:
        api.estimate(stores, uow, AS_OF, Silent())
        assert api.estimated_days(stores.lake, uow) == [AS_OF]
    assert api.demand(stores.lake, AS_OF).to_pyarrow().equals(once)


LATER = START + timedelta(days=7 * 40 + 2)


def long_shop(days: int = 7 * 40 + 3) -> pa.Table:
    return lines_table(customers=60, days=days)


def published(stores: Stores) -> tuple[list[object], list[object]]:
    rows = api.demand(stores.lake, LATER).to_pyarrow()
    return rows.to_pylist(), api.draws(stores.lake, LATER).units.tolist()


def again(stores: Stores) -> None:
    with stores.rows.unit() as uow:
        api.estimate(stores, uow, LATER, Silent())


def lessons(stores: Stores) -> list[Any]:
    rows: list[Any] = stores.lake.table("demand_learned").to_pyarrow().to_pylist()
    return rows


def test_what_was_learned_earlier_gives_the_same_estimate_as_learning_it_now(stores: Stores) -> None:
    estimated(stores, long_shop(), LATER)
    first, learned = published(stores), lessons(stores)
    again(stores)
    assert published(stores) == first
    with stores.rows.unit() as uow:
        stores.lake.remove(uow, "demand_learned", partition=api.learned_on(LATER).isoformat())
    again(stores)
    assert published(stores) == first
    assert lessons(stores) == learned


def test_a_line_that_comes_late_teaches_the_level_anew(stores: Stores) -> None:
    estimated(stores, long_shop(), LATER)
    before = lessons(stores)
    late = datetime.combine(START + timedelta(days=100), datetime.min.time())
    with stores.rows.unit() as uow:
        stores.lake.append(uow, "lines", lines_table(rows=[line("late", late, "p0003", quantity=40)]))
    again(stores)
    assert [row["fingerprint"] for row in lessons(stores)] != [row["fingerprint"] for row in before]


def test_the_level_learns_from_no_day_after_its_fourth_sunday(stores: Stores) -> None:
    estimated(stores, long_shop(), LATER)
    before = lessons(stores)
    since = datetime.combine(api.learned_on(LATER) + timedelta(days=1), datetime.min.time())
    with stores.rows.unit() as uow:
        stores.lake.append(uow, "lines", lines_table(rows=[line("new", since, "p0003", quantity=40)]))
        stores.lake.remove(uow, "demand_learned", partition=api.learned_on(LATER).isoformat())
    again(stores)
    assert lessons(stores) == before


def promote(stores: Stores, product_id: str, store_id: str | None, days: int) -> None:
    row = {
        "source": "shop",
        "product_id": product_id,
        "store_id": store_id,
        "kind": "mailer A",
        "starts_on": AS_OF,
        "ends_on": AS_OF + timedelta(days=days),
    }
    with stores.rows.unit() as uow:
        stores.lake.append(uow, "promotions", pa.Table.from_pylist([row], schema=PROMOTIONS))


def test_the_plan_is_put_away_without_its_stores_and_anew_when_it_changes(stores: Stores) -> None:
    for store_id in ("s1", "s2"):
        promote(stores, "p0001", store_id, 6)
    estimated(stores, lines_table(days=112))
    kept = stores.lake.table("demand_planned").to_pyarrow().to_pylist()
    assert [(row["product_id"], row["kind"], row["stores"]) for row in kept] == [("p0001", "mailer", 2)]
    promote(stores, "p0002", None, 6)
    with stores.rows.unit() as uow:
        api.estimate(stores, uow, AS_OF, Silent())
    kept = stores.lake.table("demand_planned").to_pyarrow().sort_by("product_id").to_pylist()
    assert [(row["product_id"], row["stores"]) for row in kept] == [("p0001", 2), ("p0002", 2)]

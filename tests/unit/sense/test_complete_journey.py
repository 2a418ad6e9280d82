"""The Complete Journey as its package holds it: what its columns mean is checked, not believed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import ibis
import pytest
from ibis import _

from shengeng.sense.connect.api import open_folder
from shengeng.sense.connect.contracts import Folder
from shengeng.sense.connect.store import complete_journey
from shengeng.storage.engine import LakeBackend


@pytest.fixture(scope="module")
def folder() -> Iterator[Folder]:
    with open_folder("complete-journey") as opened:
        yield opened


@pytest.fixture(scope="module")
def package(folder: Folder) -> ibis.Table:
    """The transactions as they are in the package."""
    backend = folder.lines.get_backend()
    assert isinstance(backend, LakeBackend)
    return backend.read_parquet(complete_journey.path("transactions"))


def test_every_line_is_taken_but_those_that_say_nothing(folder: Folder) -> None:
    assert (folder.rows, folder.rejected) == (1_469_307, 8_840)
    kinds = folder.lines.group_by("kind").aggregate(n=_.count()).to_pyarrow().to_pylist()
    assert {row["kind"]: row["n"] for row in kinds} == {"sale": 1_460_438, "adjustment": 29}


def test_to_the_cent_the_shop_received_what_the_package_says(folder: Folder, package: ibis.Table) -> None:
    said = package.sales_value.sum().to_pyarrow().as_py()
    assert folder.lines.total_minor.sum().to_pyarrow().as_py() == round(said * 100) == 459_603_958


def test_local_hours_peak_at_five_and_rest_at_four(folder: Folder) -> None:
    hours = folder.lines.group_by(hour=_.local_at.hour()).aggregate(n=_.count()).order_by(_.n)
    found = hours.to_pyarrow()["hour"].to_pylist()
    assert (found[-1], found[0]) == (17, 4)


def test_weeks_of_the_package_begin_on_local_mondays(package: ibis.Table, folder: Folder) -> None:
    weeks = package.select(order_id=_.basket_id.cast("string"), week=_.week).distinct()
    days = folder.lines.select("order_id", "local_date").distinct().join(weeks, "order_id")
    first = ibis.literal(complete_journey.FIRST_MONDAY) + ((days.week - 1) * 7).as_interval("D")
    outside = days.filter(~days.local_date.between(first, first + ibis.interval(days=6)))
    assert outside.count().to_pyarrow().as_py() == 0


def test_shelf_price_is_restored_without_the_makers_coupon(package: ibis.Table) -> None:
    """The same product, store and week have one shelf price, bought with a coupon or without."""
    sold = package.filter(_.quantity > 0).mutate(
        ours=(_.sales_value + _.retail_disc + _.coupon_match_disc) / _.quantity,
        with_coupon=(_.sales_value + _.retail_disc + _.coupon_match_disc + _.coupon_disc) / _.quantity,
    )
    plain = sold.filter((_.coupon_disc == 0) & (_.coupon_match_disc == 0))
    plain = plain.group_by("product_id", "store_id", "week").aggregate(shelf=_.ours.median())
    both = sold.filter(_.coupon_disc > 0).join(plain, ["product_id", "store_id", "week"])
    told = both.aggregate(
        n=_.count(),
        ours=((_.ours - _.shelf).abs() < 0.005).sum(),
        with_coupon=((_.with_coupon - _.shelf).abs() < 0.005).sum(),
    )
    assert told.to_pyarrow().to_pylist() == [{"n": 998, "ours": 992, "with_coupon": 0}]


def test_discounts_are_borne_by_the_seller_and_sum_to_the_list_price(folder: Folder) -> None:
    sales = folder.lines.filter(_.kind == "sale")
    off = sales.filter((_.list_minor - _.total_minor - _.discount_seller_minor).abs() > 1)
    assert off.count().to_pyarrow().as_py() == 0
    assert sales.discount_seller_minor.sum().to_pyarrow().as_py() > 0


def test_products_households_and_campaigns_are_named(folder: Folder) -> None:
    products = folder.products.aggregate(n=_.count(), without=_.department.isnull().sum()).to_pyarrow()
    assert products.to_pylist() == [{"n": 92_331, "without": 0}]
    ice = folder.products.filter(_.product_id == "25671").to_pyarrow().to_pylist()[0]
    assert (ice["title"], ice["category"]) == (
        "Ice - crushed/cubed · 22 lb · National",
        "GROCERY > FRZN ICE > ICE - CRUSHED/CUBED",
    )
    assert folder.customers.count().to_pyarrow().as_py() == 801
    assert folder.touches.count().to_pyarrow().as_py() == 6_589
    assert folder.redemptions.redeemed_on.max().to_pyarrow().as_py() == date(2017, 12, 31)


def test_promotion_runs_cover_exactly_the_weeks_of_the_package(folder: Folder) -> None:
    """One share of 200 of the products, expanded back into weeks."""
    backend = folder.lines.get_backend()
    runs = complete_journey.promotions(backend, share=0, shares=200).to_pyarrow().to_pylist()
    weeks = set()
    for run in runs:
        first, last = (_week(run[end]) for end in ("starts_on", "ends_on"))
        weeks |= {(run["product_id"], run["store_id"], run["kind"], week) for week in range(first, last + 1)}
    told = backend.read_parquet(complete_journey.path("promotions")).filter(_.product_id % 200 == 0)
    expected = set()
    for row in told.to_pyarrow().to_pylist():
        key, week = (str(row["product_id"]), str(row["store_id"])), row["week"] - 1
        for place, kind in (("mailer_location", "mailer"), ("display_location", "display")):
            if row[place] != "0":
                expected.add((*key, f"{kind} {row[place]}", week))
    assert weeks == expected
    assert len(runs) < len(expected)


def _week(day: date) -> int:
    return (day - complete_journey.FIRST_MONDAY).days // 7

"""Stock-ups as the shop proposes, edits and settles them."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pytest
from tests.factories.facts import START, lines_table, products_table

from shengeng.decide.replenish import api
from shengeng.decide.replenish.contracts import Proposals, Terms
from shengeng.kernel.errors import ShopError
from shengeng.storage.progress import Silent
from shengeng.storage.stores import Stores
from shengeng.understand.demand import api as demand

AS_OF = START + timedelta(days=7 * 16 - 1)
TERMS = Terms(margin_rate=0.3, scrap_rate=0.1)


@pytest.fixture
def shop(stores: Stores) -> Stores:
    """A made-up shop with 16 weeks of sales and its estimate."""
    with stores.rows.unit() as uow:
        stores.lake.append(uow, "lines", lines_table(days=112))
        stores.lake.append(uow, "products", products_table())
        demand.estimate(stores, uow, AS_OF, Silent())
    return stores


def proposed(shop: Stores, terms: Terms = TERMS) -> Proposals:
    return api.proposals(shop.lake, AS_OF, terms)


def test_proposals_name_the_product_and_gain_over_last_weeks_sales(shop: Stores) -> None:
    rows = proposed(shop).rows.to_pandas()
    assert len(rows) > 3
    assert rows["title"].notna().all()
    assert rows["department"].notna().all()
    assert (rows["gain_mid_minor"] > 0).all()
    assert rows["gain_mid_minor"].is_monotonic_decreasing
    assert (rows["units"] != rows["default_units"]).all()
    assert (rows["gain_low_minor"] <= rows["gain_high_minor"]).all()
    assert (rows["unit_margin_minor"] == np.rint(rows["unit_price_minor"] * 0.3)).all()


def test_small_gains_are_not_worth_a_persons_time(shop: Stores) -> None:
    everything = proposed(shop).rows["gain_mid_minor"].to_numpy()
    least = int(np.median(everything))
    kept = proposed(shop, Terms(0.3, 0.1, min_gain_minor=least)).rows["gain_mid_minor"].to_numpy()
    assert kept.tolist() == everything[everything >= least].tolist()


def test_the_groups_gain_is_the_sum_of_its_decisions(shop: Stores) -> None:
    found = proposed(shop)
    whole = api.group_interval(found.gains_minor)
    assert whole.mid == pytest.approx(found.rows["gain_mid_minor"].to_numpy().sum(), abs=len(found.rows))
    assert whole.low <= whole.mid <= whole.high


def test_an_edit_is_worth_what_the_proposal_was_when_it_changes_nothing(shop: Stores) -> None:
    row = proposed(shop).rows.to_pylist()[0]
    again = api.regain(
        shop.lake,
        AS_OF,
        row["product_id"],
        units=row["units"],
        default_units=row["default_units"],
        price_minor=row["unit_price_minor"],
        terms=TERMS,
    )
    assert [round(v) for v in (again.low, again.mid, again.high)] == [
        row["gain_low_minor"],
        row["gain_mid_minor"],
        row["gain_high_minor"],
    ]


@pytest.mark.parametrize("units", [-1, 2.5, 10**12])
def test_a_number_of_units_that_nobody_can_stock_is_refused_by_name(shop: Stores, units: float) -> None:
    with pytest.raises(ShopError, match=str(units)) as refused:
        api.regain(shop.lake, AS_OF, "p0001", units=units, default_units=1, price_minor=100, terms=TERMS)
    assert refused.value.code == "bad_stock_units"


def test_an_edit_of_a_product_without_estimate_is_refused(shop: Stores) -> None:
    with pytest.raises(ShopError, match="p9999"):
        api.regain(shop.lake, AS_OF, "p9999", units=1, default_units=1, price_minor=100, terms=TERMS)


def test_settling_uses_the_formula_of_the_proposal() -> None:
    # 10 units against 4 at 2.00: with 7 wanted 3 more are sold and 3 more are left.
    gained = api.realised([10], [4], [7], [200], Terms(margin_rate=0.25, scrap_rate=0.10))
    assert gained.tolist() == [3 * 50 - 3 * 20]


def test_stocking_less_gains_the_scrap_it_avoids_and_loses_the_sales_it_misses() -> None:
    gained = api.realised([4, 4], [10, 10], [3, 8], [200, 200], Terms(margin_rate=0.25, scrap_rate=0.10))
    assert gained.tolist() == [6 * 20, 2 * 20 - 4 * 50]


@pytest.mark.parametrize("terms", [Terms(1.2, 0.1), Terms(0.2, -0.1), Terms(0.0, 0.0)])
def test_rates_that_are_no_shares_are_refused(stores: Stores, terms: Terms) -> None:
    with pytest.raises(ShopError, match="rate"):
        api.proposals(stores.lake, AS_OF, terms)


def test_a_shop_without_an_estimate_has_nothing_to_propose(stores: Stores) -> None:
    found = api.proposals(stores.lake, AS_OF, TERMS)
    assert found.rows.num_rows == 0
    assert api.group_interval(found.gains_minor).high == 0

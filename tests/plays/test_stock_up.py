"""Stock up: in a made-up shop whose demand is known, an odd last week is not taken for the next one."""

from __future__ import annotations

from datetime import datetime, time, timedelta

import numpy as np
import pytest
from tests.factories.decisions import ADMIN, NOW
from tests.factories.facts import START, Line, line, lines_table
from tests.factories.kept import Keep, Kept, Reopen

from shengeng.decide.ledger import api as ledger
from shengeng.decide.ledger.contracts import DecisionRow
from shengeng.govern.shop import api as shop
from shengeng.kernel.errors import ShopError
from shengeng.learn.scorecard import api as scorecard
from shengeng.plays.day import run_day
from shengeng.plays.stock_up import StockUp
from shengeng.storage.progress import Silent
from shengeng.storage.stores import Stores

WEEKS = 30
AS_OF = START + timedelta(days=7 * (WEEKS - 1) - 1)
USUAL, PRICE = 40, 900


def weeks(seed: int = 4) -> list[Line]:
    """Eight products that sell 40 a week; in the last known week p0 sold 4 and p1 sold 120."""
    rng = np.random.default_rng(seed)
    rows = []
    for product in range(8):
        for week in range(WEEKS):
            odd = week == WEEKS - 2
            units = 4 if odd and product == 0 else 120 if odd and product == 1 else int(rng.poisson(USUAL))
            for n, day in enumerate(rng.integers(0, 7, units)):
                at = datetime.combine(START + timedelta(days=7 * week + int(day)), time(9))
                rows.append(
                    line(None, at, f"p{product}", order_id=f"{product}-{week}-{n}", total_minor=PRICE)
                )
    return rows


@pytest.fixture(scope="module")
def after_a_cycle(keep: Keep) -> Kept:
    """The shop after one cycle, at a margin of 25% against a scrap rate of 10%."""
    return keep(_one_cycle)


@pytest.fixture
def stocked(after_a_cycle: Kept, reopen: Reopen) -> Stores:
    """That shop, open."""
    return reopen(after_a_cycle)


def _one_cycle(stores: Stores) -> None:
    with stores.rows.unit() as uow:
        stores.lake.append(uow, "lines", lines_table(rows=weeks()), partition="shop")
        shop.set_assumption(uow, ADMIN, {"margin_rate": 0.25, "scrap_rate": 0.1}, NOW)
    run_day(stores, AS_OF, Silent(), NOW)


def of(stores: Stores, product: str) -> DecisionRow:
    with stores.rows.unit() as uow:
        return ledger.list_decisions(uow, play="stock_up", subject=product)[0][0]


def test_the_story_of_a_stock_up(stocked: Stores) -> None:
    few, many = of(stocked, "p0"), of(stocked, "p1")
    assert (few.default_action["units"], many.default_action["units"]) == (4, 120)
    assert few.action["units"] == pytest.approx(USUAL, abs=16)
    assert many.action["units"] == pytest.approx(USUAL, abs=40)
    for row in (few, many):
        assert row.basis == "policy"
        assert row.gain is not None
        assert row.gain.mid > 0
        assert row.gain.low <= row.gain.mid <= row.gain.high
    # Buying more costs the goods (75% of the price), buying less costs nothing.
    assert few.cost_minor == round((few.action["units"] - 4) * PRICE * 0.75)
    assert many.cost_minor == 0

    # The usual week comes: both were right, by exactly the formula of the expectation.
    run_day(stocked, AS_OF + timedelta(days=7), Silent(), NOW)
    for product in ("p0", "p1"):
        row = of_first(stocked, product)
        assert row.settlement is not None
        wanted = row.settlement.forecast_observed
        assert row.settlement.kind == "policy_replay"
        assert row.settlement.gain_observed_minor == round(
            profit(row.action["units"], wanted) - profit(row.default_action["units"], wanted)
        )
        assert row.settlement.gain_observed_minor > 0
    with stocked.rows.unit() as uow:
        score = scorecard.scorecard(uow, "stock_up").plays[0]
    assert score.in_calibration
    assert score.unit == "minor"


def of_first(stores: Stores, product: str) -> DecisionRow:
    with stores.rows.unit() as uow:
        rows, _ = ledger.list_decisions(uow, play="stock_up", subject=product)
    return min(rows, key=lambda row: row.window_start)


def profit(units: float, wanted: float) -> float:
    sold = min(units, wanted)
    return PRICE * (0.25 * sold - 0.1 * (units - sold))


def test_another_number_of_units_is_worth_what_it_earns_on_the_same_draws(stocked: Stores) -> None:
    row = of(stocked, "p0")
    with stocked.rows.unit() as uow:
        same_as_default = change(stocked, row, {"units": 4}, uow)
    assert same_as_default.gain is not None
    assert row.gain is not None
    assert (same_as_default.gain.mid, same_as_default.cost_minor) == (0, 0)
    with stocked.rows.unit() as uow:
        back = change(stocked, same_as_default, {"units": row.action["units"]}, uow)
    assert back.gain is not None
    assert back.gain.mid == pytest.approx(row.gain.mid, abs=1)


def change(stores: Stores, row: DecisionRow, action: dict[str, object], uow: object) -> DecisionRow:
    return ledger.edit(
        uow,  # type: ignore[arg-type]
        stores.lake,
        StockUp(),
        ADMIN,
        row.id,
        action=action,
        version=row.version,
        why=None,
        now=NOW,
    )


@pytest.mark.parametrize(
    "action",
    [
        {"units": -1},
        {"units": 1.5},
        {"units": float("nan")},
        {"units": 1e308},
        {"units": 10**12},
        {"units": True},
        {},
    ],
)
def test_units_that_nobody_could_stock_are_refused(stocked: Stores, action: dict[str, object]) -> None:
    row = of(stocked, "p0")
    with pytest.raises(ShopError) as refused, stocked.rows.unit() as uow:
        change(stocked, row, action, uow)
    assert refused.value.kind == "invalid"
    assert of(stocked, "p0") == row

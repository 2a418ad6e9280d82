"""A plan in the shop's words: limits kept, what is left, what more would bring, and what is refused."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from shengeng.decide.allocate import api
from shengeng.decide.allocate.contracts import OFFERS, Limits, Plan
from shengeng.kernel.errors import ShopError

CHANNELS = {"message": "sms", "coupon": "sms", "call": "phone"}
COSTS = {"message": 5, "coupon": 400, "call": 1500}


def offers(customers: int = 600, seed: int = 1) -> pa.Table:
    """Three treatments for everybody; dearer ones bring more, most of all to those worth most."""
    rng = np.random.default_rng(seed)
    rows = []
    for c in range(customers):
        worth = float(rng.lognormal(8.5, 1.0))
        tier = "high" if worth > 10_000 else "low"
        for treatment, response in (("message", 0.02), ("coupon", 0.12), ("call", 0.3)):
            mid = worth * response * float(rng.uniform(0.7, 1.3)) - COSTS[treatment]
            rows.append(
                {
                    "customer_id": f"c{c}",
                    "treatment": treatment,
                    "channel": CHANNELS[treatment],
                    "cost_minor": COSTS[treatment],
                    "value_low_minor": mid - 50,
                    "value_mid_minor": mid,
                    "value_high_minor": mid + 100,
                    "tier": tier,
                }
            )
    return pa.Table.from_pylist(rows, schema=OFFERS)


def use(plan: Plan, kind: str, key: str = "") -> tuple[float, float, float | None]:
    """What a plan says of one limit: used, left, brings."""
    found = next(u for u in plan.uses if (u.kind, u.key) == (kind, key))
    return found.used, found.left, found.brings_minor


def test_a_plan_keeps_its_limits_and_says_what_is_left() -> None:
    limits = Limits(120_000, {"phone": 40, "sms": 500}, {"high": 0.5})
    plan = api.allocate(offers(), limits)
    rows = plan.choices.to_pylist()
    assert len({row["customer_id"] for row in rows}) == len(rows) <= plan.customers == 600
    assert plan.spend_minor == sum(row["cost_minor"] for row in rows) <= 120_000
    assert use(plan, "budget")[:2] == (plan.spend_minor, 120_000 - plan.spend_minor)
    calls = sum(row["channel"] == "phone" for row in rows)
    assert use(plan, "channel", "phone")[:2] == (calls, 40 - calls)
    high = sum(row["cost_minor"] for row in rows if row["tier"] == "high")
    assert use(plan, "tier", "high")[0] == pytest.approx(high / 120_000)
    assert high <= 60_000
    assert plan.gain.low < plan.gain.mid < plan.gain.high
    assert plan.gain.mid == pytest.approx(sum(row["value_mid_minor"] for row in rows))
    assert plan.gain.mid <= plan.bound_minor
    assert plan.gap == pytest.approx(1 - plan.gain.mid / plan.bound_minor)
    assert plan.gap < 5e-3


def test_a_shadow_price_says_what_more_of_a_limit_really_brings() -> None:
    wide, table = 4_000, offers(4_000)
    before = Limits(600_000, {"phone": 100}, {"high": 0.6})
    plan = api.allocate(table, before)
    brings = use(plan, "budget")[2]
    assert brings is not None
    more = api.allocate(table, Limits(620_000, before.capacity, before.tier_share))
    less = api.allocate(table, Limits(580_000, before.capacity, before.tier_share))
    assert (more.bound_minor - less.bound_minor) / 4 == pytest.approx(brings, rel=0.05)
    call = use(plan, "channel", "phone")[2]
    assert call is not None
    calls = [api.allocate(table, Limits(600_000, {"phone": n}, {"high": 0.6})).bound_minor for n in (95, 105)]
    assert (calls[1] - calls[0]) / 10 == pytest.approx(call, rel=0.1)
    shares = [api.allocate(table, Limits(600_000, {"phone": 100}, {"high": s})) for s in (0.59, 0.61)]
    share = use(plan, "tier", "high")[2]
    assert share is not None
    assert (shares[1].bound_minor - shares[0].bound_minor) / 2 == pytest.approx(share, rel=0.1)
    assert plan.customers == wide


def test_what_is_left_over_has_no_price() -> None:
    plan = api.allocate(offers(), Limits(10**9, {"phone": 10_000}))
    assert use(plan, "budget")[2] == pytest.approx(0.0, abs=1e-6)
    assert use(plan, "channel", "phone")[2] == pytest.approx(0.0, abs=1e-6)
    assert plan.gap == pytest.approx(0.0, abs=1e-9)


def test_without_limits_everybody_gets_what_is_best_for_them() -> None:
    table = offers()
    best = table.group_by("customer_id").aggregate([("value_mid_minor", "max")])["value_mid_minor_max"]
    plan = api.allocate(table, Limits())
    assert plan.gain.mid == pytest.approx(float(np.maximum(best.to_numpy(), 0).sum()))
    assert plan.uses == []


def test_no_budget_buys_only_what_is_free() -> None:
    table = offers()
    free = table.set_column(3, OFFERS.field("cost_minor"), pa.array([0, 400, 1500] * 600))
    plan = api.allocate(free, Limits(0, {}, {"high": 0.5}))
    assert set(plan.choices["treatment"].to_pylist()) == {"message"}
    assert use(plan, "budget") == (0.0, 0.0, None)
    assert use(plan, "tier", "high")[2] is None
    assert api.allocate(table, Limits(0)).choices.num_rows == 0


def test_nobody_to_offer_anything_is_an_empty_plan() -> None:
    plan = api.allocate(OFFERS.empty_table(), Limits(1000, {"sms": 5}, {"high": 0.1}))
    assert (plan.choices.num_rows, plan.spend_minor, plan.gain.mid, plan.gap) == (0, 0, 0.0, 0.0)


def test_the_order_of_the_offers_does_not_matter() -> None:
    table, limits = offers(), Limits(100_000, {"phone": 30})
    mixed = table.take(pa.array(np.random.default_rng(2).permutation(table.num_rows)))
    assert api.allocate(mixed, limits).gain.mid == pytest.approx(
        api.allocate(table, limits).gain.mid, rel=1e-3
    )


def test_a_curve_rises_and_flattens() -> None:
    table, budgets = offers(3_000), [0, 100_000, 200_000, 400_000, 800_000, 10**8]
    points = api.curve(table, Limits(capacity={"phone": 300}), budgets)
    gains = np.array([point.gain_minor for point in points])
    assert np.all(np.diff(gains) > 0)
    slopes = np.diff(gains) / np.diff(budgets)
    assert np.all(np.diff(slopes) < 1e-6)
    assert all(point.spend_minor <= point.budget_minor for point in points)


@pytest.mark.parametrize(
    ("limits", "names"),
    [
        (Limits(-1), ("budget_minor", "-1")),
        (Limits(10**15), ("budget_minor",)),
        (Limits(100, {"sms": -3}), ("capacity sms", "-3")),
        (Limits(100, {}, {"high": 1.2}), ("tier_share high", "1.2")),
        (Limits(100, {}, {"high": float("nan")}), ("tier_share high", "nan")),
        (Limits(None, {}, {"high": 0.5}), ("high", "budget")),
    ],
)
def test_limits_that_mean_nothing_are_refused(limits: Limits, names: tuple[str, ...]) -> None:
    with pytest.raises(ShopError) as refused:
        api.allocate(offers(3), limits)
    assert refused.value.kind == "invalid"
    assert all(name in refused.value.text("en") for name in names)
    assert refused.value.text("zh") != refused.value.text("en")


@pytest.mark.parametrize(
    ("column", "value"),
    [("value_mid_minor", float("nan")), ("value_high_minor", float("inf")), ("value_low_minor", 1e9)],
)
def test_worths_that_are_no_numbers_are_refused_by_name(column: str, value: float) -> None:
    rows = offers(3).to_pylist()
    rows[4][column] = value
    with pytest.raises(ShopError) as refused:
        api.allocate(pa.Table.from_pylist(rows, schema=OFFERS), Limits(100))
    assert all(word in refused.value.text("en") for word in ("c1", "coupon", "offer 5"))


def test_a_cost_below_nothing_is_refused() -> None:
    rows = offers(2).to_pylist()
    rows[0]["cost_minor"] = -1
    with pytest.raises(ShopError, match="cost_minor"):
        api.allocate(pa.Table.from_pylist(rows, schema=OFFERS), Limits(100))

"""The shop's profile, its clock and its assumptions."""

from __future__ import annotations

import math
from dataclasses import asdict
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st
from tests.factories.door import NOON

from shengeng.govern.audit import api as audit
from shengeng.govern.shop import api, store
from shengeng.govern.shop.methods import checked, default_of
from shengeng.kernel.errors import ShopError
from shengeng.kernel.roles import SHELL, Principal, Role
from shengeng.storage.rows import UnitOfWork
from shengeng.storage.stores import Stores

CARD = api.Provenance(
    "Complete Journey", "US", "2017", "CC0", "发布方称为模拟", "called simulated", "https://example.org"
)
SUNDAY = date(2017, 11, 26)
AN = Principal("an", Role.APPROVER)


def opened(uow: UnitOfWork, **other: Any) -> api.Profile:
    given: dict[str, Any] = {
        "name": "店",
        "timezone": "America/New_York",
        "currency": "USD",
        "provenance": CARD,
    }
    return api.set_profile(uow, SHELL, NOON, **(given | other))


def test_a_home_without_orders_has_no_shop(stores: Stores) -> None:
    with stores.rows.unit() as uow:
        assert api.find_profile(uow) is None
        with pytest.raises(ShopError) as caught:
            api.profile(uow)
        assert caught.value.kind == "not_found"
        with pytest.raises(ShopError):
            api.advance(uow, SUNDAY)


def test_the_profile_comes_back_as_it_was_said(stores: Stores) -> None:
    with stores.rows.unit() as uow:
        opened(uow)
    with stores.rows.unit() as uow:
        found = api.profile(uow)
    assert found == api.Profile("店", "America/New_York", "USD", None, False, CARD)
    assert found.today is None


def test_saying_the_same_again_records_nothing_and_keeps_the_clock(stores: Stores) -> None:
    with stores.rows.unit() as uow:
        opened(uow)
        api.advance(uow, SUNDAY)
        opened(uow)
        assert api.profile(uow).as_of == SUNDAY
        assert len(audit.newest(uow, action="shop").rows) == 1
        opened(uow, name="新店")
        assert api.profile(uow) == api.Profile("新店", "America/New_York", "USD", SUNDAY, False, CARD)


def test_people_plan_the_day_after_what_is_known(stores: Stores) -> None:
    with stores.rows.unit() as uow:
        opened(uow)
        api.advance(uow, SUNDAY)
        assert api.profile(uow).today == SUNDAY + timedelta(days=1)


@pytest.mark.parametrize(
    ("as_of", "now", "present"),
    [
        (None, datetime(2026, 3, 2, 12, tzinfo=UTC), datetime.fromisoformat("2026-03-02T07:00")),
        (date(2026, 3, 1), datetime(2026, 3, 2, 12, tzinfo=UTC), datetime.fromisoformat("2026-03-02T07:00")),
        (date(2026, 1, 26), datetime(2026, 3, 3, 5, tzinfo=UTC), datetime.fromisoformat("2026-03-03")),
        (date(2026, 1, 26), datetime(2026, 3, 3, 5, 1, tzinfo=UTC), datetime.fromisoformat("2026-01-27")),
        (SUNDAY, datetime(2026, 3, 2, 12, tzinfo=UTC), datetime.fromisoformat("2017-11-27")),
        (date(2026, 3, 2), datetime(2026, 3, 2, 12, tzinfo=UTC), datetime.fromisoformat("2026-03-03")),
    ],
)
def test_a_live_shop_stands_at_now_and_a_replayed_one_at_the_end_of_what_it_knows(
    stores: Stores, as_of: date | None, now: datetime, present: datetime
) -> None:
    with stores.rows.unit() as uow:
        opened(uow)
        if as_of:
            api.advance(uow, as_of)
        assert api.moment(uow, now) == present


def test_the_shop_clock_never_goes_back(stores: Stores) -> None:
    with stores.rows.unit() as uow:
        opened(uow)
        api.advance(uow, SUNDAY)
        api.advance(uow, SUNDAY)
        api.advance(uow, SUNDAY + timedelta(days=3))
        with pytest.raises(ShopError) as caught:
            api.advance(uow, SUNDAY + timedelta(days=2))
        assert caught.value.text("en") == (
            "The shop knows everything up to 2017-11-29 already and cannot go back to 2017-11-28."
        )
        assert api.profile(uow).as_of == SUNDAY + timedelta(days=3)


@pytest.mark.parametrize("other", [{"timezone": "Asia/Shanghai"}, {"currency": "CNY"}])
def test_zone_and_currency_are_fixed_once_local_days_are_stored(
    stores: Stores, other: dict[str, str]
) -> None:
    with stores.rows.unit() as uow:
        opened(uow, **other)
        opened(uow)
        api.advance(uow, SUNDAY)
        with pytest.raises(ShopError) as caught:
            opened(uow, **other)
        assert caught.value.code == "shop_fixed"


@pytest.mark.parametrize(
    "wrong",
    [
        {"timezone": "Moon/Tycho"},
        {"timezone": "../etc/passwd"},
        {"currency": "usd"},
        {"currency": "￥"},
        {"name": " "},
        {"name": "x" * 81},
    ],
)
def test_a_wrong_zone_currency_or_name_is_refused_by_its_value(stores: Stores, wrong: dict[str, str]) -> None:
    with stores.rows.unit() as uow, pytest.raises(ShopError) as caught:
        opened(uow, **wrong)
    assert caught.value.kind == "invalid"
    assert next(iter(wrong.values()))[:80] in caught.value.text("zh")


def test_the_defaults_hold_until_somebody_edits_them(stores: Stores) -> None:
    with stores.rows.unit() as uow:
        assert asdict(api.assumptions(uow)) == {
            "margin_rate": 0.25,
            "scrap_rate": 0.10,
            "contact_cost_minor": 1,
            "reminder_response": 0.03,
            "reminders_per_customer": 2,
            "min_gain_minor": 100,
            "horizon_days": 365,
            "plays_per_customer": 1,
            "winback_response": 0.01,
            "winback_coupon_response": 0.03,
            "winback_coupon_rate": 0.10,
            "winback_call_response": 0.08,
            "call_cost_minor": 200,
            "calls_per_week": 40,
            "winback_mid_share": 0.0,
            "complement_response": 0.02,
            "marketing_unknown": 1,
            "identity_most_customers": 3,
        }
        assert all(found.updated_at is None for found in api.assumption_list(uow))


@pytest.mark.parametrize("key", api.LIMITS)
def test_every_assumption_allows_its_default_and_both_bounds_and_says_what_it_means(key: str) -> None:
    limits = api.LIMITS[key]
    for value in (default_of(key), limits.low, limits.high):
        assert checked(key, value) == value
    assert limits.about_zh
    assert limits.about_en


@pytest.mark.parametrize("key", api.LIMITS)
@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf, -0.01, 1e308, 1e6 + 1, -1e308])
def test_nonsense_is_refused_for_every_assumption(key: str, value: float) -> None:
    with pytest.raises(ShopError) as caught:
        checked(key, value)
    assert caught.value.code == "bad_assumption"


@given(st.sampled_from(sorted(api.LIMITS)), st.floats())
def test_what_is_accepted_lies_within_the_bounds(key: str, value: float) -> None:
    try:
        kept = checked(key, value)
    except ShopError:
        return
    assert api.LIMITS[key].low <= kept <= api.LIMITS[key].high
    assert kept == value


def test_what_is_counted_is_whole() -> None:
    with pytest.raises(ShopError) as caught:
        checked("horizon_days", 30.5)
    assert caught.value.text("en") == "horizon_days cannot be 30.5: use a whole number from 7 to 1095."
    assert isinstance(checked("horizon_days", 30.0), int)


def test_an_edit_is_kept_typed_and_audited_with_the_old_value(stores: Stores) -> None:
    with stores.rows.unit() as uow:
        api.set_assumption(uow, AN, {"margin_rate": 0.3, "horizon_days": 90, "scrap_rate": 0.10}, NOON)
    with stores.rows.unit() as uow:
        now = api.assumptions(uow)
        acts = {row.target: row.detail for row in audit.newest(uow, action="shop.assumed").rows}
        edited = {found.key: found.updated_by for found in api.assumption_list(uow)}
    assert (now.margin_rate, now.horizon_days) == (0.3, 90)
    assert isinstance(now.horizon_days, int)
    assert acts == {"margin_rate": {"from": 0.25, "to": 0.3}, "horizon_days": {"from": 365, "to": 90}}
    assert (edited["margin_rate"], edited["scrap_rate"]) == ("an", None)


@pytest.mark.parametrize("wrong", [{"horizon_days": 1}, {"luck": 1.0}, {"margin_rate": math.nan}])
def test_one_wrong_value_keeps_all_the_old_ones(stores: Stores, wrong: dict[str, float]) -> None:
    with stores.rows.unit() as uow:
        with pytest.raises(ShopError) as caught:
            api.set_assumption(uow, AN, {"scrap_rate": 0.5, **wrong}, NOON)
        assert caught.value.kind == "invalid"
        assert api.assumptions(uow) == api.Assumptions()


def test_an_operator_may_not_edit_assumptions(stores: Stores) -> None:
    with stores.rows.unit() as uow, pytest.raises(ShopError) as caught:
        api.set_assumption(uow, Principal("mei", Role.OPERATOR), {"scrap_rate": 0.5}, NOON)
    assert caught.value.kind == "forbidden"


@pytest.mark.parametrize("value", ["'NaN'", "'Infinity'", "-1", "1e13"])
def test_the_database_keeps_no_assumption_that_is_no_number(stores: Stores, value: str) -> None:
    insert = f"insert into shop_assumptions values ('margin_rate', {value}, now(), 'x')"
    with pytest.raises(sa.exc.IntegrityError), stores.rows.unit() as uow:
        uow.conn.execute(sa.text(insert))


def test_there_is_one_shop_in_a_home(stores: Stores) -> None:
    row = {"id": 2, "name": "x", "timezone": "UTC", "currency": "USD", "simulated": False}
    with pytest.raises(sa.exc.IntegrityError), stores.rows.unit() as uow:
        uow.conn.execute(store.shop.insert().values(row))

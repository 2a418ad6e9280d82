"""What delivery costs, where it reaches, and when it arrives."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shengeng.govern.audit import api as audit
from shengeng.kernel.errors import ShopError
from shengeng.kernel.roles import Principal, Role
from shengeng.kernel.words import Words
from shengeng.storage.stores import Stores
from shengeng.trade.fulfilment import api, methods
from shengeng.trade.fulfilment.contracts import DeliveryAsk, Parcel, Rate, Zone

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
MEI = Principal("mei", Role.OPERATOR)
MAINLAND = Zone("mainland", Words("全国", "Mainland"), "CN")
NEAR = Zone("near", Words("江浙沪", "Near"), "CN", ("上海", "江苏", "浙江"))
STANDARD = Rate(
    rate_id="standard",
    zone_id="mainland",
    kind="standard",
    name=Words("标准快递", "Standard"),
    currency="CNY",
    base_minor=1000,
    first_g=1000,
    per_kg_minor=300,
    free_from_minor=9900,
    days_min=2,
    days_max=4,
)
CLOSE = replace(STANDARD, rate_id="standard-near", zone_id="near", base_minor=600, days_min=1, days_max=2)
COLD = replace(
    STANDARD,
    rate_id="cold",
    kind="express",
    name=Words("冷链", "Cold chain"),
    base_minor=2500,
    free_from_minor=None,
    cold_chains=("none", "chilled", "frozen"),
    co2e_g=900,
    co2e_source=Words("承运商声明", "Stated by the carrier"),
)


def ask(region: str, *parcels: Parcel, goods_minor: int = 5000) -> DeliveryAsk:
    return DeliveryAsk("CN", region, "", parcels, goods_minor, "CNY", date(2026, 3, 3))


def offered(*rates: Rate) -> list[tuple[Zone, Rate]]:
    zones = {zone.zone_id: zone for zone in (MAINLAND, NEAR)}
    return [(zones[rate.zone_id], rate) for rate in rates]


@pytest.mark.parametrize(
    ("grams", "price"), [(0, 1000), (1000, 1000), (1001, 1300), (2000, 1300), (2001, 1600), (10_000, 3700)]
)
def test_each_started_kilogram_beyond_the_first_costs(grams: int, price: int) -> None:
    assert methods.price_minor(STANDARD, grams, 0) == price


def test_from_the_free_amount_on_it_is_free() -> None:
    assert methods.price_minor(STANDARD, 50_000, 9899) > 0
    assert methods.price_minor(STANDARD, 50_000, 9900) == 0


def test_bulky_goods_weigh_what_they_fill() -> None:
    pillow = Parcel("pillow", 2, weight_g=400, volume_ml=30_000)
    assert methods.weight_g([pillow], 6000) == 10_000
    assert methods.weight_g([replace(pillow, volume_ml=1)], 6000) == 800
    assert methods.weight_g([Parcel("crumb", 1, volume_ml=1)], 6000) == 1


@given(st.lists(st.integers(0, 10**6), min_size=2), st.integers(0, 10**5))
def test_more_weight_never_costs_less(grams: list[int], per_kg: int) -> None:
    rate = replace(STANDARD, per_kg_minor=per_kg, free_from_minor=None)
    prices = [methods.price_minor(rate, g, 0) for g in sorted(grams)]
    assert all(a <= b for a, b in pairwise(prices))


def test_the_narrowest_zone_counts() -> None:
    book = Parcel("book", 1, weight_g=500)
    [shanghai] = methods.options(ask("上海", book), offered(STANDARD, CLOSE))
    assert (shanghai.option_id, shanghai.price_minor) == ("standard-near", 600)
    assert (shanghai.earliest, shanghai.latest) == (date(2026, 3, 4), date(2026, 3, 5))
    [tibet] = methods.options(ask("西藏", book), offered(STANDARD, CLOSE))
    assert tibet.option_id == "standard"


def test_one_frozen_thing_needs_a_cold_way_for_all() -> None:
    frozen = Parcel("dumplings", 1, weight_g=500, cold_chain="frozen")
    book = Parcel("book", 1, weight_g=500)
    found = methods.options(ask("上海", frozen, book), offered(STANDARD, CLOSE, COLD))
    assert [(option.option_id, option.co2e_g) for option in found] == [("cold", 900)]
    assert methods.options(ask("上海", frozen), offered(STANDARD)) == ()


def test_a_table_of_rates_quotes_and_holds(stores: Stores) -> None:
    table = api.TableOfRates()
    question = ask("浙江", Parcel("book", 3, weight_g=500))
    with stores.rows.unit() as uow:
        api.put_zones(uow, MEI, [MAINLAND, NEAR], NOW)
        api.put_rates(uow, MEI, [STANDARD, CLOSE, COLD], NOW)
        assert {rate.rate_id: rate for rate in api.rates(uow)}["cold"] == COLD
        assert api.zones(uow) == [MAINLAND, NEAR]
        found = table.quote(uow, question, NOW)
        assert [option.option_id for option in found] == ["standard-near", "cold"]
        until = NOW + timedelta(minutes=30)
        held = table.hold(uow, question, "standard-near", "o1", until=until, now=NOW)
        assert (held.option, held.until) == (found[0], until)
        assert table.confirm(uow, "o1", NOW)
        with pytest.raises(ShopError, match="standard does not deliver these goods to 浙江"):
            table.hold(uow, question, "standard", "o1", until=until, now=NOW)
        assert table.quote(uow, replace(question, country="DE"), NOW) == ()
        assert table.quote(uow, replace(question, currency="EUR"), NOW) == ()
        api.put_rates(uow, MEI, [replace(CLOSE, active=False)], NOW)
        assert [option.option_id for option in table.quote(uow, question, NOW)] == ["standard", "cold"]
        acts = {row.action for row in audit.newest(uow, actor="mei").rows}
        assert acts == {"delivery.zone", "delivery.rate"}


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        (replace(STANDARD, rate_id="A B"), "rate_id"),
        (replace(STANDARD, name=Words("", " ")), "name"),
        (replace(STANDARD, base_minor=-1), "base_minor"),
        (replace(STANDARD, free_from_minor=10**15), "free_from_minor"),
        (replace(STANDARD, days_min=5), "days_min"),
        (replace(STANDARD, cold_chains=()), "cold_chains"),
        (replace(STANDARD, volume_per_kg_ml=0), "volume_per_kg_ml"),
        (replace(STANDARD, co2e_g=5), "co2e_source"),
        (replace(STANDARD, co2e_source=Words("x", "x")), "co2e_source"),
        (replace(STANDARD, kind="pickup"), "location_id"),
    ],
)
def test_a_rate_that_cannot_be_kept_is_refused_by_its_field(stores: Stores, wrong: Rate, field: str) -> None:
    with stores.rows.unit() as uow:
        api.put_zones(uow, MEI, [MAINLAND], NOW)
        with pytest.raises(ShopError, match=field):
            api.put_rates(uow, MEI, [wrong], NOW)


def test_a_rate_needs_its_zone_and_a_zone_its_country(stores: Stores) -> None:
    with stores.rows.unit() as uow:
        with pytest.raises(ShopError, match="no zone mainland"):
            api.put_rates(uow, MEI, [STANDARD], NOW)
        with pytest.raises(ShopError, match="country"):
            api.put_zones(uow, MEI, [replace(MAINLAND, country="China")], NOW)

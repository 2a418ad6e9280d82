"""A price is struck through only where it was truly asked: the lowest of the 30 days before."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from shengeng.govern.shop import api as shop
from shengeng.kernel.roles import SHELL
from shengeng.kernel.words import Words
from shengeng.storage.stores import Stores
from shengeng.trade.catalogue import api as catalogue
from shengeng.trade.catalogue.contracts import ProductDraft, VariantDraft
from shengeng.trade.pricing import api
from shengeng.trade.pricing.contracts import PriceSet
from shengeng.trade.pricing.methods import proven

NOW = datetime(2026, 6, 1, tzinfo=UTC)
DAY = timedelta(days=1)
_MOVES = st.lists(
    st.tuples(st.integers(0, 90), st.none() | st.integers(1, 1000)), max_size=8, unique_by=lambda one: one[0]
)


@given(_MOVES, st.integers(1, 1000), st.integers(2, 2000))
def test_what_is_struck_through_was_asked_on_no_day_of_the_thirty_for_less(
    days: list[tuple[int, int | None]], unit: int, claimed: int
) -> None:
    moves = sorted((NOW - DAY * ago, minor) for ago, minor in days)
    found = proven(unit, claimed, moves, NOW)
    began = moves[-1][0] if moves and moves[-1][1] == unit else NOW
    asked = []
    for hour in range(1, 30 * 24):
        moment = began - timedelta(hours=hour)
        before = [minor for since, minor in moves if since <= moment]
        if before and before[-1] is not None:
            asked.append(before[-1])
    if found is None:
        assert not asked or min([claimed, *asked]) <= unit
    else:
        assert unit < found <= claimed
        assert asked
        assert found <= min(asked)


def test_a_price_that_nobody_was_asked_cannot_be_compared_with(stores: Stores) -> None:
    def price(unit: int, claimed: int | None, at: datetime) -> None:
        with stores.rows.unit() as uow:
            api.set_prices(uow, SHELL, "online", [PriceSet("cap", unit, claimed)], at)

    def shown(at: datetime) -> tuple[int, int | None]:
        with stores.rows.unit() as uow:
            found = api.prices(uow, "online", ["cap"], at)["cap"]
            return found.unit_minor, found.compare_at_minor

    with stores.rows.unit() as uow:
        shop.set_profile(uow, SHELL, NOW, name="Caps", timezone="UTC", currency="EUR")
        draft = ProductDraft("cap", Words("帽子", "Cap"), (VariantDraft("cap"),), state="listed")
        catalogue.put_product(uow, SHELL, draft, NOW)
    price(800, 2000, NOW)
    assert shown(NOW + DAY) == (800, None)
    price(1000, None, NOW + 2 * DAY)
    price(700, 2000, NOW + 40 * DAY)
    assert shown(NOW + 41 * DAY) == (700, 1000)
    price(1500, None, NOW + 50 * DAY)
    price(900, 1500, NOW + 60 * DAY)
    assert shown(NOW + 61 * DAY) == (900, None)

"""Who goes too fast at baskets and checkout waits, in words; a crowd behind one address does not."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.factories.door import NOON
from tests.factories.selling import Sold, open_selling
from tests.factories.storefront import Shopfront, open_shopfront

from shengeng.http import pacing
from shengeng.http.pacing import BROWSER, CALL, MAKE, PLACE, Pacing, Rate, network
from shengeng.kernel.errors import ShopError
from shengeng.storage.stores import Stores

LINE = {"sku": "tea", "quantity": 1}
AT_ONCE = int(BROWSER.burst)


@pytest.fixture
def front(stores: Stores) -> Shopfront:
    open_selling(stores, Sold("tea", 1_250, {"store": 3}))
    return open_shopfront(stores)


@given(st.lists(st.tuples(st.floats(0, 30), st.integers(1, 10)), max_size=60))
def test_no_more_passes_than_the_rate_and_who_waits_as_told_passes(
    calls: list[tuple[float, int]],
) -> None:
    rate, now, taken = Rate(20, 2), NOON, 0
    pace = Pacing(rate, Rate(1e9, 1))
    for wait, cost in calls:
        now += timedelta(seconds=wait)
        try:
            pace.admit("mei", "here", cost, now)
        except ShopError as refused:
            now += timedelta(seconds=int(str(refused.params["retry_seconds"])))
            pace.admit("mei", "here", cost, now)
        taken += cost
        assert taken <= rate.burst + rate.per_second * (now - NOON).total_seconds() + 1e-6


def test_a_refused_call_costs_the_address_nothing() -> None:
    pace = Pacing(Rate(1, 1), Rate(3, 1))
    pace.admit("mei", "here", 1, NOON)
    for _ in range(5):
        with pytest.raises(ShopError, match="at once"):
            pace.admit("mei", "here", 1, NOON)
    pace.admit("lin", "here", 1, NOON)
    pace.admit("han", "here", 1, NOON)
    with pytest.raises(ShopError):
        pace.admit("bo", "here", 1, NOON)


def test_memory_is_bounded_and_forgets_who_came_longest_ago(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pacing, "REMEMBERED", 10)
    pace = Pacing(Rate(1, 0.001), Rate(1e9, 1))
    for n in range(50):
        pace.admit(f"b{n}", f"a{n}", 1, NOON)
    assert pace.remembered() == 20
    with pytest.raises(ShopError):
        pace.admit("b49", "a", 1, NOON)
    pace.admit("b0", "a", 1, NOON)


@pytest.mark.parametrize(
    ("address", "sender"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::9", "2001:db8:1:2::/64"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("::1", "::/64"),
        ("testclient", "testclient"),
        ("", ""),
    ],
)
def test_a_sender_is_an_address_or_the_network_of_one_line(address: str, sender: str) -> None:
    assert network(address) == sender


def test_one_browser_waits_its_neighbours_do_not_and_the_basket_is_kept(front: Shopfront) -> None:
    mei, lin = front.shopper(), front.shopper(**{"accept-language": "en"})
    assert mei.post("/v1/store/basket/lines", json=LINE).status_code == 201
    answers = [mei.get("/v1/store/basket") for _ in range(AT_ONCE + 1)]
    assert [one.status_code for one in answers] == [200] * AT_ONCE + [429]
    assert answers[-1].headers["retry-after"] == "1"
    assert answers[-1].json()["error"]["code"] == "too_fast"
    assert lin.post("/v1/store/basket/lines", json=LINE).status_code == 201
    front.wall.wait(seconds=1)
    assert mei.get("/v1/store/basket").json()["units"] == 1


@pytest.mark.parametrize(("start", "words"), [("", "请等待 1 秒"), ("/en", "wait 1 seconds")])
def test_the_page_says_in_words_how_long(front: Shopfront, start: str, words: str) -> None:
    mei = front.shopper()
    assert mei.post(f"{start}/basket/add", data={"sku": "tea"}).status_code == 303
    front.app.state.pacing = Pacing(Rate(1, 1), Rate(1e9, 1))
    assert mei.get(f"{start}/basket").status_code == 200
    refused = mei.get(f"{start}/basket")
    assert (refused.status_code, refused.headers["retry-after"]) == (429, "1")
    assert words in refused.text
    placing = mei.post(f"{start}/checkout", data={})
    assert placing.status_code == 429


def test_a_crowd_of_four_hundred_behind_one_address_buys_at_one_moment() -> None:
    pace = Pacing()
    for n in range(400):
        pace.admit("", "here", MAKE, NOON)
        for cost in (CALL, CALL, CALL + PLACE, CALL):
            pace.admit(f"buyer {n}", "here", cost, NOON)


def test_an_address_that_only_makes_baskets_is_stopped_before_the_database(front: Shopfront) -> None:
    front.app.state.pacing = Pacing(BROWSER, Rate(50, 1))
    codes = [front.shopper().post("/v1/store/basket/lines", json=LINE).status_code for _ in range(12)]
    assert codes == [201] * 10 + [429] * 2


def test_what_a_provider_tells_is_never_made_to_wait(front: Shopfront) -> None:
    front.app.state.pacing = Pacing(Rate(0, 1), Rate(0, 1))
    assert front.shopper().get("/v1/store/basket").status_code == 429
    assert front.shopper().post("/v1/payments/sandbox/notices", content=b"{}").status_code != 429

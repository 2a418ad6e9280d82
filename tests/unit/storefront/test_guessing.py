"""Who guesses at the contact of an order waits, at every way in; who knows it does not."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from tests.factories.selling import REACHED, Sold, buy, open_selling
from tests.factories.storefront import Shopfront, open_shopfront

from shengeng.storage.stores import Stores


@pytest.fixture
def number(stores: Stores) -> str:
    open_selling(stores, Sold("tea", 1_250, {"store": 3}))
    return buy(stores, [("tea", 1)]).order.number


@pytest.fixture
def front(stores: Stores, number: str) -> Shopfront:
    return open_shopfront(stores)


def guess(front: Shopfront, way: str, number: str, contact: str) -> int:
    client = front.shopper()
    if way == "api":
        return client.post("/v1/store/orders/track", json={"number": number, "contact": contact}).status_code
    if way == "form":
        return client.post("/order", data={"number": number, "contact": contact}).status_code
    client.cookies.set("sg_orders", f"{number}:{quote(contact)}")
    return client.get(f"/order/{number}").status_code


@pytest.mark.parametrize("way", ["api", "form", "cookie"])
def test_wrong_contacts_make_an_order_wait_and_then_it_opens_again(
    front: Shopfront, number: str, way: str
) -> None:
    answers = [guess(front, way, number, f"1380000{n:04}") for n in range(12)]
    assert set(answers[:8]) == ({303} if way == "cookie" else {404})
    assert answers[-1] == 429
    assert guess(front, way, number, REACHED.phone or "") == 429
    assert guess(front, way, "0000-0000", "13800138000") != 429  # another order does not wait
    front.wall.wait(minutes=6)
    assert guess(front, way, number, REACHED.phone or "") == (303 if way == "form" else 200)


def test_one_address_does_not_go_through_numbers_for_long(front: Shopfront) -> None:
    answers = [guess(front, "api", f"SG{n:010}", "13800138000") for n in range(70)]
    assert answers[:60] == [404] * 60
    assert 429 in answers[60:]


def test_a_contact_with_words_of_another_script_opens_the_order_and_stays_in_the_browser(
    front: Shopfront, number: str
) -> None:
    client = front.shopper()
    given = {"number": number, "contact": "电话：138-0013-8000&x:y;"}
    assert client.post("/order", data=given).status_code == 303
    assert client.get(f"/order/{number}").status_code == 200

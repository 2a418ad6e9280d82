"""The storefront's orders at the console: found, sent in parts, cancelled, given back, and to nobody else."""

from __future__ import annotations

from typing import Any

import pytest
from fastapi.testclient import TestClient
from tests.factories.door import NOON, Door, open_door
from tests.factories.selling import BACK, Sold, buy, fill, look, open_selling, pay, wish_of
from tests.factories.shopfront import Shopfront, open_shopfront

from shengeng.console.orders import router
from shengeng.kernel.roles import Role
from shengeng.kernel.shoppers import Shopper
from shengeng.storage.stores import Stores
from shengeng.trade.checkout import api as checkout
from shengeng.trade.checkout.contracts import Placed
from shengeng.trade.orders.contracts import Contact

PARCEL = {"carrier": "sf", "tracking_number": "SF1000001"}


@pytest.fixture
def door(stores: Stores) -> Door:
    """The console of a shop that sells tea and cups."""
    door = open_door(stores, [router])
    open_selling(
        stores, Sold("tea", 1_000, {"store": 20}), Sold("cup", 2_500, {"store": 20}), now=door.wall.now
    )
    return door


def paid(door: Door, *lines: tuple[str, int], email: str = "li@example.cn") -> Placed:
    placed = buy(door.stores, lines or (("tea", 3), ("cup", 1)), door.wall.now, contact=Contact(email))
    assert placed.intent is not None
    pay(door.stores, placed.intent, door.wall.now)
    return placed


def shown(client: TestClient, order_id: str) -> dict[str, Any]:
    answer = client.get(f"/v1/trade/orders/{order_id}")
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def free_units(door: Door, sku: str) -> int:
    from shengeng.trade.stock import api as stock  # noqa: PLC0415  (what the console itself does not ask)

    with door.stores.rows.unit() as uow:
        return stock.available(uow, [sku])[sku]


def test_orders_are_listed_newest_first_and_found_by_number_contact_and_variant(door: Door) -> None:
    mei = door.signed_in("mei", Role.OPERATOR)
    numbers = []
    for hour in range(3):
        door.wall.wait(hours=1)
        numbers.append(paid(door, ("tea", hour + 1), email=f"m{hour}@example.cn").order.number)
    first = mei.get("/v1/trade/orders", params={"limit": 2}).json()
    assert ([row["number"] for row in first["rows"]], first["total"]) == (numbers[:0:-1], 3)
    rest = mei.get("/v1/trade/orders", params={"limit": 2, "cursor": first["next"]}).json()
    assert ([row["number"] for row in rest["rows"]], rest["next"]) == (numbers[:1], None)
    for words in (numbers[1], numbers[1][:4].lower(), "m1@example.cn"):
        found = mei.get("/v1/trade/orders", params={"q": words}).json()["rows"]
        assert [row["number"] for row in found] == [numbers[1]]
    for words, many in (("cup", 0), ("tea", 3), ("+86 138-0013-8000", 3), ("8000", 0), ("李雷", 3), ("%", 0)):
        assert mei.get("/v1/trade/orders", params={"q": words}).json()["total"] == many, words
    assert mei.get("/v1/trade/orders", params={"state": "unpaid"}).json()["total"] == 0


def test_an_order_is_shown_with_lines_that_sum_to_its_total(door: Door) -> None:
    found = shown(door.signed_in("mei", Role.OPERATOR), paid(door).order.order_id)
    goods = sum(line["total_minor"] for line in found["lines"])
    assert goods == 3 * 1_000 + 2_500
    assert found["total_minor"] == goods + found["delivery_minor"] - found["delivery_discount_minor"]
    assert found["money"] == {
        "charged_minor": found["total_minor"],
        "refunded_minor": 0,
        "refunding_minor": 0,
    }
    assert (found["states"]["charge"], found["states"]["fulfilment"]) == ("charged", "unshipped")
    assert [event["kind"] for event in found["events"]] == ["placed", "paid"]


def test_an_order_leaves_in_parts_and_never_more_than_was_bought(door: Door) -> None:
    mei = door.signed_in("mei", Role.OPERATOR)
    order_id = paid(door).order.order_id
    path = f"/v1/trade/orders/{order_id}/ship"
    part = mei.post(path, json=PARCEL | {"units": {"1": 2}}).json()
    assert part["states"]["fulfilment"] == "partly_shipped"
    assert [line["still_open"] for line in part["lines"]] == [1, 1]
    more = mei.post(path, json=PARCEL | {"units": {"1": 2}})
    assert more.status_code == 409, more.text
    whole = mei.post(path, json=PARCEL | {"tracking_number": "SF2", "units": {"1": 1, "2": 1}}).json()
    assert (whole["states"]["fulfilment"], len(whole["parcels"])) == ("shipped", 2)
    cancelled = mei.post(f"/v1/trade/orders/{order_id}/cancel", json={"why": "too late"})
    assert (cancelled.status_code, cancelled.json()["error"]["code"]) == (409, "order_shipped")


def test_an_unpaid_order_is_not_sent(door: Door) -> None:
    placed = buy(door.stores, [("tea", 1)], door.wall.now)
    mei = door.signed_in("mei", Role.OPERATOR)
    refused = mei.post(f"/v1/trade/orders/{placed.order.order_id}/ship", json=PARCEL | {"units": {"1": 1}})
    assert (refused.status_code, refused.json()["error"]["code"]) == (409, "order_unpaid")


def test_cancelling_gives_money_and_goods_back_once(door: Door) -> None:
    mei = door.signed_in("mei", Role.OPERATOR)
    before = free_units(door, "tea")
    order = paid(door).order
    assert free_units(door, "tea") == before - 3
    path = f"/v1/trade/orders/{order.order_id}/cancel"
    ended = mei.post(path, json={"why": "asked by phone"}).json()
    assert (ended["state"], ended["states"]["charge"]) == ("cancelled", "refunding")
    assert ended["money"]["refunding_minor"] == order.total_minor
    assert mei.post(path, json={"why": "again"}).status_code == 409
    assert free_units(door, "tea") == before
    audit = door.signed_in("ann", Role.APPROVER).get("/v1/audit", params={"action": "order"}).json()["rows"]
    assert [(row["actor"], row["action"], row["target"]) for row in audit] == [
        ("mei", "order.cancelled", order.number)
    ]


def test_units_leave_an_order_once_however_often_the_button_is_pressed(door: Door) -> None:
    mei = door.signed_in("mei", Role.OPERATOR)
    before = free_units(door, "tea")
    order = paid(door).order
    path = f"/v1/trade/orders/{order.order_id}/reduce"
    wish = {"units": {"1": 2}, "why": "one is enough", "key": "pressed-twice"}
    assert door.signed_in("eve", Role.VIEWER).post(path, json=wish).status_code == 403
    for _ in range(2):
        answer = mei.post(path, json=wish)
        assert answer.status_code == 200, answer.text
        found = answer.json()
        assert [line["still_open"] for line in found["lines"]] == [1, 1]
        assert (found["state"], found["money"]["refunding_minor"]) == ("placed", 2_000)
    assert free_units(door, "tea") == before - 1
    much = mei.post(path, json=wish | {"units": {"1": 2}, "key": "too-much-of-it"})
    assert (much.status_code, much.json()["error"]["code"]) == (409, "not_open")
    ann = door.signed_in("ann", Role.APPROVER)
    audit = ann.get("/v1/audit", params={"action": "order.reduced"}).json()["rows"]
    assert [(row["actor"], row["target"]) for row in audit] == [("mei", order.number)]


def test_notes_are_for_the_shop_only(door: Door, shopfront: Shopfront) -> None:
    mei = door.signed_in("mei", Role.OPERATOR)
    placed = paid(door)
    path = f"/v1/trade/orders/{placed.order.order_id}/notes"
    assert mei.post(path, json={"text": "  "}).status_code == 422
    for text in ("rings first", "leave it at the door"):
        noted = mei.post(path, json={"text": text})
        assert noted.status_code == 201, noted.text
    told = [(note["by"], note["text"]) for note in shown(mei, placed.order.order_id)["notes"]]
    assert told == [("mei", "rings first"), ("mei", "leave it at the door")]
    seen = shopfront.guest().get(
        f"/v1/store/orders/{placed.order.number}", headers={"x-order-secret": placed.secret}
    )
    assert (seen.status_code, "rings first" in seen.text) == (200, False)


def test_a_part_goes_back_once_however_often_the_button_is_pressed(door: Door) -> None:
    ann = door.signed_in("ann", Role.APPROVER)
    order = paid(door).order
    path = f"/v1/trade/orders/{order.order_id}/refund"
    wish = {"amount_minor": 700, "why": "one was broken", "key": "pressed-twice"}
    for _ in range(2):
        assert ann.post(path, json=wish).json()["money"]["refunding_minor"] == 700
    much = ann.post(path, json=wish | {"amount_minor": order.total_minor, "key": "too-much-of-it"})
    assert much.status_code in (409, 422), much.text
    assert shown(ann, order.order_id)["money"]["refunding_minor"] == 700


def test_the_numbers_that_buyers_know_are_told_by_id(door: Door) -> None:
    made = [paid(door).order for _ in range(2)]
    ann = door.signed_in("ann")
    asked = {"order_id": [one.order_id for one in made] + ["no-such-order"]}
    told = ann.get("/v1/trade/orders/numbers", params=asked)
    assert told.json() == {one.order_id: one.number for one in made}
    assert ann.get("/v1/trade/orders/numbers").status_code == 422
    assert ann.get("/v1/trade/orders/numbers", params={"order_id": ["x"] * 101}).status_code == 422
    assert door.stranger().get("/v1/trade/orders/numbers", params=asked).status_code == 401


def test_placed_paid_and_net_are_three_figures(door: Door) -> None:
    ann = door.signed_in("ann", Role.APPROVER)
    order = paid(door).order
    buy(door.stores, [("tea", 1)], door.wall.now)
    (found,) = ann.get("/v1/trade/orders/figures").json()
    assert (found["placed"], found["paid"], found["paid_minor"]) == (2, 1, order.total_minor)
    assert found["placed_minor"] == order.total_minor + 1_000 + order.delivery_minor
    assert found["net_minor"] == found["paid_minor"] - found["refunded_minor"]
    door.wall.wait(days=31)
    assert door.signed_in("ann").get("/v1/trade/orders/figures").json() == []


@pytest.fixture
def shopfront(stores: Stores, door: Door) -> Shopfront:
    """Its storefront."""
    return open_shopfront(stores, door.wall)


def test_no_shopper_sees_pays_or_cancels_another_shoppers_order(door: Door, shopfront: Shopfront) -> None:
    li = shopfront.member("li@example.cn")
    mine = Shopper(li.get("/v1/store/me").json()["member_id"])
    wish = wish_of(look(door.stores, fill(door.stores, mine, [("tea", 1)], NOON), NOON))
    own = checkout.place_patiently(door.stores, mine, wish, "a-members-key", NOON).order.number
    guests = paid(door, email="guest@example.cn").order.number
    assert li.get(f"/v1/store/orders/{own}").status_code == 200
    begin = {"provider": "sandbox", "return_url": BACK}
    for client in (shopfront.member("han@example.cn"), shopfront.guest()):
        for number in (own, guests):
            for method, path, body in (
                ("GET", f"/v1/store/orders/{number}", None),
                ("POST", f"/v1/store/orders/{number}/cancel", {"why": "mine now"}),
                ("POST", f"/v1/store/orders/{number}/reduce", {"units": {"1": 1}, "key": "mine-now"}),
                ("POST", f"/v1/store/orders/{number}/payment", begin),
                ("POST", "/v1/store/orders/track", {"number": number, "contact": "han@example.cn"}),
            ):
                answer = client.request(method, path, json=body, headers={"x-order-secret": "guessed"})
                assert answer.status_code == 404, (method, path, answer.text)
    known = shopfront.guest().post(
        "/v1/store/orders/track", json={"number": guests, "contact": "guest@example.cn"}
    )
    assert known.status_code == 200, known.text

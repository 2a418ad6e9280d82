"""What is on offer stands where it is decided: on the first page, on the goods, in the basket."""

from __future__ import annotations

import gzip
import re

import pytest
from tests.factories.selling import pay
from tests.factories.storefront import Shopfront, fields
from tests.unit.storefront.test_shopping import WHERE, placed, shop

from shengeng.kernel.errors import Lang
from shengeng.storefront.offers import rule_of
from shengeng.storefront.scanning import code_of
from shengeng.trade.orders import api as orders
from shengeng.trade.payments import api as payments
from shengeng.trade.pricing.contracts import Benefit, Tier

__all__ = ["shop"]
TIERS = (Tier(9_900, 1_500), Tier(19_900, off_bp=2_000))


@pytest.mark.parametrize(
    ("benefit", "zh", "en"),
    [
        (Benefit("percent", bp=1_500), "8.5 折", "15% off"),
        (Benefit("percent", bp=1_000, most_minor=5_000), "9 折（最多减 ¥50）", "10% off (up to ¥50)"),
        (Benefit("amount", amount_minor=1_050), "立减 ¥10.50", "¥10.50 off"),
        (Benefit("fixed_price", amount_minor=990), "每件 ¥9.90", "¥9.90 each"),
        (
            Benefit("buy_get", bp=10_000, buy=2, get=1),
            "每买 3 件，价低的 1 件免费",
            "Of every 3, the cheapest is free",
        ),
        (
            Benefit("threshold", tiers=TIERS),
            "满 ¥99 减 ¥15，满 ¥199 打 8 折",
            "¥15 off from ¥99, 20% off from ¥199",
        ),
        (Benefit("threshold", tiers=TIERS[:1], repeats=True), "每满 ¥99 减 ¥15", "¥15 off every ¥99"),
        (Benefit("free_delivery", at_minor=9_900), "满 ¥99 免配送费", "Free delivery from ¥99"),
    ],
)
def test_a_rule_reads_as_the_trade_says_it(benefit: Benefit, zh: str, en: str) -> None:
    langs: tuple[tuple[Lang, str], ...] = (("zh", zh), ("en", en))
    for lang, text in langs:
        assert rule_of(benefit, lang, "CNY") == text


def test_offers_stand_on_the_first_page_the_goods_and_the_basket_and_come_off(shop: Shopfront) -> None:
    client = shop.shopper()
    home = client.get("/en/").text
    assert "Hot pot season" in home
    assert "WELCOME10" in home
    umbrella = client.get("/en/p/umbrella-compact").text
    assert "¥69.00" in umbrella
    assert "<b>¥62.10</b>" in umbrella, "with the ten percent"
    assert "Hot pot season" not in umbrella
    assert '<p class="deal">雨具九折</p>' in client.get("/c/rain").text
    sku = re.findall(r'name="sku" value="([^"]+)"', umbrella)[0]
    client.post("/basket/add", data={"sku": sku, "quantity": "1"})
    basket = client.get("/basket").text
    assert "¥62.10" in basket
    assert "注册后可用" in basket
    client.post("/sign-up", data={"contact": "mei@example.com", "password": "orchard-lamp-7"})
    form = {"code": "WELCOME10", "csrf": fields(client.get("/basket"), "hint-of")["csrf"]}
    used = client.post("/basket/code", data=form, headers={"hx-request": "true"}).text
    assert "¥52.10" in used
    assert "hint-of" not in used


def test_a_search_that_finds_nothing_offers_something_and_says_what_is_only_near(shop: Shopfront) -> None:
    client = shop.shopper()
    nothing = client.get("/en/search?q=量子计算").text
    assert nothing.count('class="card"') == 6
    assert "/en/c/hotpot" in nothing.split('id="shelf"')[1]
    assert "Nothing is just “umbrela”" in client.get("/en/search?q=umbrela").text
    assert "Nothing is just" not in client.get("/en/search?q=brolly").text


def test_an_order_has_a_receipt_for_those_who_may_see_it(shop: Shopfront) -> None:
    client = shop.shopper()
    number = placed(client)
    receipt = client.get(f"/en/order/{number}/receipt")
    assert "Acacia honey" in receipt.text
    assert "¥45.90" in receipt.text
    assert WHERE["phone"] not in receipt.text
    assert shop.shopper().get(f"/en/order/{number}/receipt").status_code == 303


def test_a_guest_takes_part_of_a_paid_order_back_and_the_page_says_so(shop: Shopfront) -> None:
    client = shop.shopper()
    number = placed(client, quantity=3)
    assert 'name="units-' not in client.get(f"/en/order/{number}").text, "what is not paid is cancelled whole"
    with shop.stores.rows.unit() as uow:
        order = orders.track(uow, number, WHERE["phone"], shop.wall.now).order
        intent = payments.intents(uow, [order.order_id])[0]
    pay(shop.stores, intent, shop.wall.now)
    page = client.get(f"/en/order/{number}")
    line = re.findall(r'name="units-(\d+)"', page.text)[0]
    given = {f"units-{line}": "1", "key": fields(page, "/reduce")["key"]}
    assert shop.shopper().post(f"/en/order/{number}/reduce", data=given).status_code == 303
    assert "1 cancelled" not in client.get(f"/en/order/{number}").text, "a stranger takes nothing out"
    for _ in range(2):
        assert client.post(f"/en/order/{number}/reduce", data=given).status_code == 303
    told = client.get(f"/en/order/{number}").text
    assert "1 cancelled" in told
    assert "¥45.90" in client.get(f"/en/order/{number}/receipt").text
    refused = client.post(
        f"/en/order/{number}/reduce", data=given | {f"units-{line}": "3", "key": "another-key"}
    )
    assert refused.status_code == 409
    assert 'role="alert"' in refused.text


def test_pages_go_out_packed_to_those_who_take_that(front: Shopfront) -> None:
    client = front.shopper()
    plain = client.get("/help/returns", headers={"accept-encoding": "identity"})
    packed = client.get("/help/returns", headers={"accept-encoding": "gzip"})
    assert "content-encoding" not in plain.headers
    assert packed.headers["content-encoding"] == "gzip"
    assert int(packed.headers["content-length"]) < len(gzip.compress(plain.content)) + 200
    assert int(packed.headers["content-length"]) < int(plain.headers["content-length"]) / 2
    assert packed.text == plain.text


def test_a_payment_s_code_is_a_drawing_and_nothing_of_its_text() -> None:
    drawn = code_of('weixin://wxpay/bizpayurl?pr="><script>alert(1)</script>')
    assert drawn.startswith("<svg")
    assert "script" not in drawn
    assert "weixin" not in drawn
    assert code_of("a") != code_of("b")

"""From the shelf to the order, by plain forms and by parts of pages, over the sample goods."""

from __future__ import annotations

import json
import re
from html import unescape
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from fastapi.testclient import TestClient
from tests.factories.providers import AlipaySide, Pair
from tests.factories.storefront import Shopfront

from shengeng.kernel.roles import SHELL
from shengeng.sample.loading import load
from shengeng.trade.payments import api as payments

WHERE = {
    "recipient": "李梅",
    "phone": "13800138000",
    "region": "浙江省",
    "city": "杭州市",
    "line": "文三路 1 号",
}
PART = {"hx-request": "true"}


@pytest.fixture
def shop(front: Shopfront) -> Shopfront:
    """The storefront with the sample goods and the sandbox to pay with."""
    with front.stores.rows.unit() as uow:
        load(uow, SHELL, "CNY", front.wall.now)
        payments.set_up_sandbox(uow, front.stores.settings, front.wall.now)
    return front


def placed(client: TestClient, quantity: int = 1, provider: str = "sandbox") -> str:
    """An order of a jar of honey; returns its number."""
    client.post("/basket/add", data={"sku": "honey", "quantity": str(quantity)})
    form = client.post("/checkout/delivery", data=WHERE).text
    hidden = {
        name: re.findall(rf'name="{name}" value="([^"]*)"', form)[0] for name in ("key", "quote", "option")
    }
    answer = client.post("/checkout", data={**WHERE, **hidden, "provider": provider})
    assert answer.status_code == 303, answer.text
    again = client.post("/checkout", data={**WHERE, **hidden, "provider": provider})
    assert again.headers["location"] in (answer.headers["location"], "/basket")
    return answer.headers["location"].split("/")[2]


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/c/clothing",
        "/c/rain",
        "/search?q=雨伞",
        "/search?sort=price&low=10&high=100",
        "/greener",
        "/p/hoodie",
    ],
)
def test_every_page_of_goods_reads_in_both_languages_and_in_parts(shop: Shopfront, path: str) -> None:
    client = shop.shopper()
    for address in (path, f"/en{path}"):
        whole = client.get(address)
        assert whole.status_code == 200
        assert "<title>" in whole.text
        assert 'rel="canonical"' in whole.text or path.startswith("/search")
    if path.startswith(("/c/", "/search", "/p/")):
        part = client.get(path, headers=PART).text
        assert "<title>" not in part
        assert "¥" in part


def test_filters_narrow_and_pages_go_on(shop: Shopfront) -> None:
    client = shop.shopper()
    first = client.get("/en/search").text
    following = re.findall(r'href="([^"]+)" rel="next"', first)[0].replace("&amp;", "&")
    shown = re.findall(r'data-product="([^"]+)"', first)
    assert set(shown).isdisjoint(re.findall(r'data-product="([^"]+)"', client.get(following).text))
    organic = client.get("/en/search?f.label=organic").text
    assert len(re.findall(r'class="claim"', organic)) == len(re.findall(r'class="card"', organic)) > 0


def test_a_product_says_its_variants_its_claims_and_its_offers(shop: Shopfront) -> None:
    client = shop.shopper()
    text = client.get("/en/p/hoodie?sku=hoodie-forest-m").text
    assert text.count('aria-current="true"') >= 2
    described = json.loads(re.findall(r'<script type="application/ld\+json">(.*?)</script>', text)[0])
    thing = described["@graph"][0]
    assert thing["offers"][0]["priceCurrency"] == "CNY"
    assert thing["offers"][0]["price"] == "199.00"
    assert "Sample evidence:" in client.get("/en/p/recycled-tee").text
    assert client.get("/p/nothing").status_code == 404


def test_a_basket_is_filled_changed_and_emptied(shop: Shopfront) -> None:
    client = shop.shopper()
    part = client.post("/basket/add", data={"sku": "honey", "quantity": "2"}, headers=PART)
    assert 'id="count"' in part.text
    assert ">2<" in part.text
    page = client.get("/basket").text
    line = re.findall(r'name="line" value="(\d+)"', page)[0]
    assert client.post("/basket", data={"line": line, "quantity": "3"}).status_code == 303
    assert 'value="3"' in client.get("/basket").text
    refused = client.post("/basket/code", data={"code": "NOSUCHCODE"})
    assert refused.status_code in (303, 422)
    client.post("/basket", data={"line": line, "quantity": "0"})
    assert "购物车是空的" in client.get("/basket").text


def test_what_nobody_sells_is_refused_in_words(shop: Shopfront) -> None:
    answer = shop.shopper().post("/en/basket/add", data={"sku": "gold", "quantity": "1"})
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text


def test_a_guest_orders_follows_and_cancels(shop: Shopfront) -> None:
    client = shop.shopper()
    number = placed(client)
    page = client.get(f"/order/{number}").text
    assert "等待付款" in page
    assert "138****8000" in page
    assert client.get("/basket").text.count('name="line"') == 0
    stranger = shop.shopper()
    assert stranger.get(f"/order/{number}").headers["location"].startswith("/order?number=")
    assert stranger.post("/order", data={"number": number, "contact": "13900139000"}).status_code == 404
    found = stranger.post("/order", data={"number": number, "contact": "13800138000"})
    assert found.headers["location"] == f"/order/{number}"
    assert "等待付款" in stranger.get(f"/order/{number}").text
    assert client.post(f"/order/{number}/cancel").status_code == 303
    assert "已取消" in client.get(f"/order/{number}").text


def test_a_provider_that_is_away_is_said_and_nothing_is_lost(shop: Shopfront) -> None:
    client = shop.shopper()
    number = placed(client)
    page = client.get(f"/en/order/{number}/pay")
    assert page.status_code == 200
    assert 'role="alert"' in page.text


IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)"


@pytest.mark.parametrize(
    ("browser", "method"),
    [
        ("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36", "page"),
        (f"{IPHONE} Version/19.0 Mobile/15E148 Safari/604.1", "wap"),
        (f"{IPHONE} Mobile/15E148 MicroMessenger/8.0.60 NetType/WIFI", "page"),
        ("", "page"),
    ],
)
def test_a_phone_is_led_to_the_providers_page_for_phones(
    shop: Shopfront, tmp_path: Path, browser: str, method: str
) -> None:
    settings = AlipaySide(Pair(), Pair()).settings(tmp_path / "keys")
    with shop.stores.rows.unit() as uow:
        payments.set_up(uow, SHELL, shop.wall.now, "alipay", enabled=True, settings=settings)
    client = shop.shopper(**{"user-agent": browser})
    number = placed(client, provider="alipay")
    page = client.get(f"/order/{number}/pay").text
    said = parse_qs(urlsplit(unescape(re.findall(r'href="(https://openapi[^"]+)"', page)[0])).query)
    assert said["method"] == [f"alipay.trade.{method}.pay"]
    assert json.loads(said["biz_content"][0])["subject"] == f"订单 {number}"


def test_a_wrong_address_keeps_what_was_typed(shop: Shopfront) -> None:
    client = shop.shopper()
    client.post("/basket/add", data={"sku": "honey", "quantity": "1"})
    answer = client.post(
        "/en/checkout", data={**WHERE, "phone": "1", "option": "x", "quote": "x", "key": "k" * 20}
    )
    assert answer.status_code == 422
    assert "is no phone number" in answer.text
    assert 'value="文三路 1 号"' in answer.text


def test_a_member_s_order_stands_in_their_list_and_a_guest_s_basket_comes_along(shop: Shopfront) -> None:
    client = shop.shopper()
    client.post("/basket/add", data={"sku": "honey", "quantity": "2"})
    given = {"contact": "mei@example.com", "password": "orchard-lamp-7"}
    client.post("/sign-up", data=given)
    page = client.get("/basket").text
    assert 'value="2"' in page
    csrf = re.findall(r'name="csrf" value="([^"]+)"', page)[0]
    form = client.post("/checkout/delivery", data={**WHERE, "csrf": csrf}).text
    hidden = {
        name: re.findall(rf'name="{name}" value="([^"]*)"', form)[0] for name in ("key", "quote", "option")
    }
    done = client.post(
        "/checkout", data={**WHERE, **hidden, "provider": "sandbox", "csrf": csrf, "keep": "yes"}
    )
    number = done.headers["location"].split("/")[2]
    assert number in client.get("/account").text
    assert "李梅" in client.get("/account/addresses").text


def test_the_sitemap_lists_what_is_on_sale_in_both_languages(shop: Shopfront) -> None:
    text = shop.shopper().get("/sitemap.xml").text
    assert "<loc>http://127.0.0.1:8601/p/hoodie</loc>" in text
    assert "<loc>http://127.0.0.1:8601/en/p/hoodie</loc>" in text
    assert "/basket" not in text

"""Around the pages: policy, files, robots, guard, errors in words that shoppers read."""

from __future__ import annotations

import gzip
import re

import pytest
from fastapi import APIRouter
from tests.factories.storefront import Shopfront

from shengeng.http import Shop
from shengeng.storefront import guard
from shengeng.storefront.files import address, held
from shengeng.storefront.pages import PAGES

SCRIPT_MOST = 60 * 1024


def test_pages_run_under_a_policy_that_lets_in_nothing_foreign(front: Shopfront) -> None:
    answer = front.shopper().get("/sign-in")
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy
    assert not re.search(r"""<[^>]+ (style|on\w+)=["']""", answer.text)
    assert answer.headers["x-frame-options"] == "DENY"


def test_files_are_kept_for_ever_under_their_own_version(front: Shopfront) -> None:
    client = front.shopper()
    found = client.get(address("shop.css"), headers={"accept-encoding": "gzip"})
    assert "immutable" in found.headers["cache-control"]
    assert found.headers["content-type"].startswith("text/css")
    assert "immutable" not in client.get("/static/old/shop.css").headers["cache-control"]
    assert client.get("/static/old/nothing.css").status_code == 404


def test_scripts_weigh_less_than_a_picture() -> None:
    scripts = [file.raw for name, file in held().items() if name.endswith(".js")]
    assert 0 < sum(len(gzip.compress(raw, 9)) for raw in scripts) < SCRIPT_MOST


@pytest.mark.parametrize(
    ("path", "words"), [("/nothing", "没有找到"), ("/en/nothing", "There is no such page")]
)
def test_what_is_not_there_is_said_in_the_language_of_the_address(
    front: Shopfront, path: str, words: str
) -> None:
    answer = front.shopper(**{"accept-language": "fr"}).get(path)
    assert answer.status_code == 404
    assert words in answer.text


def test_every_page_of_ours_leads_home_in_its_own_language(front: Shopfront) -> None:
    for page, home in (("/sign-in", "/"), ("/en/sign-in", "/en/")):
        client = front.shopper()
        assert f'href="{home}"' in client.get(page).text
        assert client.get(home).status_code == 200
    assert front.shopper().get("/en", follow_redirects=False).headers["location"] == "/en/"


def test_the_api_answers_in_its_own_shape(front: Shopfront) -> None:
    answer = front.shopper().get("/v1/nothing")
    assert answer.json()["error"]["code"] == "no_page"
    described = front.shopper().get("/v1/store/openapi.json").json()
    assert "/v1/track" in described["paths"]
    assert not any(
        path.startswith(("/v1/events", "/v1/operators", "/v1/trade")) for path in described["paths"]
    )


def test_a_form_from_another_site_is_refused(front: Shopfront) -> None:
    client = front.shopper()
    for headers in ({"sec-fetch-site": "cross-site"}, {"origin": "https://elsewhere.example"}):
        answer = client.post("/consent", data={"choice": "yes"}, headers=headers)
        assert answer.status_code == 403
        assert "set-cookie" not in answer.headers


def test_robots_may_read_goods_and_nobodys_orders(front: Shopfront) -> None:
    text = front.shopper().get("/robots.txt").text
    assert "Disallow: /account" in text
    assert "Disallow: /en/checkout" in text
    assert "Sitemap: http://127.0.0.1:8601/sitemap.xml" in text


def test_a_page_that_does_not_ask_who_shops_does_not_start() -> None:
    router = APIRouter()

    @router.get("/open")
    def open_to_all(shop: Shop) -> None:
        """Asks for the stores only."""

    with pytest.raises(AssertionError, match="does not ask who shops"):
        guard.check([router])
    guard.check(PAGES)


def test_a_form_with_more_than_a_form_of_ours_is_refused(front: Shopfront) -> None:
    client = front.shopper()
    assert client.post("/sign-in", data={"contact": "x" * 3000}).status_code == 422
    assert client.post("/sign-in", data={f"f{i}": "x" for i in range(100)}).status_code < 500
    assert (
        client.post("/sign-in", content=b"\xff\xfe", headers={"content-type": "text/plain"}).status_code < 500
    )

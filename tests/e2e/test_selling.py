"""Selling in the console: an order, the member who bought, the money, a promotion, its coupons."""

from __future__ import annotations

import json
import re
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import expect
from tests.e2e.conftest import Console, like, words
from tests.factories.counter import CODE, GOODS, MEMBER

pytestmark = pytest.mark.browser
SCARF = GOODS[0].sku


def rows(console: Console, path: str) -> list[dict[str, Any]]:
    """What a list of the API has."""
    answer = console.context.request.get(f"{console.running.url}/v1/trade/{path}")
    assert answer.ok, answer.text()
    found: list[dict[str, Any]] = answer.json()["rows"]
    return found


def test_an_order_is_found_by_its_number_and_tells_what_happened(console: Console) -> None:
    paid = next(row for row in rows(console, "orders") if row["states"]["charge"] == "charged")
    page = console.open(f"/shop/orders?q={paid['number']}", wait="tbody tr")
    expect(page.locator("tbody tr")).to_have_count(1)
    assert console.serious() == []
    page.get_by_role("link", name=paid["number"]).click()
    expect(page.locator("h1")).to_contain_text(paid["number"])
    for word in ("event.placed", "event.paid"):
        expect(page.locator(".told")).to_contain_text(words(console.lang, "orders", word))
    assert console.serious() == []


def test_a_member_is_found_with_their_orders_and_their_data_can_be_asked_for(console: Console) -> None:
    page = console.open(f"/customers/members?q={MEMBER}", wait="tbody tr")
    page.get_by_role("link", name=MEMBER).click()
    expect(page.locator("h1")).to_contain_text(MEMBER)
    for told in ("老客", "文三路"):
        expect(page.locator(".page")).to_contain_text(told)
    bought = page.get_by_role("table", name=words(console.lang, "members", "orders"))
    expect(bought.locator("tbody tr")).to_have_count(1)
    assert console.serious() == []
    page.get_by_role("link", name=words(console.lang, "members", "data.erase")).click()
    asking = page.get_by_role("dialog")
    person = asking.get_by_label(words(console.lang, "privacy", "form.person"))
    expect(person).to_have_value(re.compile("^m"))
    erasure = asking.get_by_role("radio", name=words(console.lang, "privacy", "kind.erasure"))
    expect(erasure).to_be_checked()


def test_a_statement_is_laid_beside_the_books_and_says_what_to_do_next(console: Console) -> None:
    charge = next(row for row in rows(console, "payments/charges") if row["standing"] == "order")
    lost = next(row for row in rows(console, "payments/intents") if row["state"] == "open")
    lines = [
        f"charge,{charge['provider_ref']},{charge['amount_minor'] / 100:.2f},",
        f"charge,strange-{uuid4().hex[:6]},{lost['amount_minor'] / 100:.2f},{lost['id'].replace('-', '')}",
    ]
    text = "\n".join(["kind,ref,amount,ours", *lines])
    page = console.open("/shop/payments?tab=matching")
    page.locator("input[type=file]").set_input_files(
        {"name": "statement.csv", "mimeType": "text/csv", "buffer": text.encode()}
    )
    lacking = page.locator(
        ".differences", has_text=words(console.lang, "payments", "next.missing_here_charge")
    )
    expect(lacking.locator("tbody tr")).to_have_count(1)
    expect(lacking.locator(".simulated")).to_have_text(words(console.lang, "payments", "sandbox.row"))
    expect(lacking.get_by_role("link")).to_be_visible()
    assert console.serious() == []
    page.get_by_role("link", name=words(console.lang, "payments", "tab.accounts"), exact=True).click()
    page.get_by_role("button", name=words(console.lang, "payments", "account.suspense")).click()
    expect(page.locator("tbody tr")).to_have_count(1)
    expect(page.locator("tbody .simulated")).to_be_visible()


def test_a_promotion_shows_what_it_touches_is_tried_started_and_paused(console: Console) -> None:
    name = f"Scarves {uuid4().hex[:5]}"

    def said(key: str) -> str:
        return words(console.lang, "pricing", key)

    page = console.open("/shop/promotions?edit=new", wait=".touched li")
    form = page.get_by_role("dialog")
    for field in ("form.nameZh", "form.nameEn"):
        form.get_by_label(said(field)).fill(name)
    form.get_by_label(said("form.from")).first.fill("100")
    expect(form.locator(".touched")).to_contain_text("99.00")
    assert console.serious() == []
    form.get_by_role("button", name=said("form.saveDraft")).click()
    expect(page).to_have_url(re.compile(r"one=[0-9a-f-]{36}"))
    made = re.findall(r"one=([0-9a-f-]{36})", page.url)[0]
    basket = json.dumps({"l": [[SCARF, 1]], "a": [made]}, separators=(",", ":"))
    page.goto(f"{console.running.url}/console/shop/promotions?tab=simulator&a={basket}&b={basket}")
    expect(page.locator(".whys .applied")).to_have_count(2)
    expect(page.locator(".whys .applied").first).to_contain_text(name)
    expect(page.locator(".whys .applied").first).to_contain_text(said("bearer.platform"))
    assert console.serious() == []
    page.locator(".whys .applied a").first.click()
    drawer = page.get_by_role("dialog")
    drawer.get_by_role("button", name=said("move.live"), exact=True).click()
    sure = page.get_by_role("dialog", name=like(said("sure.live")))
    expect(sure).to_contain_text(said("sure.unlimited"))
    sure.get_by_role("button", name=said("move.live"), exact=True).click()
    drawer.get_by_role("button", name=said("move.paused"), exact=True).click()
    expect(drawer.locator(".state").first).to_have_text(said("state.paused"))


def test_a_code_is_looked_up_and_a_batch_is_issued_and_ended(console: Console) -> None:
    def said(key: str) -> str:
        return words(console.lang, "pricing", key)

    page = console.open(f"/shop/coupons?code={CODE.lower()}", wait="tbody tr")
    expect(page.locator("tbody tr")).to_contain_text(CODE)
    opened = next(row for row in rows(console, "coupon-batches") if row["code"] == CODE)["promotion_id"]
    mine = {"promotion_id": opened, "name": {"zh": "三张", "en": "Three"}, "count": 3}
    console.write("POST", "/v1/trade/coupon-batches", **mine)
    page = console.open("/shop/coupons", wait="tbody tr")
    page.get_by_role("row", name=re.compile("三张|Three")).first.get_by_role("button").click()
    drawer = page.get_by_role("dialog")
    expect(drawer.locator("tbody tr")).to_have_count(3)
    assert console.serious() == []
    drawer.get_by_role("button", name=said("coupons.end"), exact=True).click()
    page.get_by_role("dialog", name=said("sure.endTitle")).get_by_role(
        "button", name=said("coupons.end")
    ).click()
    expect(drawer.locator("tbody .state").first).to_have_text(said("cstate.expired"))

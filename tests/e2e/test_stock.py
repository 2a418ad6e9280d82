"""Stock in the console: a place, goods that come, are counted and moved, and what stands aside for whom."""

from __future__ import annotations

import re
from uuid import uuid4

import pytest
from playwright.sync_api import expect
from tests.e2e.conftest import Console, words

pytestmark = pytest.mark.browser
STOCK = "/v1/trade/stock"


def test_goods_are_received_counted_and_found_again(console: Console) -> None:
    mine = f"tea-{uuid4().hex[:6]}"
    for key, zh, en in (("e2e-store", "甲店", "First"), ("e2e-central", "乙仓", "Second")):
        kept = {"name": {"zh": zh, "en": en}, "kind": "store", "position": 1}
        console.write("PUT", f"{STOCK}/locations/{key}", **kept)

    def said(key: str) -> str:
        return words(console.lang, "stock", key)

    page = console.open("/supply/stock")
    page.locator(".stockacts").get_by_role("button", name=said("act.receive"), exact=True).click()
    booking = page.get_by_role("dialog")
    booking.get_by_label(said("book.sku").replace("{{n}}", "1")).fill(mine)
    booking.get_by_label(said("book.units").replace("{{n}}", "1")).fill("12")
    assert console.serious() == []
    booking.get_by_role("button", name=said("act.receive"), exact=True).click()
    expect(booking).to_be_hidden()
    page.get_by_label(said("find")).fill(mine)
    row = page.get_by_role("row", name=re.compile(mine))
    expect(row).to_contain_text("12")
    row.get_by_role("button", name=mine).click()
    expect(page).to_have_url(re.compile(f"sku={mine}"))
    drawer = page.get_by_role("dialog")
    drawer.get_by_role("button", name=re.compile(said("book.open"))).click()
    counting = page.get_by_role("dialog", name=said("book.title"))
    counting.get_by_label(said("book.units").replace("{{n}}", "1")).fill("9")
    counting.get_by_role("button", name=said("act.count"), exact=True).click()
    expect(counting).to_be_hidden()
    expect(drawer).to_contain_text("\u22123")
    assert console.serious() == []


def test_what_is_promised_is_not_counted_away_and_the_reason_is_told(console: Console) -> None:
    mine = f"cup-{uuid4().hex[:6]}"
    console.write("PUT", f"{STOCK}/locations/e2e-store", name={"zh": "甲店", "en": "First"}, kind="store")
    line = {"sku": mine, "location_id": "e2e-store", "quantity": 2}
    console.write("POST", f"{STOCK}/receipts", lines=[line])
    page = console.open(f"/supply/stock?book=adjust&of={mine}&at=e2e-store")
    booking = page.get_by_role("dialog")
    units = words(console.lang, "stock", "book.units").replace("{{n}}", "1")
    booking.get_by_label(units).fill("-5")
    booking.get_by_role("button", name=words(console.lang, "stock", "act.adjust"), exact=True).click()
    expect(page.locator(".ant-notification-notice")).to_contain_text(mine)
    expect(booking).to_be_visible()


@pytest.mark.look(width=390)
def test_a_phone_holds_stock_and_rates(console: Console) -> None:
    zone = {"zone_id": "e2e", "name": {"zh": "全国", "en": "Everywhere"}, "country": "CN"}
    rate = {"rate_id": "e2e", "zone_id": "e2e", "kind": "standard", "name": {"zh": "快递", "en": "Courier"}}
    price = {"currency": "CNY", "base_minor": 1000, "days_min": 1, "days_max": 3}
    console.write("PUT", "/v1/trade/delivery/zones", rows=[zone])
    console.write("PUT", "/v1/trade/delivery/rates", rows=[rate | price])
    console.write("PUT", f"{STOCK}/quotas", sku="coat", supply="presale", quota=5)
    for tab, wait in (
        ("levels", "h1"),
        ("movements", "h1"),
        ("quotas", "tbody tr"),
        ("delivery", "tbody tr"),
    ):
        console.open(f"/supply/stock?tab={tab}", wait)
        assert console.overflow() <= 0, tab
        assert console.serious() == [], tab

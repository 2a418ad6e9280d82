"""Products and counts as files in the console: seen before they are done, done as a whole; prices of many."""

from __future__ import annotations

import re
from uuid import uuid4

import pytest
from playwright.sync_api import FilePayload, Locator, expect
from tests.e2e.conftest import Console, words

pytestmark = pytest.mark.browser


def file_of(text: str) -> FilePayload:
    return {"name": "shop.csv", "mimeType": "text/csv", "buffer": text.encode()}


def choose(drawer: Locator, text: str) -> None:
    drawer.locator("input[type=file]").set_input_files(file_of(text))


def counted(console: Console, file: str, key: str, count: int) -> str:
    plural = "one" if console.lang == "en" and count == 1 else "other"
    return words(console.lang, file, f"{key}_{plural}").replace("{{count}}", str(count))


@pytest.mark.look(width=390)
def test_a_file_is_seen_before_it_is_written_and_prices_of_many_change_at_once(console: Console) -> None:
    mine = f"tea-{uuid4().hex[:6]}"
    head = "product_id,sku,title_zh,title_en,state,price"
    page = console.open("/shop/products?table=open")
    drawer = page.get_by_role("dialog")
    choose(drawer, f"{head}\n{mine},{mine},龙井 {mine},Tea {mine},sold,68\n")
    expect(drawer.get_by_role("alert")).to_contain_text("1")
    expect(drawer.get_by_role("row", name=re.compile("sold"))).to_be_visible()
    assert console.serious() == []
    choose(drawer, f"{head}\n{mine},{mine},龙井 {mine},Tea {mine},listed,68\n")
    drawer.get_by_role("button", name=counted(console, "catalogue", "table.act", 1)).click()
    expect(drawer).to_be_hidden()
    page = console.open(f"/shop/products?q={mine}")
    expect(page.get_by_role("row", name=re.compile(mine))).to_contain_text("68")
    assert console.overflow() <= 0
    page.get_by_role("row", name=re.compile(mine)).get_by_role("checkbox").check()
    page.get_by_role("button", name=words(console.lang, "catalogue", "bulk.prices")).click()
    prices = page.get_by_role("dialog")
    prices.get_by_label(words(console.lang, "catalogue", "bulk.value.percent")).fill("-25")
    expect(prices.get_by_role("row", name=re.compile(mine))).to_contain_text("51.00")
    assert console.serious() == []
    prices.get_by_role("button", name=counted(console, "catalogue", "bulk.act", 1)).click()
    expect(prices).to_be_hidden()
    expect(page.get_by_role("row", name=re.compile(mine))).to_contain_text("51")


def test_a_counted_sheet_is_booked_as_it_was_seen(console: Console) -> None:
    mine = f"cup-{uuid4().hex[:6]}"
    console.write(
        "PUT", "/v1/trade/stock/locations/e2e-store", name={"zh": "甲店", "en": "First"}, kind="store"
    )
    line = {"sku": mine, "location_id": "e2e-store", "quantity": 5}
    console.write("POST", "/v1/trade/stock/receipts", lines=[line])
    page = console.open("/supply/stock?sheet=open")
    drawer = page.get_by_role("dialog")
    choose(drawer, f"sku,location_id,counted\n{mine},e2e-store,3\n")
    expect(drawer.get_by_role("row", name=re.compile(mine))).to_contain_text("\u22122")
    assert console.serious() == []
    drawer.get_by_role("button", name=counted(console, "stock", "sheet.act", 1)).click()
    expect(drawer).to_be_hidden()
    levels = console.open(f"/supply/stock?q={mine}")
    expect(levels.get_by_role("row", name=re.compile(mine))).to_contain_text("3")

"""Products in the console: one is written with its price, found again, and put on sale."""

from __future__ import annotations

import re
from uuid import uuid4

import pytest
from playwright.sync_api import expect
from tests.e2e.conftest import Console, words

pytestmark = pytest.mark.browser


def test_a_product_is_written_found_and_put_on_sale(console: Console) -> None:
    mine = f"tea-{uuid4().hex[:6]}"

    def said(key: str) -> str:
        return words(console.lang, "catalogue", key)

    page = console.open("/shop/products?one=%2B")
    drawer = page.get_by_role("dialog")
    drawer.get_by_label(said("col.id")).fill(mine)
    drawer.get_by_label(said("form.titleZh")).fill(f"龙井 {mine}")
    drawer.get_by_label("SKU").fill(mine)
    drawer.get_by_label(said("form.unit_minor"), exact=True).fill("68")
    drawer.get_by_role("button", name=words(console.lang, "common", "act.save"), exact=True).click()
    expect(page).to_have_url(re.compile(f"one={mine}"))
    assert console.serious() == []
    drawer.get_by_role("button", name=said("move.listed"), exact=True).click()
    expect(drawer.get_by_role("button", name=said("move.draft"), exact=True)).to_be_visible()
    listed = console.open(f"/shop/products?q={mine}&state=listed")
    row = listed.get_by_role("row", name=re.compile(mine))
    expect(row).to_contain_text("68")
    assert console.serious() == []

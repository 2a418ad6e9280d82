"""What the shop stands on, in the console: a category below another, a list of prices for some time."""

from __future__ import annotations

import re
from uuid import uuid4

import pytest
from playwright.sync_api import expect
from tests.e2e.conftest import Console, words

pytestmark = pytest.mark.browser


def test_a_category_is_made_below_another_and_named_anew(console: Console) -> None:
    def said(key: str) -> str:
        return words(console.lang, "setup", key)

    mine = f"c-{uuid4().hex[:6]}"
    for key, above in ((mine, None), (f"{mine}-b", f"茶 {mine}")):
        page = console.open("/shop/setup?edit=%2B")
        drawer = page.get_by_role("dialog")
        drawer.get_by_label(said("setup.key"), exact=True).fill(key)
        drawer.get_by_label(said("setup.nameZh")).fill(f"茶 {key}")
        if above:
            drawer.get_by_label(said("category.below")).fill(above)
            page.get_by_title(above, exact=True).click()
        drawer.get_by_role("button", name=re.compile(r"\s?".join(said("setup.keep")))).click()
        expect(page.get_by_role("button", name=f"茶 {key}", exact=True)).to_be_visible()
    assert console.serious() == []
    page.get_by_role("button", name=f"茶 {mine}-b", exact=True).click()
    page.get_by_role("dialog").get_by_label(said("setup.nameZh")).fill(f"红茶 {mine}")
    page.get_by_role("dialog").get_by_role("button", name=re.compile(r"\s?".join(said("setup.keep")))).click()
    expect(page.get_by_role("button", name=f"红茶 {mine}", exact=True)).to_be_visible()


def test_a_list_for_some_time_stands_among_the_price_lists(console: Console) -> None:
    def said(key: str) -> str:
        return words(console.lang, "setup", key)

    mine = f"双十二 {uuid4().hex[:6]}"
    page = console.open("/shop/prices?new=list")
    drawer = page.get_by_role("dialog")
    drawer.get_by_label(said("prices.nameZh")).fill(mine)
    make = drawer.get_by_role("button", name=re.compile(r"\s?".join(said("prices.make"))))
    make.click()
    expect(drawer.get_by_text(said("prices.needTierOrTime"))).to_be_visible()
    drawer.get_by_label(said("prices.starts")).fill("2099-12-12T00:00")
    make.click()
    expect(page.get_by_role("dialog", name=mine)).to_contain_text(said("prices.empty"))
    page = console.open("/shop/prices")
    expect(page.get_by_role("row", name=re.compile(mine))).to_contain_text(said("prices.coming"))
    assert console.serious() == []

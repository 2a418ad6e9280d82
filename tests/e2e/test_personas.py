"""The personas page and the scenes on a customer's page, in both languages."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect
from tests.e2e.conftest import Console, words

pytestmark = pytest.mark.browser


def test_a_scene_is_chosen_and_its_members_lead_to_their_own_page(console: Console) -> None:
    page = console.open("/customers/personas", wait=".scenes li")
    second = page.locator(".scenes button").nth(1)
    name = second.locator("span").inner_text()
    second.click()
    expect(page).to_have_url(re.compile("persona=p"))
    expect(page.locator("#persona")).to_have_text(name)
    page.reload()
    expect(page.locator("#persona")).to_have_text(name)
    assert console.serious() == []
    assert console.overflow() <= 0
    page.locator(".members tbody a").first.click()
    belonging = page.locator("section[aria-labelledby=belonging]")
    expect(belonging.locator("details").first).to_contain_text(name)
    expect(belonging.locator("details[open] li").first).to_be_visible()
    assert console.serious() == []


@pytest.mark.look(width=390)
def test_a_phone_holds_the_page_without_scrolling_sideways(console: Console) -> None:
    page = console.open("/customers/personas", wait=".scenes li")
    expect(page.locator(".members tbody tr").first).to_be_visible()
    assert console.overflow() <= 0


def test_a_customer_of_few_baskets_reads_why_nothing_is_said(console: Console) -> None:
    page = console.open("/customers/personas", wait=".scenes li")
    placed = page.locator(".scenes button").count()
    assert placed >= 1
    few = words(console.lang, "personas", "mine")
    console.open("/customers/c0003", wait="section[aria-labelledby=belonging] h2")
    expect(page.locator("#belonging")).to_contain_text(few)


def test_a_scene_leads_to_its_customers_and_the_link_keeps_them(console: Console) -> None:
    page = console.open("/customers/personas", wait=".scenes li")
    name = page.locator("#persona").inner_text()
    page.get_by_role("link", name=words(console.lang, "personas", "inList")).click()
    expect(page).to_have_url(re.compile("/customers\\?persona=p"))
    chosen = page.locator(".w-persona")
    expect(chosen).to_contain_text(name)
    expect(page.locator("tbody tr").first).to_be_visible()
    shown = page.locator(".lead").inner_text()
    page.reload()
    expect(chosen).to_contain_text(name)
    expect(page.locator(".lead")).to_have_text(shown)
    page.get_by_role("button", name=words(console.lang, "common", "table.clear")).click()
    expect(page).not_to_have_url(re.compile("persona="))
    expect(page.locator(".lead")).not_to_have_text(shown)
    assert console.serious() == []


@pytest.mark.look(width=390)
def test_a_phone_holds_the_filter_by_scene(console: Console) -> None:
    page = console.open("/customers?persona=p1", wait=".w-persona")
    expect(page.locator("tbody tr").first).to_be_visible()
    assert console.overflow() <= 0

"""What other budgets would bring, as people try it in both languages."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect
from tests.e2e.conftest import Console, like, words

pytestmark = pytest.mark.browser

PATH = "/decisions/allocation"
EVERYBODY = f"{PATH}?tiers=high,mid,low"


def test_a_budget_is_answered_at_once_and_kept_in_the_address(console: Console) -> None:
    page = console.open(EVERYBODY, wait="#prices")
    field = page.get_by_label(words(console.lang, "allocation", "budget"), exact=True)
    field.fill("1")
    expect(page).to_have_url(re.compile(r"budget=1(&|$)"))
    said = page.locator(".prices li")
    expect(said.filter(has_text=words(console.lang, "allocation", "name.budget")).first).to_be_visible()
    page.reload()
    expect(field).to_have_value(re.compile(r"^1(\.0+)?$"))
    expect(page.locator("section:has(#curve) .chart svg")).to_be_visible()
    page.get_by_role("button", name=words(console.lang, "allocation", "reset"), exact=True).click()
    expect(page).not_to_have_url(re.compile("budget="))


def test_a_limit_says_in_words_what_one_more_brings(console: Console) -> None:
    page = console.open(f"{EVERYBODY}&calls=1&ways=call", wait="#prices")
    phone = page.locator(".prices li").last
    expect(phone).to_contain_text(like(words(console.lang, "allocation", "used")))
    expect(page.locator("section:has(#worth)")).to_contain_text(
        words(console.lang, "common", "basis.assumed")
    )
    expect(page.locator("section:has(#who) thead th")).to_have_count(3)


def test_a_share_needs_a_budget(console: Console) -> None:
    page = console.open(f"{EVERYBODY}&budget=none&high=50", wait="#worth")
    high = words(console.lang, "lifecycle", "tiers.high")
    field = page.get_by_label(words(console.lang, "allocation", "share").replace("{{tier}}", high))
    expect(field).to_be_disabled()
    expect(page.get_by_role("alert")).to_have_count(0)


def test_nothing_chosen_says_what_to_do(console: Console) -> None:
    page = console.open(f"{PATH}?ways=", wait=".blank")
    page.get_by_role("button", name=words(console.lang, "allocation", "chooseUsual"), exact=True).click()
    expect(page).not_to_have_url(re.compile("ways="))


@pytest.mark.look(width=390, mode="dark")
def test_axe_finds_nothing_serious_on_a_phone_in_the_dark(console: Console) -> None:
    console.open(EVERYBODY, wait=".chart svg")
    assert console.serious() == []
    assert console.overflow() <= 0


def test_axe_finds_nothing_serious(console: Console) -> None:
    console.open(f"{EVERYBODY}&budget=1&calls=1", wait=".chart svg")
    assert console.serious() == []

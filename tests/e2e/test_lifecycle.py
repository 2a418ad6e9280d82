"""Stages, their boundaries and the economics of customers, as people use them in both languages."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect
from tests.e2e.conftest import Console, like, words

pytestmark = pytest.mark.browser


def test_a_number_of_the_matrix_leads_to_the_customers_behind_it(console: Console) -> None:
    page = console.open("/customers/lifecycle", wait="table.matrix tbody tr")
    cell = page.locator("table.matrix").first.locator("tbody tr").first.locator("xpath=../tr").nth(2)
    link = cell.locator("td a").last
    count = re.sub(r"\D", "", link.inner_text())
    link.click()
    expect(page).to_have_url(re.compile(r"/customers\?stage=settled"))
    expect(page.locator("p.lead").first).to_contain_text(count)


def test_a_boundary_says_who_would_move_before_it_is_saved(console: Console) -> None:
    page = console.open("/customers/lifecycle?open=thresholds", wait=".boundaries li")
    field = page.get_by_label(words(console.lang, "lifecycle", "threshold.tier_high_share"))
    before = field.input_value()
    field.fill("20")
    field.press("Tab")
    moved = page.locator(".deciding strong")
    expect(moved).to_have_text(like(words(console.lang, "lifecycle", "wouldMove_other")))
    page.get_by_role("button", name=words(console.lang, "common", "act.save"), exact=True).click()
    expect(page.locator(".deciding")).to_have_count(0)
    expect(field).to_have_value("20")
    console.write("PATCH", "/v1/lifecycle/thresholds", thresholds={"tier_high_share": float(before) / 100})


def test_the_flow_keeps_its_period_in_the_address(console: Console) -> None:
    page = console.open("/customers/lifecycle", wait="table.matrix tbody tr")
    page.get_by_label(words(console.lang, "lifecycle", "by")).get_by_text(
        words(console.lang, "lifecycle", "tier"), exact=True
    ).click()
    expect(page).to_have_url(re.compile("by=tier"))
    page.reload()
    expect(page.locator("table.matrix").nth(1).locator("thead th")).to_have_count(5)


def test_a_band_of_the_flow_leads_to_the_customers_who_moved(console: Console) -> None:
    page = console.open("/customers/lifecycle", wait=".sankey svg")
    cell = page.locator("table.matrix").nth(1).locator("td button").first
    count = cell.inner_text()
    cell.click()
    expect(page).to_have_url(re.compile(r"[?&]now="))
    drawer = page.locator(".ant-drawer")
    expect(drawer.locator(".dfoot")).to_contain_text(count)
    drawer.get_by_role("button", name=words(console.lang, "common", "table.menu")).click()
    with page.expect_download() as loaded:
        drawer.get_by_role("menuitem", name=words(console.lang, "common", "table.csv")).click()
    assert len(loaded.value.path().read_text("utf-8").splitlines()) == int(count.replace(",", "")) + 1
    page.keyboard.press("Escape")
    expect(page).not_to_have_url(re.compile(r"[?&]now="))
    stayed = page.locator(".sankey [data-move='settled-settled'] path.reach")
    stayed.dispatch_event("click")
    expect(page).to_have_url(re.compile("was=settled&now=settled"))
    page.locator(".ant-drawer tbody a").first.click()
    expect(page).to_have_url(re.compile("/customers/c"))


def test_a_customer_shows_their_stage_and_why(console: Console) -> None:
    page = console.open("/customers/c0003", wait="#standing")
    expect(page.locator("section:has(> #standing) strong")).to_be_visible()


def test_spend_that_is_brought_gives_a_cost_and_says_what_it_did_not_take(
    console: Console, tmp_path: Path
) -> None:
    page = console.open("/customers/economics", wait="#payback")
    page.get_by_role("button", name=words(console.lang, "economics", "bring")).first.click()
    # Simulated: the made-up shop names no channel, so this month stands beside its customers.
    file = tmp_path / "spend.csv"
    file.write_text("spent_on,channel,amount\n2025-02-03,search,120.50\nnever,search,1\n", "utf-8")
    page.locator("input[type=file]").set_input_files(file)
    page.get_by_role("button", name=words(console.lang, "economics", "send"), exact=True).click()
    said = page.locator("section.deciding")
    expect(said).to_contain_text("spent_on")
    expect(said.locator("li")).to_have_count(1)
    page.keyboard.press("Escape")
    expect(page.locator("#cost")).to_be_visible()
    expect(page.locator("section:has(#cost) tbody")).to_contain_text("search")


def test_the_days_of_buying_again_are_asked_for_and_kept_in_the_address(console: Console) -> None:
    page = console.open("/customers/economics?days=7", wait="#again")
    section = page.locator("section:has(#again)")
    expect(section.locator("tbody tr").first).to_be_visible()
    expect(section.get_by_label(words(console.lang, "economics", "withinDays"))).to_have_value("7")

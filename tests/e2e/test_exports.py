"""A shop's own export, from the file to the first report, in the browser."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import expect
from tests.e2e.conftest import Console, like, words
from tests.factories import exports as x

pytestmark = pytest.mark.browser


def export(path: Path, number: str, **renamed: str) -> Path:
    """Two Shopify orders of one buyer and one of a guest."""
    data = x.shopify(
        x.shopify_order(f"#{number}1", "ann@shop.example"),
        x.shopify_order(f"#{number}2", "ann@shop.example"),
        x.shopify_order(f"#{number}3", items=[x.shopify_item("Nuts", "many", "5.00")]),
        renamed=renamed,
    )
    path.write_bytes(data)
    return path


def test_an_export_is_recognised_corrected_by_hand_and_imported(console: Console, tmp_path: Path) -> None:
    lang = console.lang
    page = console.open("/data", wait=".importlist li")
    page.get_by_role("button", name=words(lang, "data", "import")).first.click()
    odd = export(tmp_path / "orders_export.csv", lang, Email=f"Kundin {lang}")
    page.locator("input[type=file]").set_input_files(odd)
    expect(page.locator("h2", has_text="Shopify")).to_be_visible()
    identified = page.locator(".sums div", has_text=words(lang, "exports", "identified")).locator("dd")
    expect(identified).to_have_text("0.0%")
    expect(page.locator(".toldlist")).to_contain_text("Lineitem quantity")
    page.get_by_role("button", name=like(words(lang, "exports", "othersShow_other"))).click()
    box = page.get_by_role(
        "combobox", name=words(lang, "exports", "meansLabel").replace("{{column}}", f"Kundin {lang}")
    )
    box.fill(words(lang, "exports", "field.email"))
    page.keyboard.press("Enter")
    expect(identified).to_have_text("100.0%")
    assert console.serious() == []
    page.get_by_role("button", name=like(words(lang, "exports", "go_other"))).click()
    expect(page.locator(".jobstate")).to_contain_text(words(lang, "common", "job.succeeded"), timeout=60_000)
    done = page.locator(".exportdone")
    expect(done).to_contain_text("100.0%")
    page.locator(".ant-drawer-close").first.click()
    done.get_by_role("link", name=words(lang, "exports", "seeRejects")).click()
    expect(page.locator("tbody tr")).to_have_count(1)
    expect(page.locator("tbody tr")).to_contain_text("orders_export.csv")


def test_a_file_that_nobody_knows_is_said_and_stops_the_import(console: Console, tmp_path: Path) -> None:
    page = console.open("/data/exports", wait="input[type=file]")
    strange = tmp_path / "weather.csv"
    strange.write_text("day,rain\n2025-01-01,3\n")
    page.locator("input[type=file]").set_input_files(strange)
    expect(page.locator(".toldlist")).to_contain_text("weather.csv")
    expect(
        page.get_by_role("button", name=words(console.lang, "exports", "goNone"), exact=True)
    ).to_be_disabled()


@pytest.mark.look(width=390)
def test_the_wizard_fits_a_phone(console: Console, tmp_path: Path) -> None:
    page = console.open("/data/exports", wait="input[type=file]")
    page.locator("input[type=file]").set_input_files(export(tmp_path / "orders_export.csv", "p"))
    expect(page.locator(".exportfile")).to_be_visible()
    assert console.overflow() <= 0
    assert console.serious() == []

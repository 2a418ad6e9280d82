"""What people do on the console, from sign-in to the next day, in both languages."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Locator, expect
from tests.e2e.conftest import EVENING, SHOP, Console, like, words
from tests.factories.facts import shop_lines, write_folder

pytestmark = pytest.mark.browser


def first_group(console: Console) -> Locator:
    console.open("/today", wait="ol.decisions li")
    return console.page.locator("ol.decisions li").first


def test_a_wrong_password_is_refused_in_a_sentence_and_the_right_one_opens_today(console: Console) -> None:
    console.context.clear_cookies()
    page = console.open("/")
    page.get_by_label(words(console.lang, "common", "login.name")).fill(console.running.name)
    secret = page.locator("input[type=password]")
    secret.fill("not the password")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert").first).to_be_visible()
    secret.fill(console.running.password)
    page.keyboard.press("Enter")
    expect(page.locator("ol.decisions li").first).to_be_visible()


def test_keys_approve_the_row_in_hand_and_take_it_back(console: Console) -> None:
    row = first_group(console)
    row.focus()
    console.page.keyboard.press("a")
    expect(row).to_have_class(re.compile("approved"))
    expect(console.page.get_by_role("status").first).to_contain_text(
        words(console.lang, "common", "act.approved")[:3]
    )
    console.page.keyboard.press("u")
    expect(row).to_have_class(re.compile("proposed"))


def test_a_refused_approval_is_put_back_and_says_why(console: Console) -> None:
    console.write("PATCH", "/v1/plays/stock_up", enabled=False)
    try:
        console.open("/decisions?play=stock_up", wait="tbody tr")
        row = console.page.locator("tbody tr").first
        row.focus()
        console.page.keyboard.press("a")
        expect(console.page.get_by_role("alert").first).to_contain_text(
            words(console.lang, "common", "act.restored")
        )
        expect(row).to_have_class(re.compile("proposed"))
    finally:
        console.write("PATCH", "/v1/plays/stock_up", enabled=True)


def test_a_link_shows_the_same_screen(console: Console) -> None:
    page = console.open("/customers?sort=orders&dir=asc&state=active", wait="tbody tr")
    first = page.locator("tbody a").first.inner_text()
    page.reload()
    expect(page.locator("tbody a").first).to_have_text(first)
    expect(page.locator("th[aria-sort=ascending]")).to_have_count(1)
    page.get_by_role("button", name=words(console.lang, "customers", "orders")).click()
    expect(page).to_have_url(re.compile("sort=orders"))
    expect(page).not_to_have_url(re.compile("dir=asc"))


def test_a_customer_is_found_and_their_baskets_open(console: Console) -> None:
    page = console.open("/customers", wait="tbody tr")
    page.get_by_label(words(console.lang, "customers", "searchLabel")).fill("c0007")
    expect(page.locator("tbody tr")).to_have_count(1)
    page.locator("tbody a").first.click()
    expect(page.locator("h1")).to_contain_text("c0007")
    expect(page.get_by_text(like(words(console.lang, "customers", "means")))).to_be_visible()
    basket = page.locator(".timeline button").first
    basket.click()
    expect(basket).to_have_attribute("aria-expanded", "true")
    page.locator(".items a").first.click()
    expect(page).to_have_url(re.compile("/supply/p"))


def test_units_are_edited_with_a_preview_and_the_decision_is_approved(console: Console) -> None:
    page = console.open("/decisions?play=stock_up", wait="tbody tr")
    page.locator("tbody a").last.click()
    page.locator("tbody .linklike").last.click()
    drawer = page.get_by_role("dialog")
    wanted = drawer.get_by_label(words(console.lang, "decisions", "unitsWanted"))
    units = int(wanted.input_value()) + 3
    wanted.fill(str(units))
    wanted.press("Tab")
    expect(drawer.get_by_text(re.compile(r"\+3"))).to_be_visible()
    drawer.get_by_role("button", name=words(console.lang, "decisions", "saveUnits")).click()
    expect(drawer.get_by_text(words(console.lang, "decisions", "previewNone"))).to_be_visible()
    assert wanted.input_value() == str(units)
    drawer.get_by_role("button", name=words(console.lang, "common", "act.approve")).click()
    expect(drawer.locator(".state.approved")).to_be_visible()
    drawer.get_by_role("button", name=words(console.lang, "common", "act.undo")).click()
    expect(drawer.locator(".state.proposed")).to_be_visible()


def test_an_approved_reminder_says_that_it_waits_for_a_channel(console: Console) -> None:
    page = console.open("/decisions?play=repeat_reminder", wait="tbody tr")
    page.locator("tbody a").first.click()
    acts = page.locator(".groupacts")
    acts.locator("button.ant-btn-primary").click()
    expect(page.get_by_text(words(console.lang, "decisions", "waitsLong"))).to_be_visible()
    acts.get_by_role("button", name=words(console.lang, "common", "act.undo")).click()
    expect(acts.locator(".state.proposed")).to_be_visible()


def test_several_groups_are_rejected_at_once_and_taken_back(console: Console) -> None:
    page = console.open("/decisions", wait="tbody tr")
    rows = page.locator("tbody tr")
    for place in (0, 1):
        rows.nth(place).focus()
        page.keyboard.press("x")
    bar = page.get_by_role("toolbar")
    bar.get_by_role("button", name=words(console.lang, "common", "act.reject")).click()
    for place in (0, 1):
        expect(rows.nth(place)).to_have_class(re.compile("rejected"))
        rows.nth(place).focus()
        page.keyboard.press("u")
        expect(rows.nth(place)).to_have_class(re.compile("proposed"))


def test_a_product_shows_its_fan_and_why_so_many_units(console: Console) -> None:
    page = console.open("/supply", wait="tbody tr")
    page.locator("tbody tr", has=page.locator(".state.proposed")).first.locator("a").first.click()
    expect(page.locator(".chart svg")).to_be_visible()
    expect(page.locator(".chart svg path").nth(5)).to_be_attached()
    expect(page.get_by_text(words(console.lang, "supply", "reasoning"))).to_be_visible()
    page.get_by_text(words(console.lang, "common", "calibration.table"), exact=True).first.click()
    expect(page).to_have_url(re.compile("view=table"))
    expect(page.get_by_text(words(console.lang, "supply", "ahead"))).to_be_visible()


def test_the_palette_finds_pages_and_its_letters_never_approve(console: Console) -> None:
    row = first_group(console)
    row.focus()
    page = console.page
    page.keyboard.press("Control+k")
    box = page.get_by_role("combobox").last
    expect(box).to_be_focused()
    page.keyboard.type(words(console.lang, "common", "nav.strategy"))
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/strategy"))
    expect(first_group(console)).to_have_class(re.compile("proposed"))


def test_the_palette_finds_customers_and_products(console: Console) -> None:
    page = console.open("/today", wait="ol.decisions li")
    page.keyboard.press("Control+k")
    expect(page.get_by_role("combobox").last).to_be_focused()
    page.keyboard.type("c0012")
    page.get_by_role("option").filter(has_text="c0012").click()
    expect(page.locator("h1")).to_contain_text("c0012")


def test_the_palette_finds_the_decisions_of_a_group(console: Console) -> None:
    row = first_group(console)
    title = row.locator("h2").inner_text()
    page = console.page
    page.keyboard.press("Control+k")
    expect(page.get_by_role("combobox").last).to_be_focused()
    page.keyboard.type(title)
    page.get_by_role("option").filter(has_text=title).first.click()
    expect(page).to_have_url(re.compile("/decisions/groups/"))
    expect(page.locator("h1")).to_contain_text(title)


def test_a_column_that_was_chosen_is_there_again_on_the_next_visit(console: Console) -> None:
    page = console.open("/customers", wait="tbody tr")
    first = words(console.lang, "customers", "first")
    expect(page.get_by_role("columnheader", name=first)).to_have_count(0)
    page.get_by_role("button", name=words(console.lang, "common", "table.columns")).click()
    page.get_by_role("menuitemcheckbox", name=first).click()
    expect(page.get_by_role("columnheader", name=first)).to_be_visible()
    expect(page).to_have_url(re.compile("cols="))
    console.open("/today", wait="ol.decisions li")
    page = console.open("/customers", wait="tbody tr")
    expect(page.get_by_role("columnheader", name=first)).to_be_visible()


def test_a_view_is_kept_under_a_name_until_it_is_deleted(console: Console) -> None:
    name = f"shy {console.lang}"
    page = console.open("/customers?state=silent&sort=orders", wait="h1")
    views = page.get_by_role("button", name=words(console.lang, "common", "views.title"))
    views.click()
    page.get_by_role("menuitem", name=words(console.lang, "common", "views.keep")).click()
    page.get_by_label(words(console.lang, "common", "views.name")).fill(name)
    assert console.serious() == []
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name=name)).to_be_visible()
    console.open("/customers", wait="tbody tr")
    views.click()
    page.get_by_role("menuitemcheckbox", name=name).click()
    expect(page).to_have_url(re.compile("state=silent&sort=orders"))
    page.get_by_role("button", name=name).click()
    page.get_by_role("menuitem", name=name).click()
    expect(views).to_be_visible()


def test_a_list_leaves_as_a_file_with_every_row_of_its_filter(console: Console) -> None:
    page = console.open("/customers?q=c000", wait="tbody tr")
    shown = page.locator("tbody tr").count()
    files = page.get_by_role("button", name=words(console.lang, "common", "table.menu"))
    files.click()
    with page.expect_download() as loaded:
        page.get_by_role("menuitem", name=words(console.lang, "common", "table.csv")).click()
    assert loaded.value.suggested_filename == "customers.csv"
    lines = loaded.value.path().read_text("utf-8-sig").splitlines()
    assert lines[0].startswith({"zh": "顾客,", "en": "Customer,"}[console.lang])
    assert len(lines) == shown + 1
    files.click()
    with page.expect_download() as loaded:
        page.get_by_role("menuitem", name=words(console.lang, "common", "table.xlsx")).click()
    sheet = load_workbook(io.BytesIO(loaded.value.path().read_bytes())).active
    assert sheet.max_row == shown + 1
    assert sheet["A2"].value == page.locator("tbody a").first.inner_text()


def test_a_question_mark_lists_the_shortcuts(console: Console) -> None:
    page = console.open("/today", wait="ol.decisions li")
    page.locator("ol.decisions li").first.focus()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_contain_text(words(console.lang, "common", "keys.note"))
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_every_number_says_what_it_is_and_leads_to_its_rows(console: Console) -> None:
    page = console.open("/today", wait="ol.decisions li")
    figure = page.locator(".sums a.fig").first
    figure.hover()
    expect(page.get_by_role("tooltip")).to_contain_text(words(console.lang, "explain", "policyGain.how"))
    figure.click()
    expect(page).to_have_url(re.compile("/decisions"))


def test_sections_that_are_not_built_say_so_and_name_what_will_stand_there(console: Console) -> None:
    page = console.open("/sustainability", wait=".plainlist li")
    expect(page.get_by_text(words(console.lang, "common", "area.lead"))).to_be_visible()
    page.get_by_role("link", name=words(console.lang, "common", "area.link")).click()
    expect(page.locator("section.strategy")).to_have_count(8)


def test_an_assumption_is_changed_within_its_bounds_and_stays(console: Console) -> None:
    page = console.open("/settings?tab=assumptions", wait=".rows li")
    row = page.locator(".rows li").first
    box = row.get_by_role("spinbutton")
    before = box.input_value()
    box.fill("31")
    row.get_by_role("button", name=words(console.lang, "common", "act.save")).click()
    expect(row.locator("button")).to_contain_text(words(console.lang, "settings", "reset")[:3])
    page.reload()
    expect(row.get_by_role("spinbutton")).to_have_value("31.0")
    row.locator("button").click()
    expect(row.get_by_role("spinbutton")).to_have_value(before)


def test_a_new_account_gets_its_password_once_and_a_viewer_cannot_approve(console: Console) -> None:
    page = console.open("/settings?tab=operators", wait="tbody tr")
    name = f"viewer-{console.lang}"
    page.get_by_label(words(console.lang, "settings", "name"), exact=True).fill(name)
    page.locator("#role").click()
    page.locator(".ant-select-item", has_text=words(console.lang, "common", "role.viewer")).click()
    page.get_by_role("button", name=words(console.lang, "settings", "makeOperator")).click()
    password = page.locator(".secret code").inner_text()
    console.sign_in(name, password)
    row = first_group(console)
    expect(row.get_by_role("button")).to_have_count(0)


def test_files_are_uploaded_and_their_job_is_followed_to_its_end(console: Console, tmp_path: Path) -> None:
    known = [line for line in shop_lines(**SHOP) if line.local_at.date() <= EVENING]
    folder = write_folder(tmp_path / "again", rows=known, products=SHOP["products"])
    page = console.open("/data?open=upload", wait="input[type=file]")
    drawer = page.get_by_role("dialog")
    files = drawer.locator("input[type=file]")
    files.set_input_files(folder / "products.csv")
    expect(drawer.get_by_text(words(console.lang, "data", "noOrders"))).to_be_visible()
    files.set_input_files([folder / "orders.csv", folder / "products.csv"])
    drawer.get_by_role("combobox", name=words(console.lang, "data", "timezone")).fill("Asia/Shanghai")
    drawer.get_by_role("combobox", name=words(console.lang, "data", "currency")).fill("CNY")
    page.keyboard.press("Enter")
    drawer.get_by_role("button", name=words(console.lang, "data", "start")).click()
    expect(page.locator(".jobstate")).to_contain_text(
        words(console.lang, "common", "job.succeeded"), timeout=90_000
    )


def test_the_next_day_arrives_and_the_page_shows_it(console: Console) -> None:
    page = console.open("/today", wait="ol.decisions li")
    before = page.locator(".tools .date").inner_text()
    page.get_by_role("button", name=words(console.lang, "common", "top.nextDay"), exact=True).click()
    expect(page.locator(".jobstate")).to_contain_text(
        words(console.lang, "common", "job.succeeded"), timeout=120_000
    )
    expect(page.locator(".tools .date")).not_to_have_text(before)

"""Audiences as a marketer uses them: built by clicking, counted while building, saved, and explained."""

from __future__ import annotations

import json
import re
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect
from tests.e2e.conftest import Console, like, words

pytestmark = pytest.mark.browser

ORDERS = {"op": "did", "what": {"fact": "order"}, "measure": "count", "of": "orders", "compare": "gte"}


def say(console: Console, key: str) -> str:
    """A word of the audience screens in the language of the page."""
    return words(console.lang, "audiences", key)


def fresh(name: str) -> str:
    """A name that no earlier try has taken."""
    return f"{name} {uuid4().hex[:8]}"


def saved(console: Console, name: str, least: int) -> str:
    """An audience of whoever ordered that often, made through the public API; its address."""
    where = {"op": "and", "of": [{**ORDERS, "value": least}]}
    console.write("POST", "/v1/audiences", name=name, definition={"version": 1, "where": where})
    rows = console.context.request.get(f"{console.running.url}/v1/audiences").json()["rows"]
    return str(next(row["id"] for row in rows if row["name"] == name))


def begin(console: Console) -> Page:
    """A new audience with one condition: whoever ordered in the last 90 days."""
    page = console.open("/customers/audiences/new", wait=".gcard.root")
    page.get_by_role("button", name=say(console, "addCondition"), exact=True).click()
    page.get_by_role("menuitem", name=say(console, "op.did"), exact=True).click()
    expect(page.locator(".ccard")).to_have_count(1)
    return page


def count(page: Page) -> int:
    """The customers who fit, once the answer to the last change stands."""
    expect(page.locator(".fitting")).to_have_attribute("aria-busy", "false")
    return int(re.sub(r"\D", "", page.locator(".fitnumber").inner_text()))


def test_an_audience_is_built_by_clicking_saved_and_explained(console: Console) -> None:
    page = begin(console)
    field = page.get_by_role("spinbutton", name=say(console, "amountLabel"))
    everybody = count(page)
    field.fill("12")
    expect(page.locator(".fitting")).to_have_attribute("aria-busy", "true")
    often = count(page)
    assert 0 < often < everybody
    expect(page.locator(".percount").last).to_contain_text(str(often))
    assert console.serious() == []
    name = fresh("Often")
    page.get_by_label(say(console, "name"), exact=True).fill(name)
    page.get_by_role("button", name=say(console, "saveNew")).click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text(str(often))
    assert console.serious() == []
    dialog.get_by_role("button", name=say(console, "saveNew")).click()
    expect(page.get_by_role("heading", name=name)).to_be_visible()
    expect(page.locator(".state.working").first).to_be_visible()
    expect(page.locator(".meaning .fitnumber")).to_have_text(str(often))
    expect(page.locator("tbody tr")).to_have_count(often)
    assert console.serious() == []
    page.locator("tbody tr").first.get_by_role("button").click()
    evidence = page.locator(".evidence > li")
    expect(evidence).to_have_count(1)
    expect(evidence.locator("h3")).to_contain_text(say(console, "held"))
    expect(evidence.locator("tbody tr").nth(11)).to_be_visible()
    assert console.serious() == []
    page.reload()
    expect(evidence).to_have_count(1)
    page.get_by_role("link", name=say(console, "openCustomer")).click()
    expect(page).to_have_url(re.compile("/customers/c"))


@pytest.mark.parametrize("lang", ["en"])
def test_members_are_a_file_too(console: Console) -> None:
    id = saved(console, fresh("File"), 12)
    page = console.open(f"/customers/audiences/{id}", wait="tbody tr")
    shown = page.locator("tbody tr").count()
    page.get_by_role("button", name=words(console.lang, "common", "table.menu")).click()
    with page.expect_download() as loaded:
        page.get_by_role("menuitem", name=words(console.lang, "common", "table.csv")).click()
    assert len(loaded.value.path().read_text("utf-8").splitlines()) == shown + 1


@pytest.mark.parametrize("lang", ["zh"])
def test_what_the_server_refuses_stands_at_the_condition_it_names(console: Console) -> None:
    page = begin(console)
    count(page)
    page.get_by_text(say(console, "json"), exact=True).click()
    text = page.get_by_role("textbox", name=say(console, "jsonLabel"))
    read = json.loads(text.input_value())
    read["where"]["of"].append({"op": "tier", "in": ["nobody"]})
    text.fill(json.dumps(read))
    expect(page.get_by_role("alert")).to_contain_text("where.of.1.in")
    page.get_by_text(say(console, "builder"), exact=True).click()
    expect(page.locator(".ccard.off [role=alert]")).to_be_visible()
    expect(page.locator(".ccard.off")).to_have_attribute("data-path", "where.of.1")
    assert console.serious() == []
    page.locator(".ccard.off").get_by_role("button", name=say(console, "remove")).click()
    expect(page.locator(".ccard.off")).to_have_count(0)
    expect(page.get_by_role("alert")).to_have_count(0)


@pytest.mark.parametrize("lang", ["en"])
def test_a_draft_survives_a_reload_steps_back_and_is_not_lost_by_leaving(console: Console) -> None:
    page = begin(console)
    page.get_by_role("spinbutton", name=say(console, "amountLabel")).fill("7")
    expect(page.locator(".fitting")).to_have_attribute("aria-busy", "false")
    page.on("dialog", lambda dialog: dialog.accept())
    page.reload()
    field = page.get_by_role("spinbutton", name=say(console, "amountLabel"))
    expect(field).to_have_value("7")
    page.get_by_role("button", name=say(console, "undo")).click()
    expect(field).to_have_value("1")
    page.get_by_role("button", name=say(console, "redo")).click()
    expect(field).to_have_value("7")
    page.get_by_role("link", name=words(console.lang, "common", "nav.personas")).click()
    stays = page.get_by_role("dialog")
    stays.get_by_role("button", name=say(console, "stay")).click()
    expect(field).to_have_value("7")
    page.get_by_role("link", name=words(console.lang, "common", "nav.personas")).click()
    stays.get_by_role("button", name=say(console, "leave")).click()
    expect(page).to_have_url(re.compile("/customers/personas"))
    console.open("/customers/audiences/new", wait=".gcard.root")
    expect(page.locator(".ccard")).to_have_count(0)


@pytest.mark.parametrize("lang", ["zh"])
def test_the_keyboard_alone_builds_groups_and_moves_conditions(console: Console) -> None:
    page = begin(console)
    expect(page.locator(".ccard select:focus")).to_have_count(1)
    page.get_by_role("button", name=say(console, "addCondition"), exact=True).focus()
    page.keyboard.press("Enter")
    page.get_by_role("menuitem", name=say(console, "op.tier"), exact=True).focus()
    page.keyboard.press("Enter")
    second = page.locator("[data-path='where.of.1']")
    expect(second).to_contain_text(words(console.lang, "lifecycle", "tiers.high"))
    second.get_by_role("button", name=say(console, "up")).focus()
    page.keyboard.press("Enter")
    first = page.locator("[data-path='where.of.0']")
    expect(first).to_contain_text(words(console.lang, "lifecycle", "tiers.high"))
    expect(first.get_by_role("button", name=say(console, "down"))).to_be_focused()
    both = count(page)
    page.get_by_role("radio", name=say(console, "mode.and")).first.focus()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("radio", name=say(console, "mode.or")).first).to_be_checked()
    expect(page.locator(".fitting")).to_have_attribute("aria-busy", "true")
    assert count(page) > both
    page.get_by_role("heading", level=1).click()
    page.keyboard.press("Control+z")
    expect(page.get_by_role("radio", name=say(console, "mode.and")).first).to_be_checked()


@pytest.mark.parametrize("lang", ["en"])
def test_whoever_saves_second_sees_both_and_chooses(console: Console) -> None:
    name = fresh("Raced")
    id = saved(console, name, 3)
    page = console.open(f"/customers/audiences/{id}/edit", wait=".ccard")
    page.get_by_role("spinbutton", name=say(console, "amountLabel")).fill("5")
    count(page)
    theirs = {"version": 1, "where": {"op": "and", "of": [{**ORDERS, "value": 9}]}}
    console.write("PUT", f"/v1/audiences/{id}", version=1, name=name, definition=theirs)
    page.get_by_role("button", name=say(console, "save"), exact=True).click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name=say(console, "save"), exact=True).click()
    expect(dialog).to_contain_text(say(console, "conflict"))
    expect(dialog.locator("li")).to_have_count(1)
    dialog.get_by_role("button", name=like(say(console, "conflictMine"))).click()
    expect(page.get_by_role("heading", name=name)).to_be_visible()
    page.get_by_role("link", name=say(console, "tabs.versions")).click()
    expect(page.locator(".versions > li")).to_have_count(3)
    expect(page.locator(".versions > li").first).to_contain_text("9")
    page.get_by_role("button", name=say(console, "restore")).last.click()
    expect(page.locator(".versions > li")).to_have_count(4)
    assert console.serious() == []


@pytest.mark.parametrize("lang", ["zh"])
def test_archiving_can_be_undone(console: Console) -> None:
    name = fresh("Put away")
    id = saved(console, name, 2)
    page = console.open(f"/customers/audiences/{id}", wait="h1")
    page.get_by_role("button", name=say(console, "archive")).click()
    expect(page).to_have_url(re.compile("/customers/audiences$"))
    expect(page.get_by_role("link", name=name)).to_have_count(0)
    page.get_by_role("button", name=words(console.lang, "common", "act.undo")).click()
    expect(page.get_by_role("link", name=name)).to_be_visible()
    assert console.serious() == []


@pytest.mark.parametrize("lang", ["en"])
def test_a_template_begins_a_definition_that_fits_somebody(console: Console) -> None:
    rows = console.context.request.get(f"{console.running.url}/v1/audiences/templates").json()["rows"]
    assert rows
    page = console.open(f"/customers/audiences/new?template={rows[0]['key']}", wait=".ccard")
    expect(page.get_by_label(say(console, "name"), exact=True)).to_have_value(rows[0][f"name_{console.lang}"])
    count(page)
    assert console.serious() == []


@pytest.mark.look(width=390, mode="dark")
def test_a_phone_holds_list_builder_and_page(console: Console) -> None:
    id = saved(console, fresh("Phone"), 4)
    page = console.open("/customers/audiences", wait="tbody tr")
    assert console.overflow() <= 0
    console.open(f"/customers/audiences/{id}/edit", wait=".ccard")
    count(page)
    assert console.overflow() <= 0
    assert console.serious() == []
    console.open(f"/customers/audiences/{id}", wait="tbody tr")
    assert console.overflow() <= 0
    assert console.serious() == []

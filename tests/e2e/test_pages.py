"""Every page in both languages: nothing serious for axe, nothing wider than a phone, the first page light."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect
from tests.e2e.conftest import Console, words

from shengeng.console.static_files import STATIC

pytestmark = pytest.mark.browser

PAGES = {
    "today": ("/today", "ol.decisions li"),
    "strategy": ("/strategy", "section.strategy"),
    "decisions": ("/decisions", "tbody tr"),
    "allocation": ("/decisions/allocation?tiers=high,mid,low", "#who"),
    "customers": ("/customers", "tbody tr"),
    "customer": ("/customers/c0003", ".timeline li"),
    "lifecycle": ("/customers/lifecycle", "table.matrix tbody tr"),
    "boundaries": ("/customers/lifecycle?open=thresholds", ".boundaries li"),
    "personas": ("/customers/personas", ".scenes li"),
    "economics": ("/customers/economics", "#payback"),
    "spend": ("/customers/economics?open=spend", "input[type=file]"),
    "supply": ("/supply", "tbody tr"),
    "product": ("/supply/p0003", ".chart svg"),
    "content": ("/content", ".plainlist li"),
    "data": ("/data", ".importlist li"),
    "upload": ("/data?open=upload", "input[type=file]"),
    "exports": ("/data/exports", "input[type=file]"),
    "assumptions": ("/settings?tab=assumptions", ".rows li"),
    "plays": ("/settings?tab=plays", ".fields"),
    "operators": ("/settings?tab=operators", "tbody tr"),
    "tokens": ("/settings?tab=tokens", ".fields"),
    "audit": ("/settings?tab=audit", "tbody tr"),
    "me": ("/settings?tab=me", "form"),
    "missing": ("/nowhere", "h1"),
}
DARK = ("today", "customer", "decisions", "product", "data", "strategy", "lifecycle", "economics", "personas")
# What the first load consists of (gz, zh, 227 KB): React, router, queries and i18n 124; AntD's core with its
# buttons 62; our own code 23; words of the shell, Today and the demo shop's departments 12; styles 6.
# The rest is fetched at idle (palette, shortcuts, toasts, explanations) or with the page that shows it.
FIRST_LOAD_KB = 250


def test_axe_finds_nothing_serious_on_any_page(console: Console) -> None:
    found = {}
    for name, (path, wait) in PAGES.items():
        console.open(path, wait)
        found[name] = console.serious()
    assert {name: faults for name, faults in found.items() if faults} == {}


@pytest.mark.slow
@pytest.mark.look(mode="dark")
def test_axe_finds_nothing_serious_in_the_dark(console: Console) -> None:
    found = {}
    for name in DARK:
        console.open(*PAGES[name])
        found[name] = console.serious()
    assert {name: faults for name, faults in found.items() if faults} == {}


def test_axe_finds_nothing_serious_on_the_way_in_and_on_what_opens(console: Console) -> None:
    page = console.open("/decisions?play=stock_up", wait="tbody tr")
    page.locator("tbody a").first.click()
    page.locator("tbody .linklike").first.click()
    expect(page.get_by_role("dialog").locator(".deciding")).to_be_visible()
    assert console.serious() == []
    console.open("/today", wait="ol.decisions li")
    page.keyboard.press("Control+k")
    expect(page.get_by_role("combobox").last).to_be_focused()
    assert console.serious() == []
    console.context.clear_cookies()
    console.open("/", wait="form")
    assert console.serious() == []


@pytest.mark.look(width=390)
def test_no_page_is_wider_than_a_phone(console: Console) -> None:
    over = {}
    for name, (path, wait) in PAGES.items():
        console.open(path, wait)
        over[name] = max(0, console.overflow())
    assert {name: pixels for name, pixels in over.items() if pixels} == {}


@pytest.mark.look(width=390)
def test_a_phone_reaches_every_section_through_the_menu(console: Console) -> None:
    page = console.open("/today", wait="ol.decisions li")
    page.get_by_role("button", name=words(console.lang, "common", "nav.menu")).click()
    menu = page.get_by_role("dialog")
    expect(menu.get_by_role("link")).to_have_count(10)
    menu.get_by_role("link", name=words(console.lang, "common", "nav.supply")).click()
    expect(page.locator("h1")).to_have_text(words(console.lang, "supply", "title"))
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_an_old_link_says_what_is_missing_and_what_to_do(console: Console) -> None:
    page = console.open("/customers/nobody", wait="[role=alert]")
    expect(page.get_by_role("alert")).to_contain_text("nobody")
    expect(page.get_by_role("alert")).to_contain_text(words(console.lang, "common", "trouble.not_found.what"))


def _first_load(lang: str) -> list[str]:
    """Files that Today needs before its decisions stand: its imports, its words, its styles."""
    manifest: dict[str, Any] = json.loads((STATIC / ".vite/manifest.json").read_text("utf-8"))
    locale = {"zh": "zh_CN", "en": "en_US"}[lang]
    names = ("common", "shopnames", "today")
    starts = [
        "index.html",
        "src/start.tsx",
        "src/pages/today/page.tsx",
        *(f"src/locales/{lang}/{n}.json" for n in names),
    ]
    starts += [key for key in manifest if key.endswith(f"antd/locale/{locale}.js")]
    seen: set[str] = set()
    while starts:
        key = starts.pop()
        if key not in seen:
            seen.add(key)
            starts += manifest[key].get("imports", [])
    return [f for key in seen for f in [manifest[key]["file"], *manifest[key].get("css", [])]]


def test_the_first_page_stays_light(lang: str, record_property: Callable[[str, object], None]) -> None:
    if not (STATIC / "index.html").is_file():
        pytest.skip("the console is not built: make ui")
    sizes = {name: len(gzip.compress((STATIC / name).read_bytes(), 9)) for name in _first_load(lang)}
    assert len(sizes) > 5
    total = sum(sizes.values()) / 1024
    parts = [f"{size / 1024:.1f} {name}" for name, size in sorted(sizes.items(), key=lambda one: -one[1])]
    record_property("first_load_kb", [f"{total:.1f}", *parts])
    assert total <= FIRST_LOAD_KB, parts


def test_the_first_page_leaves_out_what_it_does_not_show(lang: str) -> None:
    if not (STATIC / "index.html").is_file():
        pytest.skip("the console is not built: make ui")
    first = _first_load(lang)
    manifest: dict[str, Any] = json.loads((STATIC / ".vite/manifest.json").read_text("utf-8"))
    later = ("audiences", "events", "explain", "privacy")
    assert not [name for name in later if manifest[f"src/locales/{lang}/{name}.json"]["file"] in first]
    parts = ("board-", "select-", "tooltip-", "checkbox-", "echarts-")
    assert not [part for part in parts if part in " ".join(first)]

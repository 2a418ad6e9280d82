"""A real server on a small made-up shop, and a real browser in front of it."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, StorageState, expect, sync_playwright
from tests.factories.counter import sell_a_little
from tests.factories.facts import START, write_folder
from tests.factories.servers import free_port

from shengeng.app import open_shop
from shengeng.console.static_files import STATIC
from shengeng.govern.access import api as access
from shengeng.kernel.clock import wall_now
from shengeng.kernel.settings import Settings
from shengeng.plays.day import run_day
from shengeng.sense.connect import api as connect
from shengeng.storage.progress import Silent
from shengeng.understand.personas import api as personas

SHOP: dict[str, Any] = {"customers": 60, "products": 30, "days": 140}
EVENING = START + timedelta(days=SHOP["days"] - 11)
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"]
AXE = Path(__file__).parents[2] / "ui/node_modules/axe-core/axe.min.js"
LOOKS = 4
# What the page did wrong by itself: refused styles or scripts, words without a translation.
_WATCH = """
window.__violations = [];
document.addEventListener('securitypolicyviolation', event =>
  window.__violations.push(event.violatedDirective + ' ' + event.blockedURI));
"""


@dataclass(frozen=True, slots=True)
class Running:
    """A server that answers, and who may sign in."""

    url: str
    name: str
    password: str
    evening: date


def pytest_configure(config: pytest.Config) -> None:
    """The marker of this folder."""
    config.addinivalue_line("markers", "look(width, mode): window width and light or dark of the console")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A browser on a machine that does other things is given a second try; the summary line counts it.

    What people do and what pages look like runs in Chinese every time, and in English with the slow tests.
    """
    browsing = [item for item in items if item.get_closest_marker("browser")]
    chinese = {_flow(item) for item in browsing if _lang(item) == "zh"}
    for item in browsing:
        item.add_marker(pytest.mark.flaky(reruns=1))
        if _lang(item) == "en" and _flow(item) in chinese:
            item.add_marker(pytest.mark.slow)


def _flow(item: pytest.Item) -> str:
    return item.nodeid.partition("[")[0]


def _lang(item: pytest.Item) -> str:
    spec = getattr(item, "callspec", None)
    return str(spec.params.get("lang", "")) if spec else ""


@pytest.fixture(scope="session")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """`shengeng serve` on a made-up shop with a settled week, today's decisions, and days that wait."""
    if not (STATIC / "index.html").is_file():
        pytest.skip("the console is not built: make ui")
    base = tmp_path_factory.mktemp("e2e")
    folder = write_folder(base / "shop", **SHOP)
    chosen = replace(Settings(), home=base / "home", port=free_port(), memory_limit="512MB")
    name, password = _prepare(chosen, folder)
    process = serve_home(chosen)
    url = f"http://127.0.0.1:{chosen.port}"
    try:
        wait_until_up(f"{url}/v1/health", process)
        yield Running(url, name, password, EVENING)
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(30)


def _prepare(chosen: Settings, folder: Path) -> tuple[str, str]:
    with open_shop(chosen) as stores:
        connect.import_source(stores, str(folder), until=EVENING, progress=Silent(), now=wall_now())
        for day in (EVENING - timedelta(days=7), EVENING):
            run_day(stores, day, Silent(), wall_now())
        personas.learn(stores, EVENING, Silent())
        sell_a_little(stores, wall_now())
        with stores.rows.unit() as uow:
            login = access.first_operator(uow, wall_now())
    assert login is not None
    return login.operator.name, login.password


def serve_home(chosen: Settings) -> subprocess.Popen[bytes]:
    """`shengeng serve` over a home, in a process group of its own; its words stand in serve.log."""
    env = os.environ | {
        "SHENGENG_HOME": str(chosen.home),
        "SHENGENG_PORT": str(chosen.port),
        "SHENGENG_MEMORY_LIMIT": chosen.memory_limit,
        "SHENGENG_STOREFRONT": "0",  # one Python fewer for each server of the console
    }
    command = [str(Path(sys.executable).parent / "shengeng"), "serve"]
    with (chosen.home / "serve.log").open("wb") as log:
        return subprocess.Popen(command, env=env, stdout=log, stderr=log, start_new_session=True)


def wait_until_up(url: str, process: subprocess.Popen[bytes]) -> None:
    """Returns once the server answers; fails when it ended or took a minute."""
    for _ in range(600):
        assert process.poll() is None, "the server ended before it answered"
        try:
            urllib.request.urlopen(url, timeout=2)
            return
        except OSError:
            time.sleep(0.1)
    raise AssertionError(f"{url} did not answer within a minute")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A headless Chromium; SHENGENG_CHROMIUM names another one.

    It ends with its module: Playwright keeps an event loop running in the thread of its tests, in which
    no other test could start one.
    """
    path = os.environ.get("SHENGENG_CHROMIUM") or shutil.which("chromium")
    if not path:
        pytest.skip("no Chromium here: install one, or set SHENGENG_CHROMIUM")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def signed_in(running: Running, browser: Browser) -> StorageState:
    """The cookies of one admin's session, for every test that begins signed in."""
    with browser.new_context() as context:
        given = {"name": running.name, "password": running.password}
        assert context.request.post(f"{running.url}/v1/session", data=given).ok
        return context.storage_state()


@pytest.fixture(params=["zh", "en"])
def lang(request: pytest.FixtureRequest) -> str:
    """Both languages."""
    return str(request.param)


class Console:
    """A signed-in page of the console that remembers what went wrong on it."""

    def __init__(self, running: Running, context: BrowserContext, page: Page, lang: str) -> None:
        self.running, self.context, self.page, self.lang = running, context, page, lang
        self.faults: list[str] = []
        page.on("pageerror", lambda error: self.faults.append(f"{error}\n{error.stack}"))

    def sign_in(self, name: str, password: str) -> None:
        """Somebody else's session, through the API."""
        self.context.clear_cookies()
        given = {"name": name, "password": password}
        answer = self.context.request.post(f"{self.running.url}/v1/session", data=given)
        assert answer.ok, answer.text()

    def open(self, path: str, wait: str = "h1") -> Page:
        """The page at a path of the console, once its heading stands."""
        self.page.goto(f"{self.running.url}/console{path}")
        expect(self.page.locator(wait).first).to_be_visible()
        return self.page

    def write(self, method: str, path: str, **body: Any) -> None:
        """A write through the public API with this page's session."""
        me = self.context.request.get(f"{self.running.url}/v1/me").json()
        answer = self.context.request.fetch(
            f"{self.running.url}{path}", method=method, data=body, headers={"x-csrf-token": me["csrf"]}
        )
        assert answer.ok, answer.text()

    def serious(self) -> list[str]:
        """What axe-core finds serious or critical; what is on its way out is looked at again."""
        self.page.evaluate(AXE.read_text("utf-8"))
        for _ in range(LOOKS):
            found = self._violations()
            if not found:
                break
            self.page.wait_for_timeout(500)
        return found

    def _violations(self) -> list[str]:
        found = self.page.evaluate(
            """() => axe.run().then(result => result.violations
            .filter(one => ['serious', 'critical'].includes(one.impact))
            .map(one => one.id + ': ' + one.nodes.map(node => node.html.slice(0, 160)).join(' | ')))"""
        )
        return [str(one) for one in found]

    def overflow(self) -> int:
        """Pixels by which the page is wider than its window."""
        return int(self.page.evaluate("() => document.documentElement.scrollWidth - window.innerWidth"))

    def wrong(self) -> list[str]:
        """Page errors, refused styles and scripts, and words without a translation."""
        found = self.page.evaluate("() => [...(window.__violations ?? []), ...(window.__missing ?? [])]")
        return [*self.faults, *map(str, found)]


@pytest.fixture
def console(
    running: Running, browser: Browser, signed_in: StorageState, lang: str, request: pytest.FixtureRequest
) -> Iterator[Console]:
    """A signed-in console in one language; at the end nothing may have gone wrong on it."""
    look = request.node.get_closest_marker("look")
    size = look.kwargs if look else {}
    context = browser.new_context(
        viewport={"width": size.get("width", 1440), "height": 900},
        reduced_motion="reduce",
        storage_state=signed_in,
        locale="zh-CN" if lang == "zh" else "en-US",
    )
    kept = {"sg.lang": lang, "sg.mode": size.get("mode", "light")}
    keep = "".join(f"localStorage.setItem({json.dumps(k)}, {json.dumps(v)});" for k, v in kept.items())
    context.add_init_script(keep + _WATCH)
    context.set_default_timeout(20_000)
    opened = Console(running, context, context.new_page(), lang)
    yield opened
    wrong = opened.wrong()
    context.close()
    assert wrong == []


@pytest.fixture(autouse=True)
def _patience() -> None:
    expect.set_options(timeout=20_000)


def words(lang: str, file: str, key: str) -> str:
    """The console's own words, so that tests do not repeat them: words("zh", "common", "act.approve")."""
    path = Path(__file__).parents[2] / f"ui/console/src/locales/{lang}/{file}.json"
    found: Any = json.loads(path.read_text("utf-8"))
    for part in key.split("."):
        found = found[part]
    return str(found)


def like(text: str) -> re.Pattern[str]:
    """A pattern of words with their placeholders open."""
    return re.compile(re.sub(r"\\\{\\\{.*?\\\}\\\}", ".*", re.escape(text)))

"""Events from real senders: Segment's Python SDK, our script in Chromium; the console that watches them."""

from __future__ import annotations

import json
import threading
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, expect
from segment.analytics.client import Client
from tests.e2e.conftest import Console, Running, like, words
from tests.factories.servers import wait_until

pytestmark = pytest.mark.browser


@dataclass
class Admin:
    """The public API with a session."""

    url: str
    cookie: str
    csrf: str

    def call(self, method: str, path: str, body: Any = None) -> Any:
        """A call that succeeds."""
        headers = {"cookie": self.cookie, "x-csrf-token": self.csrf, "content-type": "application/json"}
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.url + path, data=data, method=method, headers=headers)
        with urllib.request.urlopen(request, timeout=30) as answer:
            text = answer.read()
        return json.loads(text) if text else None

    def key(self, name: str, *origins: str) -> str:
        """The secret of a new key for events."""
        made = self.call("POST", "/v1/keys", {"name": name, "scopes": ["events"], "origins": list(origins)})
        return str(made["secret"])

    def events(self, source: str) -> list[dict[str, Any]]:
        """What has arrived from a key."""
        found: list[dict[str, Any]] = self.call("GET", f"/v1/events?source={source}&limit=200")["rows"]
        return found


@pytest.fixture(scope="module")
def admin(running: Running) -> Admin:
    """An admin's session."""
    given = json.dumps({"name": running.name, "password": running.password}).encode()
    request = urllib.request.Request(
        f"{running.url}/v1/session", data=given, headers={"content-type": "application/json"}
    )
    with urllib.request.urlopen(request, timeout=30) as answer:
        cookie = answer.headers["set-cookie"].partition(";")[0]
        csrf = json.loads(answer.read())["csrf"]
    return Admin(running.url, cookie, csrf)


@pytest.mark.parametrize("packed", [False, True])
def test_segments_python_sdk_needs_only_another_host(running: Running, admin: Admin, packed: bool) -> None:
    source, problems = f"sdk-{packed}", []
    client = Client(
        admin.key(source),
        host=running.url,
        gzip=packed,
        upload_interval=0.1,
        on_error=lambda error, _: problems.append(error),
    )
    hour_ago = datetime.now(UTC) - timedelta(hours=1)
    for number in range(120):
        client.track(
            "u1", "Product Viewed", {"product_id": f"p{number}"}, anonymous_id=f"sdk-device-{packed}"
        )
    client.track("u1", "view_item", {"items": [{"item_id": "p1"}]}, timestamp=hour_ago, message_id="once")
    client.track("u1", "view_item", {"items": [{"item_id": "p1"}]}, timestamp=hour_ago, message_id="once")
    client.identify("u1", {"email": "mei@shop.example", "city": "杭州"})
    client.page("u1", "docs", "Home")
    client.screen("u1", "app", "Home")
    client.group("u1", "g1", {"plan": "gold"})
    client.alias(f"sdk-old-{packed}", "u1")
    client.flush()
    client.join()
    assert problems == []
    wait_until(lambda: len(admin.events(source)) == 126)
    rows = admin.events(source)
    kinds = {kind: sum(row["kind"] == kind for row in rows) for kind in {row["kind"] for row in rows}}
    assert kinds == {"track": 121, "identify": 1, "page": 1, "screen": 1, "group": 1, "alias": 1}
    (once,) = [row for row in rows if row["event_id"] == "once"]
    assert (once["name"], once["product_id"]) == ("Product Viewed", "p1")
    assert abs(datetime.fromisoformat(once["occurred_at"]) - hour_ago) < timedelta(seconds=5)
    assert "mei@shop.example" not in json.dumps(rows)


def test_the_sdk_hears_of_a_wrong_key(running: Running) -> None:
    problems: list[Any] = []
    client = Client(
        "sgw_wrong", host=running.url, max_retries=0, on_error=lambda error, _: problems.append(error)
    )
    client.track("u1", "A")
    client.flush()
    client.join()
    assert "401" in str(problems[0]) or "not known" in str(problems[0])


PAGE = '<!doctype html><title>Shop</title><script async src="{host}/v1/snippet.js" data-key="{key}"></script>'
CALLS = """<script src="/calls.js"></script><a href="/next">next</a>"""
SCRIPT = """window.shengeng = window.shengeng || []
shengeng.push(["page", "Home"])
shengeng.push(["track", "Product Viewed", {product_id: "p1"}])"""


# The network as the script sees it: the first two requests are lost.
LOSSY = """const real = window.fetch
window.lost = 0
const refuse = () => { window.lost++; return Promise.reject(new TypeError("lost")) }
window.fetch = (...given) => (window.lost < 2 ? refuse() : real(...given))"""


@contextmanager
def site(host: str, key_of: dict[str, str]) -> Iterator[str]:
    """A shop's own web page on another origin, with a strict policy."""

    class Pages(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            script = self.path == "/calls.js"
            text = SCRIPT if script else PAGE.format(host=host, key=key_of.get("key", "")) + CALLS
            self.send_response(200)
            self.send_header("content-type", "text/javascript" if script else "text/html")
            self.send_header(
                "content-security-policy", f"default-src 'none'; script-src 'self' {host}; connect-src {host}"
            )
            self.end_headers()
            self.wfile.write(text.encode())

        def log_message(self, *_: object) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Pages)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


@pytest.fixture(scope="module")
def shop_page(running: Running, admin: Admin) -> Iterator[str]:
    """The page, with a key for its origin."""
    key_of: dict[str, str] = {}
    with site(running.url, key_of) as url:
        key_of["key"] = admin.key("page", url)
        yield url


@pytest.fixture
def shopper(browser: Browser) -> Iterator[BrowserContext]:
    """A browser of somebody who comes for the first time."""
    context = browser.new_context()
    yield context
    context.close()


def test_the_page_script_waits_for_consent_then_sends_then_remembers(
    shopper: BrowserContext, shop_page: str, admin: Admin
) -> None:
    page = shopper.new_page()
    sent: list[str] = []
    page.on(
        "request", lambda request: sent.append(request.url) if request.url.endswith("/v1/batch") else None
    )
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.goto(shop_page)
    page.wait_for_function("window.shengeng && !Array.isArray(window.shengeng)")
    page.wait_for_timeout(1500)
    assert sent == []
    assert page.evaluate("localStorage.length") == 0
    before = len(admin.events("page"))
    page.evaluate('shengeng.push(["consent", true])')
    wait_until(lambda: len(admin.events("page")) == before + 2)
    names = {row["name"] for row in admin.events("page")}
    assert names == {"Page Viewed", "Product Viewed"}
    device = page.evaluate("localStorage.getItem('sg.id')")
    assert device in {row["anonymous_id"] for row in admin.events("page")}
    # What is not sent yet when the page goes away leaves by beacon; consent holds on the next page.
    page.evaluate('shengeng.push(["track", "Product Added", {product_id: "p1"}])')
    page.click("a")
    wait_until(lambda: len(admin.events("page")) == before + 5)
    assert {row["anonymous_id"] for row in admin.events("page")} >= {device}
    assert faults == []


def test_the_page_script_keeps_quiet_with_do_not_track(browser: Browser, shop_page: str) -> None:
    context = browser.new_context()
    context.add_init_script("Object.defineProperty(navigator, 'doNotTrack', {get: () => '1'})")
    page = context.new_page()
    sent: list[str] = []
    page.on(
        "request", lambda request: sent.append(request.url) if request.url.endswith("/v1/batch") else None
    )
    page.goto(shop_page)
    page.wait_for_function("window.shengeng && !Array.isArray(window.shengeng)")
    page.evaluate('shengeng.push(["consent", true])')
    page.wait_for_timeout(1500)
    assert sent == []
    assert page.evaluate("localStorage.length") == 0
    context.close()


def test_the_page_script_sends_again_what_the_network_lost(
    shopper: BrowserContext, shop_page: str, admin: Admin
) -> None:
    shopper.add_init_script(LOSSY)
    page = shopper.new_page()
    page.goto(shop_page)
    before = len(admin.events("page"))
    page.wait_for_function("window.shengeng && !Array.isArray(window.shengeng)")
    page.evaluate('shengeng.push(["consent", true])')
    wait_until(lambda: len(admin.events("page")) == before + 2)
    assert page.evaluate("window.lost") == 2


@pytest.mark.parametrize("lang", ["en"])
def test_events_are_watched_as_they_arrive_and_open_whole(console: Console, admin: Admin) -> None:
    source = f"watched-{console.lang}"
    key = admin.key(source)
    page = console.open(f"/data/events?source={source}")
    client = Client(key, host=console.running.url, upload_interval=0.1)
    client.track("u-watched", "Live Entered", {"room_id": "room-7"})
    client.flush()
    client.join()
    row = page.get_by_role("row").filter(has_text="Live Entered")
    expect(row).to_have_count(1)
    row.get_by_role("button").click()
    drawer = page.get_by_role("dialog")
    expect(drawer.locator("pre").first).to_contain_text("room-7")
    assert console.serious() == []
    assert console.overflow() <= 0


@pytest.mark.look(width=390)
def test_a_key_is_made_shown_once_and_revoked_on_a_phone(console: Console) -> None:
    page = console.open("/data/events?tab=keys")
    name = f"phone {console.lang}"
    page.get_by_label(words(console.lang, "events", "keys.name"), exact=True).fill(name)
    page.get_by_role("button", name=words(console.lang, "events", "keys.make")).click()
    once = page.get_by_role("dialog")
    expect(once.locator("code").first).to_have_text(like("sgw_{{any}}"))
    assert console.serious() == []
    once.locator(".ant-modal-footer button").click()
    row = page.get_by_role("row").filter(has_text=name)
    expect(row).to_have_count(1)
    row.get_by_role("button").click()
    page.get_by_role("dialog").get_by_role(
        "button", name=words(console.lang, "events", "keys.revoke")
    ).click()
    expect(row).to_contain_text(words(console.lang, "events", "keys.revoked"))
    assert console.overflow() <= 0


@pytest.mark.parametrize("lang", ["zh"])
def test_what_a_sender_got_wrong_is_told_on_the_screen(console: Console, admin: Admin) -> None:
    key = admin.key(f"clumsy-{console.lang}")
    problems: list[Any] = []
    client = Client(key, host=console.running.url, on_error=lambda error, _: problems.append(error))
    client.track("u1", "A" * 300)
    client.flush()
    client.join()
    assert problems
    page = console.open("/data/events?tab=refused")
    row = page.get_by_role("row").filter(has_text=f"clumsy-{console.lang}")
    expect(row).to_contain_text("batch.0.event")
    row.get_by_role("button").click()
    expect(page.get_by_role("dialog").locator("pre")).to_contain_text("AAAA")

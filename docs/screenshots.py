"""Retakes the pictures of the README from a fresh demo shop: `make screenshots`."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, FloatRect, Page, expect, sync_playwright

IMAGES = Path(__file__).parent / "images"
SHENGENG = Path(sys.executable).parent / "shengeng"
BROWSER_ARGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"]
# name -> (path, what must be on the screen before the picture is taken)
PAGES = {
    "today": ("/today", "ol.decisions li"),
    "strategy": ("/strategy", "section.strategy"),
    "customers": ("/customers", "tbody tr"),
    "customer": ("/customers/{customer}", ".timeline li"),
    "decisions": ("/decisions", "tbody tr"),
    "demand": ("/supply", "tbody tr"),
    "data": ("/data", ".importlist li"),
}
# Pages whose second half is worth seeing; the others are lists.
LONGEST = 3200  # of a phone's page: what follows is more of the same
TALL = {"today": 1330, "customer": 1180}
SHOTS = [
    *((name, lang, 1440, "light") for name in PAGES for lang in ("zh", "en")),
    ("today", "en", 1440, "dark"),
    ("today", "zh", 390, "light"),
    ("customer", "en", 390, "light"),
]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(url: str) -> None:
    for _ in range(300):
        try:
            urllib.request.urlopen(url, timeout=1)
            return
        except OSError:
            time.sleep(0.2)
    raise SystemExit(f"{url} did not answer")


def best_customer(page: Page, url: str) -> str:
    answer = page.request.get(f"{url}/v1/customers?sort=value&desc=true&limit=1")
    return str(answer.json()["rows"][0]["customer_id"])


def take(browser: Browser, url: str, login: dict[str, str], shot: tuple[str, str, int, str]) -> None:
    name, lang, width, mode = shot
    context = browser.new_context(
        viewport={"width": width, "height": TALL.get(name, 900)}, reduced_motion="reduce"
    )
    script = f"localStorage.setItem('sg.lang','{lang}');localStorage.setItem('sg.mode','{mode}')"
    context.add_init_script(script)
    page = context.new_page()
    signed_in = page.request.post(f"{url}/v1/session", data=login)
    assert signed_in.ok, signed_in.text()
    path, selector = PAGES[name]
    page.goto(f"{url}/console{path.format(customer=best_customer(page, url))}")
    page.locator(selector).first.wait_for()
    expect(page.locator("[aria-busy=true], .bones")).to_have_count(0, timeout=30_000)
    page.wait_for_timeout(1500)  # the charts draw their last frames
    picture = IMAGES / f"{name}-{lang}-{width}-{mode}.png"
    if width < 600:
        tall = page.evaluate("() => document.documentElement.scrollHeight")
        clip: FloatRect = {"x": 0, "y": 0, "width": width, "height": min(tall, LONGEST)}
        page.screenshot(path=picture, full_page=True, clip=clip)
    else:
        page.screenshot(path=picture)
    context.close()


def main() -> None:
    IMAGES.mkdir(exist_ok=True)
    home = tempfile.mkdtemp(prefix="shengeng-pictures-")
    env = os.environ | {
        "SHENGENG_HOME": home,
        "SHENGENG_PORT": str(free_port()),
        "SHENGENG_LOG_LEVEL": "warning",
    }
    made = subprocess.run(
        [SHENGENG, "demo", "--no-serve", "--json"], env=env, capture_output=True, text=True, check=True
    )
    login: dict[str, Any] = json.loads(made.stdout.splitlines()[-1])["operator"]
    server = subprocess.Popen([SHENGENG, "serve"], env=env, stdout=subprocess.DEVNULL)
    url = f"http://127.0.0.1:{env['SHENGENG_PORT']}"
    try:
        wait_for(f"{url}/v1/health")
        with sync_playwright() as playwright:
            chromium = os.environ.get("SHENGENG_CHROMIUM") or shutil.which("chromium")
            browser = playwright.chromium.launch(executable_path=chromium, args=BROWSER_ARGS)
            for shot in SHOTS:
                take(browser, url, login, shot)
            browser.close()
    finally:
        server.terminate()
        server.wait(30)
        shutil.rmtree(home, ignore_errors=True)


if __name__ == "__main__":
    main()

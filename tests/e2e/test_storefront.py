"""A stranger buys in the storefront and pays at the sandbox, in a real browser, against real processes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect
from tests.e2e.conftest import AXE, wait_until_up
from tests.factories.servers import free_port

from shengeng import sample
from shengeng.app import open_shop
from shengeng.govern.shop import api as shop
from shengeng.kernel.clock import wall_now
from shengeng.kernel.roles import SHELL
from shengeng.kernel.settings import Settings
from shengeng.storefront.words import say

# Four processes start for it: what it shows is tested over HTTP at every commit.
pytestmark = [pytest.mark.browser, pytest.mark.slow]
ADDRESS = {"recipient": "李雷", "phone": "13800138000", "city": "杭州市", "line": "文三路 100 号 2 单元"}

LOOKED_AT = (
    "/", "/c/clothing", "/search?q=量子计算", "/greener", "/p/hoodie", "/basket", "/order", "/sign-in",
    "/sign-up", "/help/delivery", "/help/privacy", "/nothing-here",
)  # fmt: skip


@pytest.fixture(scope="module")
def selling(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """`shengeng serve` over the sample shop, with worker and sandbox; the storefront's address."""
    ports = free_port(), free_port(), free_port()
    home = tmp_path_factory.mktemp("selling") / "home"
    chosen = replace(Settings(), home=home, port=ports[0], memory_limit="512MB")
    with open_shop(chosen) as stores, stores.rows.unit() as uow:
        shop.set_profile(uow, SHELL, wall_now(), name="小店", timezone="Asia/Shanghai", currency="CNY")
        sample.load(uow, SHELL, "CNY", wall_now())
    env = os.environ | {
        "SHENGENG_HOME": str(home),
        "SHENGENG_PORT": str(ports[0]),
        "SHENGENG_SHOP_PORT": str(ports[1]),
        "SHENGENG_SANDBOX_PORT": str(ports[2]),
    }
    command = [str(Path(sys.executable).parent / "shengeng"), "serve"]
    with (home / "serve.log").open("wb") as log:
        process = subprocess.Popen(command, env=env, stdout=log, stderr=log, start_new_session=True)
    try:
        wait_until_up(f"http://127.0.0.1:{ports[1]}/", process)
        wait_until_up(f"http://127.0.0.1:{ports[2]}/sandbox.css", process)
        yield f"http://127.0.0.1:{ports[1]}"
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(60)


@pytest.mark.parametrize("width", [1440, 390])
def test_a_stranger_buys_and_pays(selling: str, browser: Browser, lang: str, width: int) -> None:
    prefix = "" if lang == "zh" else "/en"
    context = browser.new_context(
        viewport={"width": width, "height": 900}, locale="zh-CN" if lang == "zh" else "en-US"
    )
    context.set_default_timeout(20_000)
    page = context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    looked: list[str] = []

    def look(where: str) -> None:
        wide = page.evaluate("() => document.documentElement.scrollWidth - window.innerWidth")
        page.evaluate(AXE.read_text("utf-8"))
        serious = page.evaluate(
            "() => axe.run().then(r => r.violations.filter(v => ['serious','critical'].includes(v.impact))"
            ".map(v => v.id + ' ' + v.nodes[0].html.slice(0, 120)))"
        )
        looked.extend(
            f"{where}: {each}" for each in [*serious, *([f"{wide}px too wide"] if wide > 0 else [])]
        )

    for where in LOOKED_AT:
        page.goto(f"{selling}{prefix}{where}")
        look(where)
    page.goto(f"{selling}{prefix}/p/hoodie")
    page.locator("form button.main").first.click()
    expect(page.get_by_role("status").first).to_be_visible()
    page.goto(f"{selling}{prefix}/basket")
    look("basket")
    page.goto(f"{selling}{prefix}/checkout")
    for name, value in ADDRESS.items():
        page.locator(f"[name={name}]").fill(value)
    page.locator("[name=region]").select_option("浙江省")
    expect(page.locator("input[name=option]:checked")).to_have_count(1)
    look("checkout")
    page.locator("#sums button.main").click()
    look("payment")
    page.locator("[data-pay]").click()
    look("sandbox")
    page.locator("button[value=pay]").click()
    page.wait_for_url(f"{selling}{prefix}/order/*")
    paid = say("zh" if lang == "zh" else "en", "order.state.paid")
    expect(page.locator("h1")).to_contain_text(paid)
    look("order")
    page.goto(page.url.partition("?")[0] + "/receipt")
    look("receipt")
    context.close()
    assert (faults, looked) == ([], [])

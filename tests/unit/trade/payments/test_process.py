"""The sandbox as a process of its own, and the worker's jobs against it, over real HTTP."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

import pytest
import sqlalchemy as sa

from shengeng.cli.serving import sandbox_words
from shengeng.kernel.errors import ShopError
from shengeng.kernel.settings import Settings
from shengeng.storage.queue import LIVE
from shengeng.storage.stores import Stores
from shengeng.trade.payments import api, jobs
from shengeng.trade.payments.contracts import Fact, Money


@pytest.fixture
def settings(settings: Settings) -> Settings:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return replace(settings, sandbox_port=free.getsockname()[1])


@pytest.fixture
def sandbox(stores: Stores) -> Iterator[subprocess.Popen[bytes]]:
    """The process as `shengeng serve` starts it; its notices find nobody."""
    now = datetime.now(UTC)
    with stores.rows.unit() as uow:
        api.set_up_sandbox(uow, stores.settings, now, notify_url="http://127.0.0.1:9/nobody")
    process = subprocess.Popen(
        [sys.executable, "-m", *sandbox_words(stores.settings), "--parent", str(os.getpid())]
    )
    try:
        _wait(stores)
        yield process
    finally:
        process.terminate()
        process.wait(10)


def _wait(stores: Stores) -> None:
    until = time.monotonic() + 20
    while time.monotonic() < until:
        try:
            api.sandbox_faults(stores, datetime.now(UTC))
        except ShopError:
            time.sleep(0.05)
        else:
            return
    raise AssertionError("the sandbox does not answer")


def test_a_payment_whose_notice_is_lost_and_its_refund_go_through_the_worker(
    stores: Stores, sandbox: subprocess.Popen[bytes]
) -> None:
    facts: list[Fact] = []
    jobs.register(stores.queue, lambda: datetime.now(UTC), lambda uow, fact, now: facts.append(fact))
    now = datetime.now(UTC)
    with stores.rows.unit() as uow:
        until = now + timedelta(minutes=15)
        intent = api.begin(uow, "o1", 900, "CNY", "sandbox", until, "http://127.0.0.1:9/back", now)
    url = api.present(stores, intent.id, now).url
    with pytest.raises(OSError, match="refused"):  # the way back to a shop that is not there
        urllib.request.urlopen(url, urlencode({"choice": "pay"}).encode(), timeout=5)
    said = api.ask(stores, intent.id, now)
    assert said is not None
    with stores.rows.unit() as uow:
        api.settle(uow, said[0], said[1], now)
        made = api.refund(uow, "o1", 300, "why", "k", now)
        lane = uow.conn.execute(sa.text("select queue_name from procrastinate_jobs")).scalars().all()
        assert lane == [LIVE]
    stores.queue.work(stores, threading.Event(), idle=True)
    with stores.rows.unit() as uow:
        assert api.money(uow, ["o1"])["o1"] == Money(900, 300, 0)
        assert [one.state for one in api.refunds(uow, ["o1"]) if one.id == made.id] == ["done"]
    assert [(fact.kind, fact.amount_minor) for fact in facts] == [("refunded", 300)]
    assert sandbox.poll() is None


def test_a_cancelled_payment_is_closed_at_the_provider_by_the_worker(
    stores: Stores, sandbox: subprocess.Popen[bytes]
) -> None:
    del sandbox
    jobs.register(stores.queue, lambda: datetime.now(UTC))
    now = datetime.now(UTC)
    with stores.rows.unit() as uow:
        until = now + timedelta(minutes=15)
        intent = api.begin(uow, "o1", 900, "CNY", "sandbox", until, "http://127.0.0.1:9/back", now)
    url = api.present(stores, intent.id, now).url
    with stores.rows.unit() as uow:
        api.cancel(uow, "o1", now)
        # Each lane of the worker knows its own tasks only.
        lane = uow.conn.execute(sa.text("select queue_name from procrastinate_jobs")).scalars().all()
        assert lane == [LIVE]
    stores.queue.work(stores, threading.Event(), idle=True)
    with urllib.request.urlopen(url, timeout=5) as page:
        assert "这笔付款已关闭" in page.read().decode()

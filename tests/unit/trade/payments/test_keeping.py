"""The page's example runs; a person's payments are handed out and what was said of them is forgotten."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from tests.factories.payments import charged, sandbox_ready

from shengeng.storage.progress import Progress
from shengeng.storage.rows import UnitOfWork
from shengeng.storage.stores import Stores
from shengeng.trade.payments import api, jobs
from shengeng.trade.payments.contracts import Fact, Intent

NOW = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)
PAGE = Path(__file__).parents[4] / "docs" / "payments.md"


def test_the_pages_example_says_what_the_page_says(
    stores: Stores, capsys: pytest.CaptureFixture[str]
) -> None:
    text = PAGE.read_text("utf-8")
    [example] = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    [said] = re.findall(r"```text\n(.*?)```", text, re.DOTALL)
    exec(compile(example, str(PAGE), "exec"), {"stores": stores})
    assert capsys.readouterr().out == said


def _paid(stores: Stores, order_id: str) -> Intent:
    with stores.rows.unit() as uow:
        until, back = NOW + timedelta(minutes=15), "http://shop.example/o?secret=1"
        intent = api.begin(uow, order_id, 900, "CNY", "sandbox", until, back, NOW)
    headers, body = charged(stores, intent, NOW)
    with stores.rows.unit() as uow:
        api.receive(uow, "sandbox", headers, body, NOW)
    return intent


def _kept(uow: UnitOfWork) -> dict[str, tuple[bool, str]]:
    """By order: whether what its notice said is there, and where its buyer came from."""
    wanted = "select n.order_id, n.body is not null, i.return_url from payment_notices n"
    rows = uow.conn.execute(sa.text(f"{wanted} join payment_intents i using (order_id)"))
    return {order: (there, url) for order, there, url in rows}


def test_a_persons_payments_are_handed_out_and_forgotten_and_the_books_stay(stores: Stores) -> None:
    sandbox_ready(stores, NOW)
    _paid(stores, "theirs")
    _paid(stores, "others")
    with stores.rows.unit() as uow:
        handed = api.export_orders(uow, ["theirs"])
        assert json.loads(json.dumps(handed)) == handed
        assert [one["amount_minor"] for one in handed["payments"]] == [900]
        assert api.erase_orders(uow, []) == 0
        assert api.erase_orders(uow, ["theirs"]) == 2
        assert _kept(uow) == {"theirs": (False, ""), "others": (True, "http://shop.example/o?secret=1")}
        assert api.money(uow, ["theirs"])["theirs"].charged_minor == 900


def test_what_notices_said_leaves_after_half_a_year(stores: Stores) -> None:
    sandbox_ready(stores, NOW)
    _paid(stores, "o1")
    with stores.rows.unit() as uow:
        assert api.empty_old_notices(uow, NOW + timedelta(days=180)) == 0
        assert api.empty_old_notices(uow, NOW + timedelta(days=181)) == 1
        assert [
            one.verdict for one in api.notices_page(uow, verdict=None, order_id="o1", before=None, limit=5)
        ] == ["accepted"]


class Log(Progress):
    """Keeps what a job says."""

    def __init__(self) -> None:
        self.said: list[str] = []

    def step(self, name: str, share: float) -> None:
        self.said.append(f"{name} {share}")

    def note(self, line: str) -> None:
        self.said.append(line)

    def check(self) -> None:
        """Nobody cancels."""


def test_a_provider_that_is_away_keeps_the_job_going_and_is_asked_again_later(stores: Stores) -> None:
    sandbox_ready(stores, NOW)
    with stores.rows.unit() as uow:
        for order_id in ("o1", "o2"):
            until = NOW + timedelta(minutes=15)
            made = api.begin(uow, order_id, 900, "CNY", "sandbox", until, "http://shop.example/", NOW)
            shown = "update payment_intents set shown_at = created_at, ask_at = created_at where id = :id"
            uow.conn.execute(sa.text(shown), {"id": made.id})
    heard: list[Fact] = []
    log = Log()
    jobs.ask_due(stores, NOW, lambda uow, fact, now: heard.append(fact), log)
    assert (len(log.said), heard) == (2, [])
    assert all("did not answer" in line for line in log.said)
    with stores.rows.unit() as uow:
        assert not api.any_unheard(uow, NOW)
        assert len(api.unheard(uow, NOW + timedelta(seconds=30))) == 2

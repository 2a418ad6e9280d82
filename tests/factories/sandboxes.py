"""A shop and its payment sandbox in one process, joined by real bodies and signatures."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from fastapi.testclient import TestClient

from shengeng.kernel.roles import SHELL
from shengeng.sandbox import create_app
from shengeng.sandbox.book import Book
from shengeng.sandbox.telling import tell_due
from shengeng.storage.stores import Stores
from shengeng.trade.payments import api as payments
from shengeng.trade.payments.contracts import Fact, Intent, Money, Request, Response
from tests.factories.payments import NOTIFY

START = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)


@dataclass
class World:
    """A shop and its sandbox, joined by requests; time stands still until it is moved."""

    stores: Stores
    now: datetime

    def __post_init__(self) -> None:
        self.secret = payments.sandbox_secret(self.stores.settings.home).read_bytes()
        home = self.stores.settings.home
        self.sandbox = TestClient(create_app(home, self.secret, lambda: self.now, tell=False))
        self.book = Book(home / "sandbox" / "book.sqlite")
        self.facts: list[Fact] = []
        self.shop_away = False

    def send(self, request: Request) -> Response:
        """A request of the shop to the sandbox."""
        parts = urlsplit(request.url)
        answer = self.sandbox.request(
            request.method, parts.path, content=request.body, headers=dict(request.headers)
        )
        return Response(answer.status_code, dict(answer.headers), answer.content)

    def hear(self, url: str, headers: Mapping[str, str], body: bytes) -> int:
        """A notice of the sandbox to the shop."""
        assert url == NOTIFY
        if self.shop_away:
            return 503
        with self.stores.rows.unit() as uow:
            taken = payments.take_notice(uow, "sandbox", headers, body, self.now)
        self.facts += [taken.fact] if taken.fact else []
        return taken.reply.status

    def pass_time(self, seconds: float = 0) -> int:
        """Let time go on and every due notice leave."""
        self.now += timedelta(seconds=seconds)
        return tell_due(self.book, self.secret, self.hear, self.now)

    def faults(self, **wanted: object) -> None:
        """Let the sandbox misbehave."""
        payments.switch_sandbox(self.stores, SHELL, self.now, wanted, send=self.send)

    def shown(self, order_id: str = "o1", amount_minor: int = 12_900) -> tuple[Intent, str]:
        """An intent and the path of its page."""
        with self.stores.rows.unit() as uow:
            until = self.now + timedelta(minutes=15)
            back = "http://shop.example/done"
            intent = payments.begin(uow, order_id, amount_minor, "CNY", "sandbox", until, back, self.now)
        action = payments.present(self.stores, intent.id, self.now, label="No. SG-1", send=self.send)
        return intent, urlsplit(action.url).path

    def choose(self, page: str, choice: str = "pay") -> None:
        """What the buyer does on the page; then back to the shop."""
        answer = self.sandbox.post(page, data={"choice": choice}, follow_redirects=False)
        assert (answer.status_code, answer.headers["location"]) == (303, "http://shop.example/done")

    def money(self, order_id: str = "o1") -> Money:
        with self.stores.rows.unit() as uow:
            assert sum(amount for *_, amount in payments.balances(uow)) == 0
            return payments.money(uow, [order_id])[order_id]

    def refund(self, amount_minor: int, key: str = "k", order_id: str = "o1") -> None:
        """Promise a refund and let its job run."""
        with self.stores.rows.unit() as uow:
            made = payments.refund(uow, order_id, amount_minor, "changed mind", key, self.now)
        self.drive(lambda: payments.send_refund(self.stores, made.id, self.now, send=self.send))

    def drive(self, ask: Callable[[], tuple[str, object] | None]) -> None:
        said = ask()
        if said is not None:
            with self.stores.rows.unit() as uow:
                fact = payments.settle(uow, said[0], said[1], self.now)  # type: ignore[arg-type]  # of ask
            self.facts += [fact] if fact else []

"""A small live shop for audiences: one fact at a time, dated at will, under a clock that the test moves."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa

from shengeng.decide.audiences import api
from shengeng.decide.audiences.contracts import Audience
from shengeng.govern.shop import api as shop
from shengeng.kernel.roles import SHELL
from shengeng.sense.arrivals import api as arrivals
from shengeng.sense.connect.contracts import PRODUCTS
from shengeng.sense.events.contracts import EVENTS
from shengeng.sense.identity import api as identity
from shengeng.sense.identity.contracts import person_id
from shengeng.storage.stores import Stores
from tests.factories.facts import line, lines_table

ZONE = ZoneInfo("Asia/Shanghai")
OPENED = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)  # a Monday, noon in the shop
GOODS = {"a": "水果 > 苹果", "b": "乳品 > 牛奶", "c": "饮料 > 咖啡"}


@dataclass
class LiveShop:
    """Facts come in through the same tables as anywhere; arrivals are noted with them, in one transaction."""

    stores: Stores
    now: datetime = OPENED
    number: itertools.count[int] = field(default_factory=itertools.count)
    written: list[tuple[str, dict[str, Any]]] = field(default_factory=list)

    def open(self) -> LiveShop:
        """A shop with a clock and a catalogue."""
        with self.stores.rows.unit() as uow:
            shop.set_profile(uow, SHELL, self.now, name="live", timezone=ZONE.key, currency="CNY")
            shop.advance(uow, self.local.date() - timedelta(days=1))
            rows = [
                {
                    "source": "live",
                    "product_id": product,
                    "title": path,
                    "category": path,
                    "department": path.split(" > ")[0],
                    "category_2": path.split(" > ")[1],
                }
                for product, path in GOODS.items()
            ]
            self.stores.lake.append(uow, "products", pa.Table.from_pylist(rows, schema=PRODUCTS))
        return self

    @property
    def local(self) -> datetime:
        """The shop's own wall clock."""
        return self.now.astimezone(ZONE).replace(tzinfo=None)

    def order(self, customer: str, hours: float, *products: str, minor: int = 1000) -> str:
        """An order dated some hours from now (before it where negative); returns its number."""
        number = f"o{next(self.number)}"
        said = {
            "customer": customer,
            "at": self.local + timedelta(hours=hours),
            "products": products or ("a",),
        }
        self._write_order(number, said | {"minor": minor})
        self.written.append((number, said | {"minor": minor}))
        return number

    def cancel(self, number: str) -> None:
        """An order that never was."""
        said = dict(self.written)[number]
        self.written.remove((number, said))
        with self.stores.rows.unit() as uow:
            self.stores.lake.remove(uow, "lines", partition=number)
            self._note(uow, "customer", said["customer"])

    def _write_order(self, number: str, said: dict[str, Any]) -> None:
        rows = [
            line(
                said["customer"], said["at"], product, order_id=number, line_no=no, total_minor=said["minor"]
            )
            for no, product in enumerate(said["products"], start=1)
        ]
        with self.stores.rows.unit() as uow:
            table = lines_table(rows=rows, timezone=ZONE.key, source="live")
            self.stores.lake.append(uow, "lines", table, partition=number)
            self._note(uow, "customer", said["customer"])

    def event(
        self,
        name: str,
        hours: float,
        *,
        customer: str | None = None,
        device: str | None = None,
        product: str | None = None,
        kind: str = "track",
        properties: str = "{}",
    ) -> None:
        """An event dated some hours from now, of a customer or of a device."""
        at = self.now + timedelta(hours=hours)
        local = at.astimezone(ZONE).replace(tzinfo=None)
        row = {
            "event_id": f"e{next(self.number)}",
            "source": "live",
            "kind": kind,
            "name": name,
            "occurred_at": at,
            "received_at": self.now,
            "local_at": local,
            "local_date": local.date(),
            "anonymous_id": device,
            "customer_id": customer,
            "product_id": product,
            "properties": properties,
            "context": "{}",
        }
        with self.stores.rows.unit() as uow:
            table = pa.Table.from_pylist([row], schema=EVENTS)
            self.stores.lake.append(uow, "events", table, partition=str(row["event_id"]))
            if customer is not None:
                self._note(uow, "customer", customer)
            elif device is not None:
                self._note(uow, "anonymous", device)

    def meet(self, device: str, customer: str) -> None:
        """A customer logs in on a device."""
        edge = identity.Edge("anonymous", device, "customer", customer, "live", self.now)
        with self.stores.rows.unit() as uow:
            identity.observe(uow, [edge], self.now)

    def _note(self, uow: Any, kind: Any, value: str) -> None:
        person = identity.persons(uow, kind, [value])[value]
        arrivals.note(uow, [person, person_id(kind, value)], self.now)

    def wait(self, hours: float) -> None:
        """The clock goes on."""
        self.now += timedelta(hours=hours)

    def day_over(self, day: date) -> None:
        """A day's cycle: anybody may have changed."""
        with self.stores.rows.unit() as uow:
            shop.advance(uow, day)
            arrivals.note_all(uow, self.now)

    def save(self, name: str, where: dict[str, Any]) -> Audience:
        """A new audience."""
        with self.stores.rows.unit() as uow:
            sentence = api.checked(self.stores, uow, {"where": where})
            return api.create(uow, SHELL, sentence, self.now, name=name)

    def edit(self, found: Audience, where: dict[str, Any]) -> Audience:
        """The same audience with another sentence."""
        with self.stores.rows.unit() as uow:
            sentence = api.checked(self.stores, uow, {"where": where}, of=found.id)
            newest = api.audience(uow, found.id)
            told = {"name": newest.name, "note": newest.note}
            return api.edit(uow, SHELL, found.id, sentence, self.now, seen=newest.version, **told)

    def follow(self) -> api.Looked:
        """What the worker does every few seconds."""
        with self.stores.rows.unit() as uow:
            return api.follow(self.stores, uow, self.now)

    def members(self, found: Audience) -> set[str]:
        """Who is in it, as written down."""
        with self.stores.rows.unit() as uow:
            rows, total = api.members(uow, found.id, limit=10_000)
        assert len(rows) == total
        return {row.person_id for row in rows}

    def held(self, found: Audience) -> set[str]:
        """Who would be in it, asked anew of everybody."""
        with self.stores.rows.unit() as uow:
            return api.held(self.stores, uow, found.id, self.now)

    def replayed(self, found: Audience) -> set[str]:
        """Who is in it by the record of who entered and left."""
        inside: set[str] = set()
        with self.stores.rows.unit() as uow:
            for change in reversed(api.changes(uow, found.id, limit=None)):
                if change.kind == "entered":
                    assert change.person_id not in inside
                    inside.add(change.person_id)
                else:
                    inside.remove(change.person_id)
        return inside

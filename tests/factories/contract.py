"""A shop with goods, orders and members behind both doors, and what its own words and ids are."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import requests
import schemathesis
import sqlalchemy as sa
from fastapi.testclient import TestClient
from httpx2 import Response
from hypothesis import strategies as st
from schemathesis import Case

from shengeng import sample
from shengeng.doors import ROUTERS
from shengeng.govern.shop import api as shops
from shengeng.http import to_cursor
from shengeng.http.pacing import Pacing, Rate
from shengeng.kernel.roles import SHELL, Role
from shengeng.storage.stores import Stores
from tests.factories.counter import sell_a_little
from tests.factories.door import NOON, Door, open_door
from tests.factories.storefront import PASSWORD, Shopfront, open_shopfront

CONTACT = "mei@example.com"
# What the ids of the rows are called elsewhere.
CALLED = {
    "catalogue_categories.category_id": ("category",),
    "catalogue_channels.channel_id": ("channel",),
    "stock_locations.location_id": ("location",),
    "trade_orders.number": ("q", "search"),
    "member_tiers.key": ("tier",),
    "payment_providers.provider": ("provider",),
    "coupons.code": ("code",),
    "price_lists.list_id": ("list_id",),
}
_ID = "019cae6b-6600-7000-8000-000000000000"
# Well formed, and of moments at the ends of time, without a zone, or of other lists.
CURSORS: tuple[tuple[str | int | float | None, ...], ...] = (
    ("0001-01-01T00:00:00+14:00", _ID),
    ("9999-12-31T23:59:59-12:00", _ID),
    ("2026-03-02T12:00:00", _ID),
    ("2026-03-02T12:00:00+00:00", "x"),
    ("2026-03-02T12:00:00+00:00", None),
    (None, None),
    (2**62, _ID),
    (1e300, "x", "y"),
    ("x", "counter-tea"),
)
BELONGS = ("catalogue_", "stock_", "trade_", "member", "payment_", "coupon", "promotion", "price", "shipment")


def furnish(stores: Stores) -> None:
    """The sample shop and a little selling in it."""
    with stores.rows.unit() as uow:
        shops.set_profile(uow, SHELL, NOON, name="果园", timezone="Asia/Shanghai", currency="CNY")
        sample.load(uow, SHELL, "CNY", NOON)
    sell_a_little(stores, NOON)


@dataclass
class Scene:
    """Both doors of one shop, who comes in, and words that hit rows by the name they go by."""

    door: Door
    front: Shopfront
    known: Mapping[str, Sequence[str]]
    clients: dict[str, TestClient] = field(default_factory=dict)

    def as_role(self, role: Role) -> TestClient:
        """A program with a token of that role."""
        if role not in self.clients:
            self.clients[role] = self.door.program(f"p-{role}", role)
        return self.clients[role]

    def shopper(self, who: str) -> TestClient:
        """A guest without anything, or the member, who signs in again where a call ended their session."""
        if who == "guest":
            return self.front.shopper()
        held = self.clients.get("member")
        if held is None or held.get("/v1/store/me").json() is None:
            held = self.clients["member"] = self._enter()
        return held

    def _enter(self) -> TestClient:
        client = self.front.shopper()
        answer = client.post("/v1/store/session", json={"contact": CONTACT, "password": PASSWORD})
        if answer.status_code != 200:  # a call may have changed the contact or the password
            name = f"mei{len(self.clients)}-{self.front.wall.now.timestamp()}@example.com"
            self.front.wall.wait(minutes=6)
            answer = client.post("/v1/store/members", json={"email": name, "password": PASSWORD})
            assert answer.status_code == 201, answer.text
        client.headers["x-csrf-token"] = answer.json()["csrf"]
        return client


def open_scene(stores: Stores) -> Scene:
    """The doors of a furnished shop."""
    door = open_door(stores, ROUTERS)
    front = open_shopfront(stores)
    front.wall = door.wall
    front.app.state.clock = door.wall
    front.app.state.pacing = Pacing(Rate(1e9, 1), Rate(1e9, 1))  # thousands of calls while the clock stands
    front.member(CONTACT)
    return Scene(door, front, _words(stores))


def _words(stores: Stores) -> Mapping[str, Sequence[str]]:
    """By name of a column: some of what stands in it."""
    found: dict[str, list[str]] = {}
    columns = "select table_name, column_name from information_schema.columns where table_schema = 'public'"
    names = f"{columns} and (data_type in ('text', 'uuid', 'character varying') or column_name = 'line_no')"
    with stores.rows.unit() as uow:
        for table, column in uow.conn.execute(sa.text(names)).all():
            if not table.startswith(BELONGS) or column in ("secret", "password_hash"):
                continue
            some = f'select distinct "{column}"::text from "{table}" where "{column}" is not null limit 6'
            values = [str(value) for (value,) in uow.conn.execute(sa.text(some))]
            for name in (column, *CALLED.get(f"{table}.{column}", ())):
                found.setdefault(name, []).extend(values)
            if column == "id":
                found.setdefault(table.removeprefix("payment_").rstrip("s") + "_id", []).extend(values)
    found["cursor"] = [to_cursor(*values) for values in CURSORS]
    return {name: sorted(set(values)) for name, values in found.items() if values}


def hitting(
    case: Case[Any], known: Mapping[str, Sequence[str]], pick: Callable[[st.SearchStrategy[Any]], Any]
) -> None:
    """Puts words that hit rows in the place of some that the schema made up."""
    for given in (case.path_parameters, case.query):
        _replace(given, known, pick)
    _replace(case.body, known, pick)


def _replace(
    given: Any, known: Mapping[str, Sequence[str]], pick: Callable[[st.SearchStrategy[Any]], Any]
) -> None:
    if isinstance(given, list):
        for one in given:
            _replace(one, known, pick)
    if not isinstance(given, dict):
        return
    for name, value in list(given.items()):
        if name in known and not isinstance(value, (dict, list)) and pick(st.integers(0, 3)):
            given[name] = pick(st.sampled_from(known[name]))
        else:
            _replace(value, known, pick)


def send(client: TestClient, case: Case[Any]) -> Response:
    """The call as it would travel."""
    ready = requests.Request(**case.as_transport_kwargs(base_url="http://testserver")).prepare()
    assert isinstance(ready.method, str)
    assert isinstance(ready.url, str)
    body = ready.body.encode() if isinstance(ready.body, str) else ready.body
    assert body is None or isinstance(body, bytes)
    headers = {
        name.lower(): value.encode() if isinstance(value, str) else value
        for name, value in ready.headers.items()
    }
    headers.pop("content-length", None)
    return client.request(
        ready.method, ready.url, content=body, headers=[(n.encode(), v) for n, v in headers.items()]
    )


def described(document: Mapping[str, Any], prefix: str) -> schemathesis.BaseSchema:
    """The part of a description under a prefix."""
    paths = {path: item for path, item in document["paths"].items() if path.startswith(prefix)}
    return schemathesis.openapi.from_dict({**document, "paths": paths})

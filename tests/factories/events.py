"""A shop that takes events, and somebody who sends them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from fastapi.testclient import TestClient
from httpx2 import Response

from shengeng.govern.keys import api as keys
from shengeng.govern.keys.contracts import Scope
from shengeng.govern.shop import api as shop
from shengeng.kernel.roles import SHELL
from shengeng.sense.events import api, routes
from shengeng.storage.progress import Silent
from shengeng.storage.stores import Stores
from tests.factories.door import Door, open_door


@dataclass
class Sender:
    """A client with a write key."""

    door: Door
    client: TestClient
    secret: str

    def post(self, path: str, body: Any, **headers: str) -> Response:
        """One call; bytes go as they are."""
        given = {"content": body} if isinstance(body, bytes) else {"json": body}
        return self.client.post(f"/v1/{path}", auth=(self.secret, ""), headers=headers, **given)

    def send(self, *events: dict[str, Any], **more: Any) -> None:
        """A batch that is taken."""
        answer = self.post(
            "batch", {"batch": [{"anonymousId": "d1", "type": "track", **e} for e in events], **more}
        )
        assert answer.status_code == 200, answer.text
        assert answer.json() == {"success": True}

    def drain(self) -> int:
        """Everything that waits, into the lake."""
        return api.drain(self.door.stores, Silent(), lambda: self.now)

    def rows(self) -> list[dict[str, Any]]:
        """The events of the lake, by id."""
        table = api.events(self.door.stores.lake)
        found: list[dict[str, Any]] = table.order_by("event_id").to_pyarrow().to_pylist()
        return found

    @property
    def now(self) -> datetime:
        """The server's wall clock."""
        return self.door.wall.now


def open_sender(
    stores: Stores,
    *,
    zone: str = "Asia/Shanghai",
    scopes: Sequence[Scope] = ("events",),
    origins: Sequence[str] = (),
) -> Sender:
    """A shop in a zone, and a client with a key of these scopes and origins."""
    door = open_door(stores, (routes.router,))
    with stores.rows.unit() as uow:
        if zone:
            shop.set_profile(uow, SHELL, door.wall.now, name="Shop", timezone=zone, currency="CNY")
        made = keys.create_key(uow, SHELL, door.wall.now, name="web", scopes=scopes, origins=origins)
    return Sender(door, door.stranger(), made.secret)

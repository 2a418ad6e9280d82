"""A member is forgotten by the whole shop: asked for at the storefront, approved at the console."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any
from uuid import UUID
from zipfile import ZipFile

import pytest
import sqlalchemy as sa
from tests.factories.decisions import ADMIN, APPROVER
from tests.factories.door import NOON
from tests.factories.shopfront import Shopfront, open_shopfront

from shengeng.govern.privacy import api as privacy
from shengeng.govern.privacy.contracts import Request
from shengeng.govern.shop import api as shop
from shengeng.sense.identity import api as identity
from shengeng.storage.stores import Stores
from shengeng.worker import register

ADDRESS = {
    "recipient": "Wanderer",
    "phone": "13800001234",
    "region": "浙江省",
    "city": "杭州市",
    "line": "路 7",
}


@pytest.fixture
def shopfront(stores: Stores) -> Shopfront:
    """The storefront of a shop whose worker knows every task."""
    register(stores.queue)
    with stores.rows.unit() as uow:
        shop.set_profile(uow, ADMIN, NOON, name="Shop", timezone="Asia/Shanghai", currency="CNY")
    return open_shopfront(stores)


def carried_out(stores: Stores, request_id: UUID) -> Request:
    with stores.rows.unit() as uow:
        privacy.approve(uow, APPROVER, request_id, NOON)
    stores.queue.work(stores, threading.Event(), idle=True)
    with stores.rows.unit() as uow:
        return privacy.request(uow, request_id)


def ask(stores: Stores, client: Any, kind: str) -> Request:
    assert client.post("/v1/store/me/requests", json={"kind": kind}).status_code == 202
    with stores.rows.unit() as uow:
        return privacy.request_list(uow)[0]


def holding(stores: Stores, word: str) -> list[str]:
    """The tables in which a word stands, by reading every row as text."""
    with stores.rows.unit() as uow:
        tables = uow.conn.execute(
            sa.text("select table_name from information_schema.tables where table_schema = 'public'")
        ).scalars()
        return [
            name
            for name in sorted(tables)
            if uow.conn.execute(
                sa.text(f"select count(*) from {name} t where t::text like :w"), {"w": f"%{word}%"}
            ).scalar_one()
        ]


def test_a_member_who_asks_is_told_everything_and_then_forgotten_everywhere(
    shopfront: Shopfront, stores: Stores
) -> None:
    client = shopfront.member("wanderer@example.cn", name="Wanderer")
    member_id = client.get("/v1/store/me").json()["member_id"]
    client.post("/v1/store/me/addresses", json=ADDRESS)
    client.post("/v1/store/me/consents", json={"purpose": "marketing", "granted": True, "shown": "Write me"})
    identity.keep(stores, NOON)

    told = carried_out(stores, ask(stores, client, "export").id)
    assert told.state == "done", told.outcome
    with ZipFile(Path(stores.settings.home) / "privacy" / str(told.file)) as parts:
        said = b"".join(parts.read(name) for name in parts.namelist()).decode()
    assert all(word in said for word in ("wanderer@example.cn", "13800001234", "Write me"))
    assert "argon2" not in said

    places = set(holding(stores, member_id))
    assert {"members", "member_sessions", "member_addresses", "consents", "identity_nodes"} <= places
    done = carried_out(stores, ask(stores, client, "erasure").id)
    assert (done.state, done.outcome["found"]) == ("done", [])
    for word in (member_id, "wanderer@example.cn", "Wanderer", "13800001234"):
        assert holding(stores, word) == [], word
    assert client.get("/v1/store/me").json() is None
    with stores.rows.unit() as uow:
        assert privacy.request(uow, told.id).file is None
    shopfront.wall.wait(days=1)
    assert shopfront.member("wanderer@example.cn").get("/v1/store/me").json()["member_id"] != member_id

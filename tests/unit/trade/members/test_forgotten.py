"""A member is forgotten by the whole shop: asked for at the storefront, approved at the console."""

from __future__ import annotations

import secrets
import threading
from pathlib import Path
from typing import Any
from uuid import UUID
from zipfile import ZipFile

import pytest
import sqlalchemy as sa
from tests.factories.decisions import APPROVER
from tests.factories.door import NOON
from tests.factories.selling import HOME, Sold, fill, look, open_selling, pay, wish_of
from tests.factories.shopfront import PASSWORD, Shopfront, open_shopfront

from shengeng.govern.privacy import api as privacy
from shengeng.govern.privacy.contracts import Request
from shengeng.kernel.roles import SHELL
from shengeng.kernel.shoppers import Shopper
from shengeng.sense.identity import api as identity
from shengeng.sense.orders import api as sense_orders
from shengeng.storage.stores import Stores
from shengeng.trade.checkout import api as checkout
from shengeng.trade.checkout.contracts import Placed
from shengeng.trade.members.contracts import Where
from shengeng.trade.orders import api as trade_orders
from shengeng.trade.orders.contracts import Contact
from shengeng.worker import register

MAIL, PHONE = "wanderer@example.cn", "13811223344"
ADDRESS = {"recipient": "Wanderer", "phone": PHONE, "region": "浙江省", "city": "杭州市", "line": "路 7"}
HERE = Where("Wanderer", PHONE, "CN", "浙江省", "杭州市", "", "路 7")


@pytest.fixture
def shopfront(stores: Stores) -> Shopfront:
    """The storefront of a shop whose worker knows every task."""
    register(stores.queue)
    open_selling(stores, Sold("tea", units={"store": 50}), now=NOON)
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


def bought(stores: Stores, who: Shopper, email: str | None, phone: str | None, where: Where) -> Placed:
    """An order that is placed and paid."""
    filled = fill(stores, who, [("tea", 2)], NOON)
    wish = wish_of(look(stores, filled, NOON), contact=Contact(email, phone), where=where)
    placed = checkout.place_patiently(stores, filled, wish, f"key-{secrets.token_hex(8)}", NOON)
    assert placed.intent is not None
    pay(stores, placed.intent, NOON)
    return placed


def test_a_member_who_asks_is_told_everything_and_then_forgotten_everywhere(
    shopfront: Shopfront, stores: Stores
) -> None:
    client = shopfront.member(MAIL, name="Wanderer")
    member_id = client.get("/v1/store/me").json()["member_id"]
    client.post("/v1/store/me/contact", json={"email": MAIL, "phone": PHONE, "password": PASSWORD})
    client.post("/v1/store/me/addresses", json=ADDRESS)
    client.post("/v1/store/me/consents", json={"purpose": "marketing", "granted": True, "shown": "Write me"})
    orders = [
        bought(stores, Shopper(member_id), MAIL, PHONE, HERE),
        bought(stores, Shopper(), None, PHONE, HERE),
    ]
    stranger = bought(stores, Shopper(), "other@example.cn", None, HOME)
    with stores.rows.unit() as uow:
        trade_orders.note(uow, SHELL, orders[1].order.order_id, f"Wanderer rings from {PHONE}", NOON)
    stores.queue.work(stores, threading.Event(), idle=True)
    sense_orders.drain(stores, NOON)
    identity.keep(stores, NOON)

    told = carried_out(stores, ask(stores, client, "export").id)
    assert told.state == "done", told.outcome
    with ZipFile(Path(stores.settings.home) / "privacy" / str(told.file)) as parts:
        said = b"".join(parts.read(name) for name in parts.namelist()).decode()
    assert all(
        word in said
        for word in (MAIL, PHONE, "Write me", "rings from", *(one.order.number for one in orders))
    )
    assert stranger.order.number not in said
    assert "argon2" not in said

    places = set(holding(stores, member_id))
    assert {"members", "member_sessions", "member_addresses", "consents", "identity_nodes"} <= places
    assert {"trade_orders"} <= places
    done = carried_out(stores, ask(stores, client, "erasure").id)
    assert (done.state, done.outcome["found"]) == ("done", [])
    for word in (member_id, MAIL, "Wanderer", PHONE):
        assert holding(stores, word) == [], word
    assert client.get("/v1/store/me").json() is None
    with stores.rows.unit() as uow:
        assert privacy.request(uow, told.id).file is None
        kept = [trade_orders.order(uow, one.order.order_id) for one in orders]
        untouched = trade_orders.order(uow, stranger.order.order_id)
    assert [(one.total_minor, one.member_id, one.contact) for one in kept] == [
        (one.order.total_minor, None, Contact()) for one in orders
    ]
    assert untouched.contact.email == "other@example.cn"
    shopfront.wall.wait(days=1)
    assert shopfront.member(MAIL).get("/v1/store/me").json()["member_id"] != member_id

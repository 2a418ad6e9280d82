"""POST /v1/orders through the door: who may send, and what the answer says."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa
from fastapi.testclient import TestClient
from tests.factories.door import NOON, Door, open_door
from tests.unit.sense.orders.sent import order

from shengeng.govern.keys import api as keys
from shengeng.govern.keys.contracts import Scope
from shengeng.govern.shop import api as shop
from shengeng.kernel.roles import SHELL, Role
from shengeng.sense.orders.contracts import MOST_ORDERS, MOST_WAITING
from shengeng.sense.orders.routes import router
from shengeng.storage.stores import Stores

BODY = {"orders": [order(ordered_at=(NOON - timedelta(hours=2)).isoformat())]}


@pytest.fixture
def door(stores: Stores) -> Door:
    with stores.rows.unit() as uow:
        shop.set_profile(uow, SHELL, NOON, name="小店", timezone="Asia/Shanghai", currency="CNY")
    return open_door(stores, [router])


def sender(door: Door, scope: Scope) -> TestClient:
    with door.stores.rows.unit() as uow:
        made = keys.create_key(uow, SHELL, NOON, name=f"erp {scope}", scopes=[scope])
    client = door.stranger()
    client.auth = (made.secret, "")
    return client


def test_a_key_for_orders_and_an_operators_program_may_send_and_nobody_else(door: Door) -> None:
    assert door.stranger().post("/v1/orders", json=BODY).status_code == 401
    assert sender(door, "events").post("/v1/orders", json=BODY).status_code == 403
    erp = sender(door, "orders")
    assert erp.post("/v1/orders", json=BODY, headers={"origin": "https://shop.example"}).status_code == 403
    assert door.program("looker", Role.VIEWER).post("/v1/orders", json=BODY).status_code == 403
    answer = erp.post("/v1/orders", json=BODY)
    assert answer.status_code == 200, answer.text
    assert answer.json()["counts"] == {"created": 1}
    again = door.program("bot", Role.OPERATOR).post("/v1/orders", json=BODY)
    assert again.json()["counts"] == {"unchanged": 1}
    seen = door.signed_in("li", Role.VIEWER).get("/v1/orders/versions", params={"order_id": "o1"}).json()
    assert [(row["version"], row["sent_by"], row["state"]) for row in seen["rows"]] == [
        (1, "erp orders", "waiting")
    ]


def test_a_refusal_is_in_the_senders_language_and_names_the_place(door: Door) -> None:
    erp = sender(door, "orders")
    bad = {"orders": [order("o2", lines=[{"product_id": "p1", "quantity": 1.5, "unit_price": 1}])]}
    for lang, word in (("en", "Expected `int`"), ("zh", "格式不符")):
        told = erp.post("/v1/orders", json=bad, headers={"accept-language": lang}).json()["orders"][0][
            "reason"
        ]
        assert told["path"] == "orders.0.lines.0.quantity"
        assert word in told["message"]
    assert erp.post("/v1/orders", json={"orders": []}).status_code == 422
    many = {"orders": BODY["orders"] * (MOST_ORDERS + 1)}
    assert erp.post("/v1/orders", json=many).json()["error"]["code"] == "too_many_orders"


def test_senders_wait_when_too_many_orders_do(door: Door) -> None:
    with door.stores.rows.unit() as uow:
        uow.conn.execute(
            sa.text("""
                insert into order_versions
                select 'shop', '', 'w' || n, 1, '{}', '', now(), 'erp', 'waiting'
                from generate_series(1, :n) n
            """),
            {"n": MOST_WAITING},
        )
    answer = sender(door, "orders").post("/v1/orders", json=BODY)
    assert answer.status_code == 429
    assert int(answer.headers["retry-after"]) > 0

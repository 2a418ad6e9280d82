"""Payments over HTTP: read by everybody, changed by whoever may, and no secret comes out."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import sqlalchemy as sa
from fastapi.testclient import TestClient
from tests.factories.door import NOON, Door, open_door
from tests.factories.payments import charged, refunded, sandbox_ready
from tests.factories.providers import AlipaySide, Pair

from shengeng.govern.audit import api as audit
from shengeng.kernel.roles import Role
from shengeng.storage.stores import Stores
from shengeng.trade.payments import api, routes
from shengeng.trade.payments.contracts import Intent

ROOT = "/v1/trade/payments"
DAY = {"since": "2026-03-02T00:00:00Z", "until": "2026-03-03T00:00:00Z"}


@pytest.fixture
def door(stores: Stores) -> Door:
    sandbox_ready(stores, NOON)
    return open_door(stores, [routes.router])


@pytest.fixture
def mei(door: Door) -> TestClient:
    return door.signed_in("mei", Role.APPROVER)


def paid(stores: Stores, order_id: str, amount_minor: int, told_minor: int | None = None) -> Intent:
    with stores.rows.unit() as uow:
        until = NOON + timedelta(minutes=15)
        intent = api.begin(uow, order_id, amount_minor, "CNY", "sandbox", until, "http://shop.example/", NOON)
    headers, body = charged(stores, intent, NOON, amount_minor=told_minor, ref=f"ref-{order_id}")
    with stores.rows.unit() as uow:
        api.receive(uow, "sandbox", headers, body, NOON)
    return intent


def in_pages(who: TestClient, which: str) -> list[dict[str, Any]]:
    """The rows of a list, two at a time; at most ten pages."""
    seen: list[dict[str, Any]] = []
    cursor: str | None = None
    for _ in range(10):
        params = {"limit": "2"} | ({"cursor": cursor} if cursor else {})
        page = who.get(f"{ROOT}/{which}", params=params).json()
        seen += page["rows"]
        cursor = page["next"]
        if cursor is None:
            return seen
    raise AssertionError(f"{which} never ends")


@pytest.mark.parametrize("which", ["charges", "refunds", "intents", "notices", "ledger"])
def test_every_row_stands_on_one_page_the_newest_first(stores: Stores, mei: TestClient, which: str) -> None:
    for number in range(5):
        paid(stores, f"o{number}", 1_000)
        with stores.rows.unit() as uow:
            api.refund(uow, f"o{number}", 100, "", f"k{number}", NOON + timedelta(minutes=number))
    seen = in_pages(mei, which)
    for_each = 2 if which == "ledger" else 1
    assert Counter(row["order_id"] for row in seen) == {f"o{number}": for_each for number in range(5)}
    told = [row.get("requested_at") or row.get("at") or "" for row in seen]
    assert told == sorted(told, reverse=True)


def test_what_came_in_is_read_in_pages_with_both_sides(stores: Stores, mei: TestClient) -> None:
    for number in range(5):
        paid(stores, f"o{number}", 1_000 + number)
    overview = mei.get(ROOT).json()
    assert overview["sandbox"] is True
    assert {one["account"]: one["amount_minor"] for one in overview["accounts"]} == {
        "provider:sandbox": 5_010,
        "orders": -5_010,
    }
    seen = in_pages(mei, "ledger")
    assert sorted(row["order_id"] for row in seen) == [f"o{number}" for number in range(5)]
    assert all(sum(side["amount_minor"] for side in row["postings"]) == 0 for row in seen)
    assert len(mei.get(f"{ROOT}/ledger", params={"order_id": "o3"}).json()["rows"]) == 1
    assert mei.get(f"{ROOT}/ledger", params={"account": "fees"}).json()["rows"] == []
    notices = mei.get(f"{ROOT}/notices").json()["rows"]
    assert {(one["verdict"], one["about"]) for one in notices} == {("accepted", "")}
    assert len(mei.get(f"{ROOT}/intents", params={"state": "charged", "limit": 3}).json()["rows"]) == 3
    assert mei.get(f"{ROOT}/ledger", params={"cursor": "bm9uc2Vuc2U"}).status_code == 422


def test_parked_money_goes_back_when_an_approver_says_so(door: Door, mei: TestClient) -> None:
    paid(door.stores, "o1", 1_000, 900)
    [parked] = mei.get(f"{ROOT}/charges", params={"standing": "parked"}).json()["rows"]
    assert (parked["why"], parked["left_minor"]) == ("wrong_amount", 900)
    path = f"{ROOT}/charges/{parked['id']}/return"
    assert door.signed_in("op", Role.OPERATOR).post(path).status_code == 403
    assert mei.post(path).json()["amount_minor"] == 900
    assert mei.post(path).status_code == 200  # it is the same return
    assert mei.get(ROOT).json()["parked"] == 0
    with door.stores.rows.unit() as uow:
        rows = audit.newest(uow, limit=9).rows
    assert ("mei", "payments.parked_returned", parked["id"]) in {(r.actor, r.action, r.target) for r in rows}
    assert mei.post(f"{ROOT}/charges/{uuid4()}/return").status_code == 404


def test_a_failed_refund_is_sent_again_by_an_operator(door: Door, mei: TestClient) -> None:
    intent = paid(door.stores, "o1", 1_000)
    with door.stores.rows.unit() as uow:
        made = api.refund(uow, "o1", 400, "why", "k", NOON)
    headers, body = refunded(door.stores, intent.id, made, NOON, done=False)
    with door.stores.rows.unit() as uow:
        api.receive(uow, "sandbox", headers, body, NOON)
    assert mei.get(ROOT).json()["refunds_failed"] == 1
    path = f"{ROOT}/refunds/{made.id}/again"
    assert door.signed_in("vera", Role.VIEWER).post(path).status_code == 403
    assert mei.post(path).json()["state"] == "waiting"
    assert mei.post(path).json()["error"]["code"] == "refund_runs"


def test_only_an_admin_sees_and_changes_ways_to_pay_and_no_secret_comes_out(
    door: Door, mei: TestClient, tmp_path: Path
) -> None:
    assert mei.get(f"{ROOT}/ways").status_code == 403
    ada = door.signed_in("ada", Role.ADMIN)
    settings = AlipaySide(Pair(), Pair()).settings(tmp_path / "keys")
    assert ada.put(f"{ROOT}/ways/alipay", json={"enabled": True, "settings": {}}).status_code == 422
    kept = ada.put(f"{ROOT}/ways/alipay", json={"enabled": True, "settings": settings})
    assert kept.json()["ready"] is True
    assert ada.get(ROOT).json()["sandbox"] is False
    told = ada.get(f"{ROOT}/ways").text
    secret = (tmp_path / "keys" / "app.pem").read_text().splitlines()[1]
    assert secret not in told
    assert ada.put(f"{ROOT}/ways/alipay", json={"enabled": True, "settings": {"x": "y"}}).status_code == 422
    assert ada.put(f"{ROOT}/ways/paypal", json={"enabled": True, "settings": {}}).status_code == 422


def test_a_sandbox_that_does_not_run_is_told_as_unavailable(mei: TestClient) -> None:
    for answer in (mei.get(f"{ROOT}/sandbox/faults"), mei.post(f"{ROOT}/reconciliations/sandbox", json=DAY)):
        assert (answer.status_code, answer.json()["error"]["code"]) == (503, "payment_provider_away")


def test_a_statement_says_what_agrees_and_what_does_not(stores: Stores, mei: TestClient) -> None:
    for order_id, amount in (("o1", 1_000), ("o2", 2_000), ("o3", 3_000)):
        paid(stores, order_id, amount)
    text = "kind,ref,amount,fee\ncharge,ref-o1,10.00,0.06\ncharge,ref-o2,20.50,0\ncharge,nobody,1,0\n"
    body = DAY | {"provider": "sandbox", "currency": "CNY", "text": text}
    for _ in range(2):  # the fee is booked once
        made = mei.post(f"{ROOT}/reconciliations", json=body)
        assert made.status_code == 200, made.text
    said = made.json()
    assert (said["matched"], said["matched_minor"], said["fees_minor"]) == (1, 1_000, 6)
    found = sorted((one["what"], one["provider_ref"]) for one in said["mismatches"])
    assert found == [("different", "ref-o2"), ("missing_here", "nobody"), ("missing_there", "ref-o3")]
    accounts = {one["account"]: one["amount_minor"] for one in mei.get(ROOT).json()["accounts"]}
    assert (accounts["fees"], accounts["provider:sandbox"]) == (6, 6_000 - 6)
    assert mei.get(f"{ROOT}/reconciliations").json()["rows"][0]["mismatches"] == said["mismatches"]
    bad = mei.post(f"{ROOT}/reconciliations", json=body | {"text": "kind,ref,amount\ncharge,x,ten\n"})
    assert (bad.status_code, bad.json()["error"]["params"]["row"]) == (422, 2)
    assert mei.post(f"{ROOT}/reconciliations", json=body | {"text": "a,b\n1,2\n"}).status_code == 422
    backwards = body | {"since": DAY["until"], "until": DAY["since"]}
    assert mei.post(f"{ROOT}/reconciliations", json=backwards).status_code == 422


def test_every_movement_says_through_whom_and_accounts_what_passed(door: Door, mei: TestClient) -> None:
    paid(door.stores, "o1", 1_000)
    paid(door.stores, "o2", 1_000, 900)  # parked, since less came than was asked for
    [parked] = mei.get(f"{ROOT}/charges", params={"standing": "parked"}).json()["rows"]
    assert mei.post(f"{ROOT}/charges/{parked['id']}/return").status_code == 200
    with door.stores.rows.unit() as uow:
        api.refund(uow, "o1", 400, "why", "k", NOON)
    assert {row["provider"] for row in mei.get(f"{ROOT}/refunds").json()["rows"]} == {"sandbox"}
    ledger = mei.get(f"{ROOT}/ledger").json()["rows"]
    assert [(row["about"], row["provider"]) for row in ledger].count(("refund_promised", "sandbox")) == 2
    assert {row["provider"] for row in ledger} == {"sandbox"}
    accounts = {one["account"]: one for one in mei.get(ROOT).json()["accounts"]}
    orders = accounts["orders"]
    assert (orders["debit_minor"], orders["credit_minor"], orders["movements"]) == (400, 1_000, 2)
    assert all(one["debit_minor"] - one["credit_minor"] == one["amount_minor"] for one in accounts.values())
    assert accounts["suspense"]["amount_minor"] == 0


def test_a_payment_whose_notice_was_lost_is_found_in_the_statement_and_asked_about(
    door: Door, mei: TestClient
) -> None:
    with door.stores.rows.unit() as uow:
        until = NOON + timedelta(minutes=15)
        begun = [
            api.begin(uow, order_id, 1_000, "CNY", "sandbox", until, "http://shop.example/", NOON)
            for order_id in ("lost", "unseen")
        ]
        moment = {"now": NOON, "one": begun[0].id}
        shown = "update payment_intents set shown_at = :now where id = :one"
        uow.conn.execute(sa.text(shown), moment)
    text = "kind,ref,amount,ours\n" + "".join(
        f"charge,r{number},10.00,{ours}\n" for number, ours in enumerate([begun[0].id.hex, "0" * 32, "x"])
    )
    told = mei.post(f"{ROOT}/reconciliations", json=DAY | {"provider": "sandbox", "text": text}).json()
    assert [(one["what"], one["order_id"], one["ours"]) for one in told["mismatches"]] == [
        ("missing_here", "lost", begun[0].id.hex),
        ("missing_here", None, ""),
        ("missing_here", None, ""),
    ]
    assert mei.get(f"{ROOT}/reconciliations").json()["rows"][0]["mismatches"] == told["mismatches"]
    path = f"{ROOT}/intents/{begun[0].id}/ask"
    assert door.signed_in("vera", Role.VIEWER).post(path).status_code == 403
    assert mei.post(path).json()["order_id"] == "lost"
    assert mei.post(f"{ROOT}/intents/{begun[1].id}/ask").status_code == 404
    with door.stores.rows.unit() as uow:
        assert api.unheard(uow, NOON) == [begun[0].id]
    rows = mei.get(f"{ROOT}/intents", params={"order_id": "lost"}).json()["rows"]
    assert [row["id"] for row in rows] == [str(begun[0].id)]

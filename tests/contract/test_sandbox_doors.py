"""Whatever a caller sends to the payment sandbox, signed or not: it answers, and its money adds up."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st
from tests.factories.fuzzing import calls

from shengeng.sandbox import create_app
from shengeng.sandbox.book import Book
from shengeng.trade.payments.contracts import signing

SECRET = b"a secret that both sides have"
NOW = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)
IDS = ("0" * 32, "1" * 32, "f" * 32)
DOORS = (
    ("POST", "/v1/payments"),
    ("GET", "/v1/payments/{id}"),
    ("POST", "/v1/payments/{id}/close"),
    ("POST", "/v1/refunds"),
    ("GET", "/v1/refunds/{id}"),
    ("GET", "/v1/statement"),
    ("GET", "/v1/faults"),
    ("POST", "/v1/faults"),
    ("GET", "/pay/{id}"),
    ("POST", "/pay/{id}"),
)
FULL: dict[str, dict[str, Any]] = {
    "/v1/payments": {
        "id": IDS[0],
        "order": "SG-1",
        "amount_minor": 12_900,
        "currency": "CNY",
        "expires_at": "2026-11-20T08:15:00+00:00",
        "notify_url": "http://shop.example/notices",
        "return_url": "http://shop.example/done",
    },
    "/v1/refunds": {"id": IDS[1], "payment_ref": "sbx_0", "amount_minor": 100, "reason": "changed mind"},
    "/v1/faults": {"delay_s": 1, "copies": 2, "reorder": True, "away": False},
    "/pay/{id}": {"choice": "pay"},
}
ODD: tuple[object, ...] = (
    *(None, True, 0, -1, 1, 10**12, 2**63, 10**30, 1e300, float("nan"), float("inf"), "", "x" * 2001, [], {}),
    *(
        "\x00",
        "\ud800",
        "深耕",
        "9999-12-31T23:59:59-14:00",
        "0001-01-01T00:00:00+14:00",
        "2026-11-20T08:15:00",
    ),
    *(
        "CNY",
        "XXX",
        "JPY",
        "BHD",
        "http://",
        "https://shop.example/\r\nset-cookie: a=b",
        "http://[::1",
        IDS[2],
    ),
)
RAW = (b"", b"{", b"[]", b"null", b"\xff\xfe", b'{"id": 1e999}', b"[" * 50_000, b'{"a":' * 3000)


def sandbox(home: Path) -> tuple[TestClient, Book]:
    app = create_app(home, SECRET, lambda: NOW, tell=False)
    return TestClient(app, raise_server_exceptions=False, follow_redirects=False), Book(
        home / "sandbox" / "book.sqlite"
    )


def signed_post(client: TestClient, path: str, given: dict[str, Any]) -> int:
    """The status that a call of the shop is answered with."""
    body = json.dumps(given).encode()
    headers = {signing.SIGNATURE: signing.sign(SECRET, f"POST {path}", body, NOW)}
    return client.post(path, content=body, headers=headers | {"content-type": "application/json"}).status_code


def hostile(home: Path, examples: int) -> None:
    client, book = sandbox(home)
    for each in IDS:
        assert signed_post(client, "/v1/payments", FULL["/v1/payments"] | {"id": each}) == 200
    client.post(f"/pay/{IDS[0]}", data={"choice": "pay"})

    @calls(examples)
    @given(st.data())
    def call(data: st.DataObject) -> None:
        method, door = data.draw(st.sampled_from(DOORS))
        payment = data.draw(st.sampled_from((*IDS, *IDS, "x", "%00", "..%2f", "f" * 33)))
        path = door.replace("{id}", payment)
        body = _body(data, door, book) if method == "POST" else b""
        signed = data.draw(st.integers(0, 9)) > 0
        place = f"{method} {path}"
        headers = {"content-type": "application/json"}
        if door.startswith("/pay"):
            headers = {"content-type": "application/x-www-form-urlencoded"}
        wrong = data.draw(st.sampled_from(("", "t=1,v1=0", f"t={NOW.timestamp():.0f},v1={'0' * 64}")))
        headers[signing.SIGNATURE] = signing.sign(SECRET, place, body, NOW) if signed else wrong
        answer = client.request(method, path, content=body, headers=headers)
        told = (method, path, signed, body[:300], answer.status_code, answer.text[:300])
        assert answer.status_code < 500 or (answer.status_code == 503 and book.faults().away), told
        if door.startswith("/v1") and not signed:
            assert answer.status_code >= 300, told
        assert "set-cookie" not in answer.headers, told
        assert answer.headers["x-content-type-options"] == "nosniff", told

    call()
    _adds_up(book)


def _body(data: st.DataObject, door: str, book: Book) -> bytes:
    """A body that fits, with some values odd; or bytes that are none."""
    if not data.draw(st.integers(0, 9)):
        return data.draw(st.sampled_from(RAW))
    given = dict(FULL.get(door, {}))
    if door == "/v1/refunds":
        refs = [row["ref"] for row in book.all("select ref from payments order by ref")]
        given["payment_ref"] = [*refs, "sbx_0"][data.draw(st.integers(0, 11)) % (len(refs) + 1)]
    if "id" in given:
        given["id"] = data.draw(st.sampled_from(IDS))
    if "amount_minor" in given:
        given["amount_minor"] = data.draw(st.sampled_from((100, 5_000, 12_900)))
    for name in data.draw(st.lists(st.sampled_from([*given, "more"]), max_size=2)):
        given[name] = data.draw(st.one_of(st.sampled_from(ODD), st.text(max_size=20)))
    if door.startswith("/pay"):
        return f"choice={data.draw(st.sampled_from(('pay', 'pay', 'fail', '', '%00', 'x' * 20)))}".encode()
    return json.dumps(given).encode()


def _adds_up(book: Book) -> None:
    """Nobody gets back more than was paid, and something was paid and sent back."""
    paid = {
        row["id"]: row["amount_minor"] for row in book.all("select * from payments where state = 'charged'")
    }
    back = book.all(
        "select payment, sum(amount_minor) as n from refunds where state <> 'failed' group by payment"
    )
    assert paid
    assert back
    assert all(row["n"] <= paid[row["payment"]] for row in back)


def test_the_sandbox_answers_whatever_comes(tmp_path: Path) -> None:
    hostile(tmp_path, 250)


@pytest.mark.slow
def test_the_sandbox_answers_thousands_of_calls(tmp_path: Path) -> None:
    hostile(tmp_path, 5000)


@pytest.mark.parametrize("odd", ["NaN", '"\\ud800"', "1e999", "-Infinity"])
def test_a_value_that_json_cannot_carry_back_is_refused_like_any_other(tmp_path: Path, odd: str) -> None:
    client, _ = sandbox(tmp_path)
    body = json.dumps(FULL["/v1/payments"] | {"amount_minor": 0}).replace(" 0,", f" {odd},").encode()
    headers = {signing.SIGNATURE: signing.sign(SECRET, "POST /v1/payments", body, NOW)}
    answer = client.post("/v1/payments", content=body, headers=headers | {"content-type": "application/json"})
    assert answer.status_code == 422


def test_a_payment_ends_at_its_moment_in_whatever_zone_that_is_written(tmp_path: Path) -> None:
    client, book = sandbox(tmp_path)
    late = {"id": IDS[0], "expires_at": "2026-11-20T15:59:00+08:00"}
    soon = {"id": IDS[1], "expires_at": "2026-11-20T03:01:00-05:00"}
    for each in (late, soon):
        assert signed_post(client, "/v1/payments", FULL["/v1/payments"] | each) == 200
        client.post(f"/pay/{each['id']}", data={"choice": "pay"})
    states = {row["id"]: row["state"] for row in book.all("select id, state from payments")}
    assert states == {IDS[0]: "closed", IDS[1]: "charged"}
    assert NOW + timedelta(minutes=1) == datetime.fromisoformat("2026-11-20T03:01:00-05:00")

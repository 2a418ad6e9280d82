"""What comes in over HTTP: who may send, what is refused and how it is told, what 200 means."""

from __future__ import annotations

import gzip
import json
import time
from typing import Any

import pytest
from tests.factories.events import Sender, open_sender

from shengeng.govern.keys import api as keys
from shengeng.kernel.roles import SHELL
from shengeng.sense.events import api
from shengeng.sense.events.api import receiving
from shengeng.sense.events.contracts import EVENT_LIMIT, REQUEST_LIMIT
from shengeng.storage.stores import Stores

GOOD = {"event": "Product Viewed", "userId": "u1"}
PAGE = "https://shop.example"
CALLS: dict[str, dict[str, Any]] = {
    "track": GOOD,
    "identify": {"userId": "u1", "traits": {"city": "杭州"}},
    "page": {"anonymousId": "d1", "name": "Home"},
    "screen": {"anonymousId": "d1", "name": "Home"},
    "group": {"userId": "u1", "groupId": "g1"},
    "alias": {"userId": "u1", "previousId": "d1"},
}


@pytest.fixture
def sender(stores: Stores) -> Sender:
    """A sender with a key for the pages of one origin."""
    return open_sender(stores, origins=[PAGE])


def error(answer: Any) -> dict[str, Any]:
    found: dict[str, Any] = answer.json()["error"]
    return found


@pytest.mark.parametrize("call", CALLS)
def test_each_call_of_segment_is_taken_and_becomes_an_event_of_its_kind(sender: Sender, call: str) -> None:
    assert sender.post(call, CALLS[call]).json() == {"success": True}
    assert sender.drain() == 1
    (row,) = sender.rows()
    assert (row["kind"], row["source"]) == (call, "web")


def test_what_was_acknowledged_is_in_the_database_before_anything_drains_it(sender: Sender) -> None:
    sender.send(GOOD, GOOD)
    with sender.door.stores.rows.unit() as uow:
        depth = api.depth(uow)
    assert (depth.requests, depth.events) == (1, 2)


def test_a_stranger_an_unknown_key_and_a_password_are_not_let_in(sender: Sender) -> None:
    client = sender.client
    assert error(client.post("/v1/track", json=GOOD))["code"] == "no_key"
    for secret in ("sgw_unknown", "", "nobody"):
        answer = client.post("/v1/track", json=GOOD, auth=(secret, ""))
        assert answer.status_code == 401, answer.text
    assert client.post("/v1/track", json=GOOD, headers={"authorization": "Basic !!"}).status_code == 401


def test_a_beacon_without_headers_signs_in_its_body(sender: Sender) -> None:
    body = json.dumps({"writeKey": sender.secret, "batch": [{"type": "track", **GOOD}]}).encode()
    answer = sender.client.post(
        "/v1/batch", content=body, headers={"content-type": "text/plain;charset=UTF-8"}
    )
    assert answer.status_code == 200, answer.text
    with sender.door.stores.rows.unit() as uow:
        assert api.depth(uow).events == 1


def test_a_revoked_key_stops_working_within_its_few_seconds(
    sender: Sender, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert sender.post("track", GOOD).status_code == 200
    with sender.door.stores.rows.unit() as uow:
        (key,) = keys.keys(uow)
        keys.revoke_key(uow, SHELL, sender.now, key.id)
    later = time.monotonic() + 3.1
    monkeypatch.setattr(time, "monotonic", lambda: later)
    assert error(sender.post("track", GOOD))["code"] == "bad_key"


def test_a_key_for_orders_sends_no_events(stores: Stores) -> None:
    assert error(open_sender(stores, scopes=["orders"]).post("track", GOOD))["code"] == "not_in_scope"


def test_only_pages_that_the_key_names_may_use_it(sender: Sender) -> None:
    answer = sender.post("track", GOOD, origin=PAGE)
    assert answer.status_code == 200
    assert answer.headers["access-control-allow-origin"] == PAGE
    assert "access-control-allow-credentials" not in answer.headers
    foreign = sender.post("track", GOOD, origin="https://evil.example")
    assert error(foreign)["code"] == "wrong_origin"
    assert "access-control-allow-origin" not in foreign.headers


def test_a_preflight_is_answered_for_known_pages_and_only_at_the_edge(sender: Sender) -> None:
    asks = {"origin": PAGE, "access-control-request-method": "POST"}
    answer = sender.client.options("/v1/batch", headers=asks)
    assert answer.status_code == 204
    assert answer.headers["access-control-allow-methods"] == "POST"
    assert (
        sender.client.options("/v1/batch", headers=asks | {"origin": "https://evil.example"}).status_code
        == 403
    )
    inner = sender.client.options("/v1/keys", headers=asks)
    assert "access-control-allow-origin" not in inner.headers


def test_a_page_may_read_why_it_was_refused(sender: Sender) -> None:
    answer = sender.post("track", {"userId": "u1"}, origin=PAGE)
    assert answer.status_code == 422
    assert answer.headers["access-control-allow-origin"] == PAGE


REFUSED: list[tuple[str, Any, str, str]] = [
    ("track", {"userId": "u1"}, "event", "is required"),
    ("track", {"event": " ", "userId": "u1"}, "event", "is required"),
    ("track", {"event": "A"}, "userId", "anonymousId"),
    ("track", {"event": "A", "userId": "", "anonymousId": None}, "userId", "anonymousId"),
    ("track", {"event": "A", "userId": "u" * 300}, "userId", "at most 256"),
    ("track", {"event": "A" * 201, "userId": "u"}, "event", "at most 200"),
    ("track", {"event": 5, "userId": "u"}, "event", "it is int"),
    ("track", {"event": "A", "userId": ["u"]}, "userId", "it is array"),
    ("track", {**GOOD, "timestamp": "yesterday"}, "timestamp", "ISO 8601"),
    ("track", {**GOOD, "timestamp": 1700000000}, "timestamp", "ISO 8601"),
    ("track", {**GOOD, "timestamp": "1970-01-01T00:00:00Z"}, "timestamp", "outside 2000-01-01"),
    ("track", {**GOOD, "timestamp": "9999-12-31T23:59:59-14:00"}, "timestamp", "outside"),
    ("track", {**GOOD, "properties": []}, "properties", "it is array"),
    ("track", {**GOOD, "properties": {"a": "\x00"}}, "properties.a", "u0000"),
    ("track", {**GOOD, "properties": {"a\x00": 1}}, "properties", "u0000"),
    ("alias", {"userId": "u1"}, "previousId", "is required"),
    ("group", {"userId": "u1"}, "groupId", "is required"),
    ("batch", {"batch": []}, "batch", "0 events"),
    ("batch", {"batch": "x"}, "batch", "must be array"),
    ("batch", {"events": []}, "body", "lacks batch"),
    ("batch", {"batch": [{"type": "track", **GOOD}, {"userId": "u"}]}, "batch.1.type", "is required"),
    ("batch", {"batch": [{"type": "buy", **GOOD}]}, "batch.0.type", "use track"),
    ("batch", {"batch": [{"type": "track", "userId": "u"}]}, "batch.0.event", "is required"),
    ("batch", {"batch": [5]}, "batch.0", "it is int"),
    ("batch", {"batch": [{"type": "track", **GOOD, "sentAt": "x"}]}, "batch.0.sentAt", "ISO 8601"),
]


@pytest.mark.parametrize(("call", "body", "field", "reason"), REFUSED)
def test_a_refusal_names_the_field_and_the_reason(
    sender: Sender, call: str, body: Any, field: str, reason: str
) -> None:
    answer = sender.post(call, body)
    assert answer.status_code == 422, answer.text
    said = error(answer)
    assert (said["code"], said["params"]["field"]) == ("bad_event", field)
    assert reason in said["message"]
    assert sender.drain() == 0


HOSTILE = [
    b"",
    b"null",
    b"[]",
    b"{",
    b'{"event": NaN, "userId": "u"}',
    b'{"event": "A", "userId": "u", "properties": {"a": 1e999}}',
    b'{"event": "A", "userId": "\\ud800"}',
    b'{"event": "A", "userId": "\xff\xfe"}',
    b"\xef\xbb\xbf{}",
    b'{"event": "A", "userId": "u", "properties": {"a": ' + b"[" * 40 + b"]" * 40 + b"}}",
    b'{"event": "A", "userId": "u", "properties": {"a": ' + b"[" * 9000 + b"]" * 9000 + b"}}",
]


@pytest.mark.parametrize("body", HOSTILE, ids=range(len(HOSTILE)))
@pytest.mark.parametrize("call", ["track", "batch"])
def test_hostile_bodies_are_refused_and_never_a_fault_of_ours(sender: Sender, call: str, body: bytes) -> None:
    answer = sender.post(call, body)
    assert answer.status_code == 422, answer.text
    assert sender.drain() == 0


def test_numbers_and_texts_that_are_odd_but_possible_reach_the_lake(sender: Sender) -> None:
    odd = {
        "value": 10**400,
        "quantity": "x",
        "product_id": {"a": 1},
        "note": "😀 \\u0000 is no NUL",
        "n": 1e300,
    }
    sender.send({**GOOD, "properties": odd})
    assert sender.drain() == 1
    (row,) = sender.rows()
    assert (row["value_minor"], row["quantity"], row["product_id"]) == (None, None, None)
    assert json.loads(row["properties"])["note"] == odd["note"]


def test_an_event_over_32_kb_is_refused_by_its_place(sender: Sender) -> None:
    large = {"type": "track", **GOOD, "properties": {"a": "x" * EVENT_LIMIT}}
    said = error(sender.post("batch", {"batch": [{"type": "track", **GOOD}, large]}))
    assert (said["code"], said["params"]["field"]) == ("event_too_large", "batch.1")


def test_a_request_over_500_kb_is_refused_with_413(sender: Sender) -> None:
    answer = sender.post("batch", b" " * (REQUEST_LIMIT + 1))
    assert answer.status_code == 413
    assert "500 KB" in error(answer)["message"]


def test_gzip_is_unpacked_within_the_limit(sender: Sender) -> None:
    body = gzip.compress(json.dumps({"batch": [{"type": "track", **GOOD}]}).encode())
    assert sender.post("batch", body, **{"content-encoding": "gzip"}).status_code == 200
    bomb = gzip.compress(b" " * 50_000_000)
    assert len(bomb) < REQUEST_LIMIT
    assert sender.post("batch", bomb, **{"content-encoding": "gzip"}).status_code == 413
    assert error(sender.post("batch", body[:-9], **{"content-encoding": "gzip"}))["code"] == "bad_gzip"
    assert error(sender.post("batch", b"x", **{"content-encoding": "gzip"}))["code"] == "bad_gzip"
    assert error(sender.post("batch", body, **{"content-encoding": "br"}))["code"] == "odd_encoding"


def test_a_shop_without_a_zone_refuses_and_says_what_to_do(stores: Stores) -> None:
    answer = open_sender(stores, zone="").post("track", GOOD)
    assert answer.status_code == 409
    assert "time zone" in error(answer)["message"]


def test_a_full_inbox_asks_senders_to_come_again(sender: Sender, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(receiving, "INBOX_EVENTS", 3)
    sender.send(GOOD, GOOD)
    answer = sender.post("batch", {"batch": [{"type": "track", **GOOD}] * 2})
    assert answer.status_code == 429
    assert answer.headers["retry-after"] == "5"
    sender.drain()
    sender.send(GOOD, GOOD)


def test_refusals_can_be_watched_with_their_reason_and_how_the_body_began(sender: Sender) -> None:
    sender.post("track", {"userId": "u1"})
    watcher = sender.door.signed_in("mei")
    edge = watcher.get("/v1/events/edge").json()
    (refused,) = edge["refused"]
    assert (refused["source"], refused["path"]) == ("web", "/v1/track")
    assert refused["why"].startswith("event is required")
    assert json.loads(refused["head"]) == {"userId": "u1"}


def test_the_newest_events_are_shown_by_name_key_and_person(sender: Sender) -> None:
    sender.send({"event": "A", "messageId": "1"}, {"event": "B", "userId": "u9", "messageId": "2"})
    sender.drain()
    watcher = sender.door.signed_in("mei")
    assert len(watcher.get("/v1/events").json()["rows"]) == 2
    (row,) = watcher.get("/v1/events", params={"name": "B"}).json()["rows"]
    assert row["event_id"] == "2"
    assert len(watcher.get("/v1/events", params={"person": "u9"}).json()["rows"]) == 2  # one person now
    assert watcher.get("/v1/events", params={"source": "till"}).json()["rows"] == []
    edge = watcher.get("/v1/events/edge").json()
    assert (edge["names"], edge["sources"], edge["waiting_events"]) == (["A", "B"], ["web"], 0)
    assert sum(minute["events"] for minute in edge["minutes"]) == 2


def test_the_page_script_is_small_public_and_kept_by_browsers(sender: Sender) -> None:
    answer = sender.client.get("/v1/snippet.js")
    assert len(answer.content) <= 3 * 1024
    assert answer.headers["content-type"].startswith("text/javascript")
    assert "max-age" in answer.headers["cache-control"]
    assert answer.headers["cross-origin-resource-policy"] == "cross-origin"
    again = sender.client.get("/v1/snippet.js", headers={"if-none-match": answer.headers["etag"]})
    assert again.status_code == 304
    for word in ("eval(", "Function(", "innerHTML", "document.cookie"):
        assert word not in answer.text

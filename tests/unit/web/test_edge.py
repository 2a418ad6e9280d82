"""Headers, limits and hostile input at the edge."""

from __future__ import annotations

import io
import json
import logging
import sys
from collections.abc import Iterator
from typing import Annotated

import pytest
import sqlalchemy as sa
import structlog
from fastapi import APIRouter, Query, UploadFile
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel
from tests.factories.door import Door, open_door

from shengeng.http import Operator, Unit, Viewer
from shengeng.http.asking import preferred
from shengeng.http.cursors import from_cursor, to_cursor
from shengeng.kernel.errors import Refusal, ShopError
from shengeng.kernel.roles import Role
from shengeng.storage.stores import Stores
from shengeng.web.edge.bodies import JSON_LIMIT, check_json
from shengeng.web.edge.headers import HEADERS
from shengeng.web.errors import STATUS
from shengeng.web.logs import formatter

router = APIRouter(prefix="/v1/try")
uploads = APIRouter()
TOO_DEAR = Refusal("too_dear", "refused", en="{play} costs {cost}.", zh="{play} 花费 {cost}。")


class Note(BaseModel):
    """Something to write down."""

    text: str
    times: int = 1
    share: float = 0.5


@router.post("/note")
def write_note(body: Note, who: Operator, uow: Unit) -> str:
    """Writes through to PostgreSQL, so that what it cannot keep would show."""
    uow.conn.execute(sa.text("select cast(:t as text), cast(:n as int)"), {"t": body.text, "n": body.times})
    return f"{who.name} {len(body.text)}"


@router.get("/find")
def find_note(_: Viewer, uow: Unit, q: Annotated[str, Query(max_length=20)] = "") -> str:
    """Reads by a text from the address."""
    return str(uow.conn.execute(sa.text("select cast(:q as text)"), {"q": q}).scalar_one())


@router.post("/half")
def write_half(_: Operator, uow: Unit, ending: str) -> None:
    """Writes, then fails."""
    uow.conn.execute(sa.text("insert into teams values ('half', '半', 'Half')"))
    if ending == "refused":
        raise TOO_DEAR.error(play="stock_up", cost=3)
    raise RuntimeError("a secret of ours: hunter2")


@router.post("/late")
def write_late(_: Operator, uow: Unit) -> str:
    """Fails where a commit fails: after the route itself is done."""

    def fail() -> None:
        raise RuntimeError("the disk is full")

    uow.when_kept(fail)
    return "done"


@router.get("/lines")
def stream_lines(_: Viewer) -> Iterator[str]:
    """Streams without an end of its own."""
    number = 0
    while True:
        number += 1
        yield str(number)


@uploads.post("/v1/imports")
def take_files(_: Operator, files: list[UploadFile]) -> int:
    """Counts what arrives."""
    return sum(len(file.file.read()) for file in files)


@pytest.fixture
def door(stores: Stores) -> Door:
    """The door with a few routes that try its edge."""
    return open_door(stores, [router, uploads])


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/v1/health", 200),
        ("/v1/teams", 401),
        ("/nowhere", 404),
        ("/v1/session", 405),
        ("/v1/openapi.json", 200),
    ],
)
def test_every_answer_wears_the_security_headers(door: Door, path: str, status: int) -> None:
    answer = door.stranger().get(path)
    assert answer.status_code == status
    for name, value in HEADERS.items():
        assert answer.headers[name] == value
    assert "strict-transport-security" not in answer.headers
    assert len(answer.headers["x-request-id"]) == 32


def test_a_request_id_is_taken_over_when_it_is_one(door: Door) -> None:
    client = door.stranger()
    assert (
        client.get("/v1/me", headers={"x-request-id": "proxy-12345"}).headers["x-request-id"] == "proxy-12345"
    )
    for bad in ("short", "x" * 65, "has space in it", "semi;colon;here"):
        assert client.get("/v1/me", headers={"x-request-id": bad}).headers["x-request-id"] != bad


def test_head_answers_like_get_without_a_body(door: Door) -> None:
    client = door.signed_in("mei", Role.VIEWER)
    for path in ("/v1/health", "/v1/teams", "/v1/openapi.json", "/nowhere"):
        get, head = client.get(path), client.head(path)
        assert head.status_code == get.status_code
        assert head.content == b""
        assert head.headers["content-length"] == get.headers["content-length"]


def test_head_on_an_endless_stream_ends(door: Door) -> None:
    assert door.signed_in("mei", Role.VIEWER).head("/v1/try/lines").status_code == 200


@pytest.mark.parametrize("declared", [True, False])
def test_a_body_over_a_megabyte_is_refused(door: Door, declared: bool) -> None:
    client = door.signed_in("mei", Role.OPERATOR)
    body = json.dumps({"text": "x" * JSON_LIMIT}).encode()
    content = body if declared else (body[place : place + 65536] for place in range(0, len(body), 65536))
    answer = client.post("/v1/try/note", content=content, headers={"content-type": "application/json"})
    assert answer.status_code == 413
    assert answer.json()["error"]["message"] == "The request is larger than 1 MB: send less at once."


@pytest.mark.parametrize("declared", [True, False])
def test_a_form_over_the_limit_is_refused_where_no_large_one_is_expected(door: Door, declared: bool) -> None:
    client = door.signed_in("mei", Role.OPERATOR)
    body = (
        b"--b\r\ncontent-disposition: form-data; name=files; filename=x\r\n\r\n"
        + b"x" * JSON_LIMIT
        + b"\r\n--b--\r\n"
    )
    content = body if declared else (body[place : place + 65536] for place in range(0, len(body), 65536))
    headers = {"content-type": "multipart/form-data; boundary=b"}
    assert client.post("/v1/try/note", content=content, headers=headers).status_code == 413


def test_a_large_upload_is_taken_from_who_may_and_not_read_from_strangers(door: Door) -> None:
    large = b"x" * (3 * JSON_LIMIT)
    files = {"files": ("orders.csv", io.BytesIO(large), "text/csv")}
    mei = door.signed_in("mei", Role.OPERATOR)
    assert mei.post("/v1/imports", files=files).json() == len(large)

    headers = {"content-type": "multipart/form-data; boundary=b"}
    answer = door.stranger().post("/v1/imports", content=large, headers=headers)
    assert answer.status_code == 401
    del mei.headers["x-csrf-token"]
    assert mei.post("/v1/imports", content=large, headers=headers).status_code == 403


NONSENSE = [
    '{"text": "a", "share": NaN}',
    '{"text": "a", "share": Infinity}',
    '{"text": "a", "share": -Infinity}',
    '{"text": "a", "share": 1e999}',
    '{"text": "a", "share": 1e308}',
    '{"text": "a", "times": 9223372036854775808}',
    '{"text": "a", "times": ' + "9" * 5000 + "}",
    '{"text": "a\\u0000b"}',
    '{"text\\u0000": "b"}',
    '{"text": "\\ud800"}',
    '{"text": "a", "more": ' + "[" * 200 + "]" * 200 + "}",
    "[" * 100_000,
    '{"text": "a"',
    "{'text': 'a'}",
    "\xff\xfe",
    "nonsense",
]


def test_what_no_shop_can_mean_is_one_clear_sentence(door: Door) -> None:
    client = door.signed_in("mei", Role.OPERATOR)
    for body in NONSENSE:
        answer = client.post(
            "/v1/try/note", content=body.encode("latin-1"), headers={"content-type": "application/json"}
        )
        assert answer.status_code == 422, (body[:60], answer.text)
        assert answer.json()["error"]["code"] in ("not_a_value", "not_json")
        assert len(answer.json()["error"]["message"]) < 200


def test_what_a_shop_can_mean_passes(door: Door) -> None:
    client = door.signed_in("mei", Role.OPERATOR)
    for text in ("", "深耕", "😀", "'; drop table teams; --", "a\nb", "\u202e", "x" * 100_000):
        assert client.post("/v1/try/note", json={"text": text}).json() == f"mei {len(text)}"


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers(-(2**63) + 1, 2**63 - 1) | st.text(), st.lists, max_leaves=20
    )
)
def test_json_is_refused_only_for_a_reason(value: object) -> None:
    body = json.dumps(value).encode()
    try:
        check_json(body)
    except ShopError:
        assert b"\\u0000" in body or b"\\ud" in body.lower()


def test_a_number_beyond_the_column_is_refused_and_not_a_500(door: Door) -> None:
    answer = door.signed_in("mei", Role.OPERATOR).post("/v1/try/note", json={"text": "a", "times": 2**40})
    assert (answer.status_code, answer.json()["error"]["code"]) == (422, "out_of_range")


@pytest.mark.parametrize(
    "address", ["/v1/try/find?q=%00", "/v1/try/find?q=a%00b", "/v1/operators/%00/password"]
)
def test_a_nul_in_the_address_is_refused(door: Door, address: str) -> None:
    client = door.signed_in("root", Role.ADMIN)
    answer = client.post(address) if "operators" in address else client.get(address)
    assert (answer.status_code, answer.json()["error"]["code"]) == (422, "not_a_value")


@pytest.mark.parametrize("q", ["%ff%fe", "%ed%a0%80", "%F0%9F%98%80"])
def test_broken_utf8_in_the_address_is_no_500(door: Door, q: str) -> None:
    assert door.signed_in("mei", Role.VIEWER).get(f"/v1/try/find?q={q}").status_code == 200


def test_headers_full_of_nonsense_are_no_500(door: Door) -> None:
    nonsense: list[dict[bytes, bytes]] = [
        {b"cookie": "sg_session=\xff\xfe".encode("latin-1")},
        {b"authorization": b"Bearer \xff\x00sgt_"},
        {b"accept-language": b"zh;q=nan,en;q=" + b"9" * 5000},
        {b"cookie": b"sg_session=" + b"x" * 60_000},
        {b"content-length": b"-5"},
        {b"content-type": b"application/json; charset=\xff"},
    ]
    for headers in nonsense:
        assert door.stranger().get("/v1/teams", headers=headers).status_code == 401


def test_a_refusal_rolls_back_and_speaks_the_callers_language(door: Door) -> None:
    client = door.signed_in("mei", Role.OPERATOR)
    said = {
        lang: client.post("/v1/try/half?ending=refused", headers={"accept-language": lang}).json()["error"]
        for lang in ("zh-CN", "en")
    }
    assert said["zh-CN"] == {
        "code": "too_dear",
        "kind": "refused",
        "message": "stock_up 花费 3。",
        "params": {"play": "stock_up", "cost": 3},
    }
    assert said["en"]["message"] == "stock_up costs 3."
    assert len(client.get("/v1/teams").json()) == 3


def test_nobody_hears_done_before_the_commit(door: Door) -> None:
    answer = door.signed_in("mei", Role.OPERATOR).post("/v1/try/late")
    assert (answer.status_code, answer.json()["error"]["code"]) == (500, "broken")


def test_a_bug_of_ours_is_a_number_and_a_sentence_and_never_a_trace(door: Door) -> None:
    client = door.signed_in("mei", Role.OPERATOR)
    with structlog.testing.capture_logs() as events:
        answer = client.post("/v1/try/half?ending=broken")
    assert answer.status_code == 500
    assert [event["log_level"] for event in events] == ["error", "info"]
    request_id = answer.headers["x-request-id"]
    assert answer.json() == {
        "error": {
            "code": "broken",
            "kind": "broken",
            "message": "Something is broken on our side and nothing was written. "
            f"Tell an admin the number {request_id}.",
            "params": {"id": request_id},
        }
    }
    assert "hunter2" not in answer.text
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert len(client.get("/v1/teams").json()) == 3


@pytest.mark.parametrize(
    ("body", "field", "sentence"),
    [
        ({}, "text", "text is required."),
        ({"text": 3}, "text", "text must be text (it is 3)."),
        ({"text": "a", "times": "many"}, "times", "times must be a whole number (it is many)."),
        ({"text": "a", "times": 1.5}, "times", "times must be a whole number (it is 1.5)."),
        ([], "body", "body must be a JSON object (content-type application/json)."),
    ],
)
def test_a_wrong_field_is_named_with_its_value(door: Door, body: object, field: str, sentence: str) -> None:
    answer = door.signed_in("mei", Role.OPERATOR).post("/v1/try/note", json=body)
    error = answer.json()["error"]
    assert (answer.status_code, error["kind"], error["params"]["field"]) == (422, "invalid", field)
    assert error["message"] == sentence


def test_a_wrong_field_is_named_in_chinese_too(door: Door) -> None:
    client = door.signed_in("mei", Role.ADMIN)
    client.headers["accept-language"] = "zh"
    message = client.post("/v1/operators", json={"name": "x" * 99, "role": "king"}).json()["error"]
    assert message["message"].startswith("name 最多 64 个字符")
    assert message["params"]["fields"] == ["name", "role"]
    assert (
        client.get("/v1/audit?limit=9999").json()["error"]["message"] == "limit 不能大于 200（现为 9999）。"
    )


def test_a_refused_password_is_never_sent_back(door: Door) -> None:
    secret = "x" * 2000
    answer = door.stranger().post("/v1/session", json={"name": "mei", "password": secret})
    assert answer.status_code == 422
    assert "xxxx" not in answer.text


def test_a_wrong_method_says_the_right_one(door: Door) -> None:
    answer = door.stranger().put("/v1/teams")
    assert answer.status_code == 405
    assert answer.headers["allow"] in answer.json()["error"]["message"]


def test_every_kind_of_refusal_has_a_status() -> None:
    from typing import get_args  # noqa: PLC0415

    from shengeng.kernel.errors import Kind  # noqa: PLC0415

    assert set(STATUS) == set(get_args(Kind))


@pytest.mark.parametrize(
    ("header", "lang"),
    [
        ("", "zh"),
        ("en", "en"),
        ("en-GB,zh;q=0.5", "en"),
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh"),
        ("fr,en;q=0.3", "en"),
        ("fr", "zh"),
        ("en;q=0,zh;q=0.1", "zh"),
        ("en;q=nan", "zh"),
        ("entish", "zh"),
        ("EN_us", "zh"),
    ],
)
def test_the_language_is_the_callers_first_of_ours(header: str, lang: str) -> None:
    assert preferred(header) == lang


@given(
    st.integers(-(2**63) + 1, 2**63 - 1),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text().filter(lambda t: "\x00" not in t),
)
def test_a_cursor_brings_its_values_back(number: int, share: float, text: str) -> None:
    try:
        text.encode()
    except UnicodeEncodeError:
        return
    assert from_cursor(to_cursor(number, share, text, None), int, float, str, str) == (
        number,
        share,
        text,
        None,
    )


def test_the_log_tells_who_did_what_and_not_what_they_asked_for(door: Door) -> None:
    client = door.signed_in("mei", Role.VIEWER)
    with structlog.testing.capture_logs() as events:
        client.get("/v1/try/find?q=customer-7")
    [event] = events
    assert (event["path"], event["status"], event["who"]) == ("/v1/try/find", 200, "mei")
    assert "customer-7" not in repr(event)


def test_the_log_does_not_name_whom_a_page_is_about(door: Door) -> None:
    client = door.signed_in("mei", Role.ADMIN)
    with structlog.testing.capture_logs() as events:
        client.patch("/v1/operators/wang", json={"disabled": True})
    [event] = events
    assert event["path"] == "/v1/operators/{name}"
    assert "wang" not in repr(event)


def test_a_line_break_in_the_address_is_no_second_line_of_log(door: Door) -> None:
    with structlog.testing.capture_logs() as events:
        door.stranger().get("/nowhere%0a2026-03-02 [info] all is well")
    assert "\n" not in events[0]["path"]


@pytest.mark.parametrize("log_format", ["text", "json"])
def test_a_logged_fault_shows_where_and_never_the_values(log_format: str) -> None:
    def fail(password: str) -> None:
        raise RuntimeError(f"no place for {len(password)} letters")

    try:
        fail("-".join(["hunter2"] * 2))
    except RuntimeError:
        record = logging.LogRecord("shengeng", logging.ERROR, "f.py", 1, "failed", None, sys.exc_info())
    line = formatter(log_format).format(record)
    assert "no place for 15 letters" in line
    assert "in fail" in line
    assert "hunter2-hunter2" not in line


@pytest.mark.parametrize("log_format", ["text", "json"])
def test_logs_are_lines_for_people_or_for_machines(log_format: str) -> None:
    record = logging.LogRecord(
        "shengeng", logging.INFO, "f.py", 1, "店 opened\nnot a second entry", None, None
    )
    line = formatter(log_format).format(record)
    if log_format == "json":
        assert json.loads(line)["event"] == "店 opened\nnot a second entry"
        assert "\n" not in line
    else:
        assert "店 opened" in line

"""Calls of every page and form of the storefront as nobody means them, and what holds for each answer."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, quote_plus

from fastapi.routing import APIRoute
from httpx2 import Response
from hypothesis import given
from hypothesis import strategies as st

from shengeng.storefront.pages import PAGES
from tests.factories.contract import Scene
from tests.factories.fuzzing import calls

ROUTES = [route for router in PAGES for route in router.routes if isinstance(route, APIRoute)]
FORMS = [route.path for route in ROUTES if "POST" in (route.methods or ())]
READS = [route.path for route in ROUTES if "GET" in (route.methods or ())]
_NAMES = """
    sku line quantity code drop recipient phone country region city district street postcode email option
    provider quote key keep address_id do standard part name contact password old new marketing consents
    analytics personalisation id choice back number csrf q sort low high cursor edit done paid page
"""
NAMES = _NAMES.split()
BAD = (
    *("", " ", "\x00", "a\x00b", "x" * 1999, "x" * 2001, "9" * 30, "-1", "1e9", "NaN", "½", "٣", "１２"),
    *("' or 1=1 --", "{{7*7}}", "<script>alert(1)</script>", "../../etc/passwd", "//evil.example", "/\\evil"),
    *("https://evil.example", "a\r\nset-cookie: taken=1", "\ud7ff", "\U0010ffff", "深耕", "é" * 300, "%00"),
    *("yes", "no", "session", "export", "contact", "password", "drop", "1", "0", "99999999999999999999"),
)
COOKIES = ("sg_basket", "sg_member", "sg_orders", "sg_choice")
PLAIN = "application/x-www-form-urlencoded"
TYPES = (
    PLAIN,
    f"{PLAIN}; charset=utf-16",
    "multipart/form-data",
    "multipart/form-data; boundary=",
    "multipart/form-data; boundary=b",
    "application/json",
    "text/plain",
    "",
)
Pairs = list[tuple[str, str]]


def hostile_calls(scene: Scene, examples: int) -> None:
    """So many calls, each of which has to be answered soundly."""

    @calls(examples)
    @given(st.data())
    def call(data: st.DataObject) -> None:
        if data.draw(st.integers(0, 3)):
            _write(data, scene)
        else:
            _read(data, scene)

    call()


def _write(data: st.DataObject, scene: Scene) -> None:
    path, member = _path(data, scene, data.draw(st.sampled_from(FORMS))), data.draw(st.booleans())
    client = scene.shopper("member" if member else "guest")
    signed = member and data.draw(st.integers(0, 3)) > 0
    kind, body = _body(data, _pairs(data, scene))
    headers: dict[str, Any] = {"content-type": kind, "hx-request": data.draw(st.sampled_from(("", "true")))}
    headers["x-csrf-token"] = client.headers["x-csrf-token"] if signed else ""
    answer = client.post(path, content=body, headers=headers)
    _sound(answer, (path, member, signed, kind, body))
    if member and not signed:
        assert answer.status_code >= 400, ("a form without the member's token was taken", path, body)


def _read(data: st.DataObject, scene: Scene) -> None:
    path = _path(data, scene, data.draw(st.sampled_from(READS)))
    client = scene.shopper(data.draw(st.sampled_from(("guest", "member"))))
    query: Mapping[str, str] = dict(_pairs(data, scene))
    words = "&".join(f"{_word(name)}={_word(value)}" for name, value in query.items())
    headers = [(b"cookie", _cookie(data))] if data.draw(st.booleans()) else []
    _sound(client.get(f"{path}?{words}", headers=headers), (path, query, headers))


def _sound(answer: Response, told: object) -> None:
    """An answer of ours: no fault, a page or a way to another of our pages, cookies of ours only."""
    assert answer.status_code < 500, (answer.status_code, told, answer.text[-300:])
    way = answer.headers.get("location", "/")
    assert re.match(r"/(?![/\\])", way), (way, told)
    for cookie in answer.headers.get_list("set-cookie"):
        assert cookie.partition("=")[0] in COOKIES, (cookie, told)
    if 200 <= answer.status_code < 300:
        assert answer.headers["content-type"] == "text/html; charset=utf-8"
        assert "<script>alert(1)" not in answer.text, told
        assert 'value="49"' not in answer.text, ("a template ran what was typed", told)


def _value(data: st.DataObject, scene: Scene, name: str) -> str:
    known = scene.known.get(name)
    if known and data.draw(st.integers(0, 2)):
        return data.draw(st.sampled_from(known))
    return data.draw(st.one_of(st.sampled_from(BAD), st.text(max_size=30)))


def _pairs(data: st.DataObject, scene: Scene) -> Pairs:
    names = data.draw(st.lists(st.one_of(st.sampled_from(NAMES), st.text(max_size=5)), max_size=9))
    return [(name, _value(data, scene, name)) for name in names]


def _path(data: st.DataObject, scene: Scene, path: str) -> str:
    def word(found: re.Match[str]) -> str:
        return quote(_value(data, scene, found[1])[:200], safe="", errors="replace") or "-"

    return data.draw(st.sampled_from(("", "/en"))) + re.sub(r"{([^}]*)}", word, path)


def _body(data: st.DataObject, pairs: Pairs) -> tuple[str, bytes]:
    """A content type and a body that may or may not fit it."""
    how = data.draw(st.sampled_from(("plain", "plain", "plain", "multipart", "latin", "raw")))
    if how == "plain":
        return PLAIN, "&".join(f"{_word(name)}={_word(value)}" for name, value in pairs).encode()
    if how == "latin":
        return PLAIN, b"&".join(name.encode("latin-1", "ignore") + b"=\xff%ff%" for name, _ in pairs)
    if how == "raw":
        return data.draw(st.sampled_from(TYPES)), data.draw(st.binary(max_size=200))
    return "multipart/form-data; boundary=b", _multipart(data, pairs)


def _multipart(data: st.DataObject, pairs: Pairs) -> bytes:
    parts = []
    for name, value in pairs:
        file = data.draw(st.sampled_from(("", "", '; filename="x"')))
        parts.append(f'--b\r\nContent-Disposition: form-data; name="{name}"{file}\r\n\r\n{value}\r\n')
    whole = ("".join(parts) + "--b--\r\n").encode("utf-8", "replace")
    return whole[: data.draw(st.sampled_from((None, None, -3, 20)))]


def _cookie(data: st.DataObject) -> bytes:
    name = data.draw(st.sampled_from(COOKIES)).encode()
    odd = st.sampled_from((b"", b"%", b":&:", b"a:b&c", b"x" * 4000))
    junk = data.draw(st.one_of(odd, st.binary(max_size=20)))
    return name + b"=" + bytes(sign for sign in junk if sign >= 32 and sign not in b";,")


def _word(text: str) -> str:
    return quote_plus(text, errors="replace")

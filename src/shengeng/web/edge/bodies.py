"""What may come in: how much, from whom, and which values no shop can mean."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shengeng.http.asking import preferred
from shengeng.kernel.errors import ShopError
from shengeng.web.errors import BODY_TOO_LARGE, NOT_A_VALUE, NOT_JSON, answer

JSON_LIMIT = 1024**2
UPLOAD_LIMIT = 4 * 1024**3
DEEPEST = 32
# Whoever asks for a large body; raises ShopError when they may not send one.
Gate = Callable[[Request], None]


class Bodies:
    """Bounds every body, opens the large paths only to known callers, refuses impossible JSON."""

    def __init__(
        self, app: ASGIApp, large: Mapping[str, int], gate: Gate, raw: Mapping[str, int] | None = None
    ) -> None:
        # raw: paths whose routes read and check the body themselves, and how much they take.
        self.app, self.large, self.gate, self.raw = app, large, gate, raw or {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes a request on whose path, query and body are sound; answers the others itself."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        try:
            counted = _Counted(receive, await self._limit(scope))
            _check_address(scope)
            _check_length(scope, counted.limit)
            checked = _is_json(scope) and scope["path"] not in self.raw
            inner = await _replayed(counted) if checked else counted
            watched = _Watched(send, counted)
            await self.app(scope, inner, watched)
            if watched.replaced:
                raise too_large(counted.limit)
        except ShopError as error:
            await self._refuse(error, scope, receive, send)

    async def _limit(self, scope: Scope) -> int:
        if scope["path"] in self.raw:
            return self.raw[scope["path"]]
        limit = self.large.get(scope["path"])
        if limit is None or scope["method"] != "POST":
            return JSON_LIMIT
        # A form is read to its end before the route's own dependencies ask who sends it.
        await run_in_threadpool(self.gate, Request(scope))
        return limit

    async def _refuse(self, error: ShopError, scope: Scope, receive: Receive, send: Send) -> None:
        lang = preferred(Headers(scope=scope).get("accept-language", ""))
        status = 413 if error.code == BODY_TOO_LARGE.code else None
        await answer(error, lang, status)(scope, receive, send)


class _Counted:
    """The client's body, counted; past the limit it ends and the answer becomes 413."""

    def __init__(self, receive: Receive, limit: int) -> None:
        self.receive, self.limit, self.size = receive, limit, 0

    async def __call__(self) -> Message:
        message = await self.receive()
        if message["type"] == "http.request":
            self.size += len(message.get("body", b""))
            if self.over:
                raise too_large(self.limit)
        return message

    @property
    def over(self) -> bool:
        return self.size > self.limit


def too_large(limit: int) -> ShopError:
    """The refusal of a body over its limit."""
    return BODY_TOO_LARGE.error(limit=f"{limit // 1024**2} MB" if limit >= 1024**2 else f"{limit // 1024} KB")


class _Watched:
    """Holds back what a framework makes of our refusal while it reads a form: the answer is 413."""

    def __init__(self, send: Send, counted: _Counted) -> None:
        self.send, self.counted, self.replaced = send, counted, False

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start" and self.counted.over:
            self.replaced = True
        if not self.replaced:
            await self.send(message)


async def _replayed(counted: _Counted) -> Receive:
    """The whole JSON body, checked, to be read again by the application."""
    chunks = bytearray()
    while True:
        message = await counted()
        if message["type"] != "http.request":
            break
        chunks += message.get("body", b"")
        if not message.get("more_body"):
            break
    check_json(bytes(chunks))
    told = False

    async def again() -> Message:
        nonlocal told
        if told:
            return await counted()
        told = True
        return {"type": "http.request", "body": bytes(chunks), "more_body": False}

    return again


def check_json(body: bytes) -> None:
    """Refuses what is no JSON, NaN and infinities, numbers beyond 64 bits, NUL and half characters."""
    if not body.strip():
        return
    try:
        value = json.loads(body, parse_constant=_refuse_value)
        _check(value, "", 0)
    except ShopError:
        raise
    except (ValueError, RecursionError) as error:
        where = getattr(error, "pos", 0)
        raise NOT_JSON.error(position=where) from None


def _check(value: Any, field: str, depth: int) -> None:
    if depth > DEEPEST:
        raise NOT_A_VALUE.error(field=field[:80], value=f"nested deeper than {DEEPEST}")
    if isinstance(value, str):
        _check_text(value, field)
    elif isinstance(value, (int, float)):
        _check_number(value, field)
    elif isinstance(value, list):
        for place, inner in enumerate(value):
            _check(inner, f"{field}.{place}", depth + 1)
    elif isinstance(value, dict):
        for key, inner in value.items():
            _check_text(key, field)
            _check(inner, f"{field}.{key}", depth + 1)


def _check_text(text: str, field: str) -> None:
    if "\x00" in text:
        raise NOT_A_VALUE.error(field=_named(field), value="\\u0000")
    if not text.isascii() and any("\ud800" <= letter <= "\udfff" for letter in text):
        raise NOT_A_VALUE.error(field=_named(field), value="\\ud800")


def _check_number(number: float, field: str) -> None:
    finite = abs(number) < 2**63 if isinstance(number, int) else abs(number) <= 1e300
    if not finite:
        raise NOT_A_VALUE.error(field=_named(field), value=str(number)[:40])


def _named(field: str) -> str:
    clean = field.encode("utf-8", "replace").decode().replace("\x00", "")
    return clean.lstrip(".")[:80] or "body"


def _refuse_value(name: str) -> Any:
    raise NOT_A_VALUE.error(field="body", value=name)


def _check_address(scope: Scope) -> None:
    if "\x00" in scope["path"] or b"%00" in scope.get("query_string", b""):
        raise NOT_A_VALUE.error(field="address", value="%00")


def _check_length(scope: Scope, limit: int) -> None:
    length = Headers(scope=scope).get("content-length", "")
    if length.isdigit() and int(length[:20]) > limit:
        raise too_large(limit)


def _is_json(scope: Scope) -> bool:
    kind = Headers(scope=scope).get("content-type", "").partition(";")[0].strip().lower()
    return kind == "application/json" or (kind.startswith("application/") and kind.endswith("+json"))

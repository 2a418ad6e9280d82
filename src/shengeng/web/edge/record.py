"""A number for each request, one line of log for each answer, one sentence for what we broke."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from datetime import datetime

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shengeng.http.asking import preferred
from shengeng.kernel.errors import Lang
from shengeng.kernel.ids import new_id
from shengeng.web.errors import broken

_GIVEN_ID = re.compile(r"[A-Za-z0-9_-]{8,64}")
# What a person reads after a bug of ours: by request number, language and path.
Broken = Callable[[str, Lang, str], Response]
log = structlog.stdlib.get_logger("shengeng.web")


class Record:
    """Gives (or takes over) x-request-id, logs the answer, turns our bugs into a 500 without a trace."""

    def __init__(self, app: ASGIApp, clock: Callable[[], datetime], broken: Broken = broken) -> None:
        self.app, self.clock, self.broken = app, clock, broken

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes the request on and records how it ended."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        given = Headers(scope=scope).get("x-request-id", "")
        request_id = given if _GIVEN_ID.fullmatch(given) else new_id(self.clock()).hex
        with structlog.contextvars.bound_contextvars(request=request_id):
            await _Recorded(self, scope, send, request_id).run(receive)


class _Recorded:
    """One request on its way."""

    def __init__(self, record: Record, scope: Scope, send: Send, request_id: str) -> None:
        self.app, self.broken = record.app, record.broken
        self.scope, self.send, self.request_id = scope, send, request_id
        self.scope.setdefault("state", {})
        self.status, self.size, self.began = 0, 0, time.perf_counter()

    async def run(self, receive: Receive) -> None:
        try:
            await self.app(self.scope, receive, self.noting)
        except Exception:
            log.exception("request failed", method=self.scope["method"], path=_path(self.scope))
            if self.status:  # half an answer is out: only breaking the connection tells the client
                raise
            lang = preferred(Headers(scope=self.scope).get("accept-language", ""))
            sorry = self.broken(self.request_id, lang, self.scope["path"])
            await sorry(self.scope, receive, self.noting)
        finally:
            self.note()

    async def noting(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            MutableHeaders(scope=message)["x-request-id"] = self.request_id
        elif message["type"] == "http.response.body":
            self.size += len(message.get("body", b""))
        await self.send(message)

    def note(self) -> None:
        seconds = time.perf_counter() - self.began
        log.info(
            "request",
            method=self.scope["method"],
            path=_path(self.scope),
            status=self.status,
            ms=round(seconds * 1000, 1),
            bytes=self.size,
            who=self.scope["state"].get("who", ""),
        )


def _path(scope: Scope) -> str:
    """The address without what names a customer: no query, and {name} for what a route holds a place for."""
    route = scope.get("route")
    if route is not None and scope.get("path_params"):
        return str(route.path)
    # As it was sent, percent signs and all: no line breaks reach the log.
    raw: bytes = scope.get("raw_path") or scope["path"].encode()
    return raw.partition(b"?")[0][:500].decode("ascii", "backslashreplace")

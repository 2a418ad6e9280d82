"""Web pages of other origins may send facts where a write key names them; nothing else is open."""

from __future__ import annotations

from collections.abc import Collection

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shengeng.http.writing import Keys
from shengeng.kernel.errors import ShopError

# How long a browser believes a preflight; a withdrawn origin is refused by its key at once all the same.
BELIEVED_S = 600
_VARY = "Origin, Access-Control-Request-Method, Access-Control-Request-Headers"


class Foreign:
    """Answers preflights, lets allowed pages read the answers. Never with cookies."""

    def __init__(self, app: ASGIApp, paths: Collection[str]) -> None:
        self.app, self.paths = app, paths

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes on what is not for these paths, or comes from no page."""
        if scope["type"] != "http" or scope["path"] not in self.paths:
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        origin = headers.get("origin", "")
        allowed = bool(origin) and await _allowed(scope, origin)
        if scope["method"] == "OPTIONS" and origin and "access-control-request-method" in headers:
            await _preflight(origin, allowed)(scope, receive, send)
            return

        async def readable(message: Message) -> None:
            if message["type"] == "http.response.start":
                _open(MutableHeaders(scope=message), origin if allowed else "")
            await send(message)

        await self.app(scope, receive, readable)


async def _allowed(scope: Scope, origin: str) -> bool:
    keys: Keys | None = scope["app"].state.keys
    try:
        return keys is not None and await keys.open_to(origin)
    except ShopError:  # without a database no page is known; the route itself says so
        return False


def _open(headers: MutableHeaders, origin: str) -> None:
    headers["vary"] = "Origin"
    if origin:
        headers["access-control-allow-origin"] = origin
        headers["access-control-expose-headers"] = "Retry-After"
        headers["cross-origin-resource-policy"] = "cross-origin"


def _preflight(origin: str, allowed: bool) -> Response:
    if not allowed:
        return Response(status_code=403, headers={"vary": _VARY})
    return Response(
        status_code=204,
        headers={
            "vary": _VARY,
            "access-control-allow-origin": origin,
            "access-control-allow-methods": "POST",
            "access-control-allow-headers": "authorization, content-type, content-encoding",
            "access-control-max-age": str(BELIEVED_S),
        },
    )

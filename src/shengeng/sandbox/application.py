"""The sandbox's application: a signed API for the shop, and the page where a buyer decides."""

from __future__ import annotations

import threading
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.responses import Response

from shengeng.sandbox import calls, pages
from shengeng.sandbox.book import Book
from shengeng.sandbox.provider import RefusedError
from shengeng.sandbox.telling import keep_telling, post

_POLICY = "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; frame-ancestors 'none'"
_HEADERS = {
    "content-security-policy": _POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cache-control": "no-store",
    "x-robots-tag": "noindex",
}
Next = Callable[[Request], Awaitable[Response]]


def create_app(home: Path, secret: bytes, clock: Callable[[], datetime], *, tell: bool = True) -> FastAPI:
    """The sandbox of a home. tell: send notices from a thread beside the server."""
    book = Book(home / "sandbox" / "book.sqlite")
    stop = threading.Event()

    @asynccontextmanager
    async def telling(_: FastAPI) -> AsyncIterator[None]:
        thread = threading.Thread(target=keep_telling, args=(book, secret, post, clock, stop), daemon=True)
        if tell:
            thread.start()
        yield
        stop.set()
        if tell:
            thread.join(15)

    app = FastAPI(title="Shengeng sandbox", openapi_url=None, docs_url=None, redoc_url=None, lifespan=telling)
    app.state.book, app.state.secret, app.state.clock = book, secret, clock
    app.include_router(calls.router)
    app.include_router(pages.router)
    app.add_exception_handler(RefusedError, _refused)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.middleware("http")(_guarded)
    return app


async def _guarded(request: Request, call_next: Next) -> Response:
    answer = await call_next(request)
    for name, value in _HEADERS.items():
        answer.headers.setdefault(name, value)
    return answer


def _refused(_: Request, error: Exception) -> Response:
    return JSONResponse({"why": str(error)}, status_code=409)


def _invalid(_: Request, error: Exception) -> Response:
    """Which field is wrong and why, without its value: not every value that comes can be sent back."""
    assert isinstance(error, RequestValidationError)
    found = [f"{'.'.join(map(str, one['loc']))[:200]}: {one['msg'][:200]}" for one in error.errors()[:20]]
    why = "; ".join(found).encode("utf-8", "replace").decode()
    return JSONResponse({"why": why}, status_code=422)

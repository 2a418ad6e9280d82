"""The storefront brought into an application: pages in both languages, files, words for errors."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from shengeng.kernel.errors import Kind, Lang, ShopError
from shengeng.storefront import files, guard, robots
from shengeng.storefront.asking import lang_of
from shengeng.storefront.figures import PREFIX
from shengeng.storefront.pages import PAGES
from shengeng.storefront.render import plain

API = "/v1/"
STATUS: dict[Kind, int] = {
    "invalid": 422,
    "unauthenticated": 401,
    "forbidden": 403,
    "not_found": 404,
    "conflict": 409,
    "refused": 409,
    "throttled": 429,
    "unavailable": 503,
}


class Storefront:
    """What `app` hands to the application beside the routers of the public API."""

    def installed(self) -> bool:
        """Whether there is something to show; pages need no build."""
        return True

    def install(self, app: FastAPI) -> None:
        """Adds pages (zh at /, en at /en), files and robots; turns errors into pages outside the API."""
        guard.check(PAGES)
        for router in PAGES:
            for prefix in PREFIX.values():
                app.include_router(router, prefix=prefix, include_in_schema=False)
        app.add_api_route(PREFIX["en"], _english, include_in_schema=False)
        app.include_router(files.router, include_in_schema=False)
        app.include_router(robots.router, include_in_schema=False)
        for kind in (ShopError, RequestValidationError, HTTPException):
            _pages_beside(app, kind)


def _english() -> Response:
    """/en without its slash is the home page in English."""
    return RedirectResponse(PREFIX["en"] + "/", 308)


def broken(request_id: str, lang: Lang, path: str) -> Response:
    """The page after a bug of ours, in the language of its address."""
    del lang
    return plain("error.html", lang_of(path), 500, title="error.broken", text="", number=request_id)


def _pages_beside(app: FastAPI, kind: type[Exception]) -> None:
    """Answers an error with a page where a page was asked for, else as the API does."""
    as_json = cast("Callable[[Request, Exception], Response]", app.exception_handlers[kind])

    async def answer(request: Request, error: Exception) -> Response:
        if request.url.path.startswith(API):
            return as_json(request, error)
        return _page(request, error)

    app.add_exception_handler(kind, answer)


def _page(request: Request, error: Exception) -> Response:
    lang = lang_of(request.url.path)
    if isinstance(error, ShopError):
        return _refused(error, lang)
    status = error.status_code if isinstance(error, HTTPException) else 422
    key = "missing" if status in (404, 405, 422) else "odd"
    return plain(
        "error.html", lang, 404 if key == "missing" else status, title=f"error.{key}", text="", number=""
    )


def _refused(error: ShopError, lang: Lang) -> Response:
    status = 404 if error.kind == "not_found" else STATUS[error.kind]
    title = {"not_found": "error.missing", "unavailable": "error.away", "throttled": "error.busy"}
    found = plain(
        "error.html",
        lang,
        status,
        title=title.get(error.kind, "error.refused"),
        text=error.text(lang),
        number="",
    )
    if error.kind == "throttled":
        found.headers["retry-after"] = str(error.params.get("retry_seconds", 60))
    # htmx puts a refusal where the whole page stands, not into the part that was asked for.
    found.headers.update({"hx-retarget": "#main", "hx-reselect": "#main", "hx-reswap": "outerHTML"})
    return found

"""/v1/track and its siblings, as in Segment's HTTP API."""

from __future__ import annotations

from typing import Literal

from anyio.lowlevel import RunVar
from fastapi import APIRouter, Request, Response

from shengeng.http import EventWriter, Writer, error_answers
from shengeng.kernel.errors import ShopError
from shengeng.sense.events.api import Reception
from shengeng.sense.events.contracts import EventKind

router = APIRouter(prefix="/v1", tags=["events"], responses=error_answers(401, 403, 409, 413, 422, 429, 503))
_TAKEN = b'{"success":true}'
# By home: one process has one, tests have many.
_receptions: RunVar[dict[str, Reception]] = RunVar("shengeng.events.receptions")


@router.post("/track")
async def track(request: Request, key: EventWriter) -> Response:
    """Something a person did: event, userId or anonymousId, properties."""
    return await _take(request, key, "track")


@router.post("/identify")
async def identify(request: Request, key: EventWriter) -> Response:
    """Who a person is: userId or anonymousId, traits."""
    return await _take(request, key, "identify")


@router.post("/page")
async def page(request: Request, key: EventWriter) -> Response:
    """A page that was looked at."""
    return await _take(request, key, "page")


@router.post("/screen")
async def screen(request: Request, key: EventWriter) -> Response:
    """A screen of an app that was looked at."""
    return await _take(request, key, "screen")


@router.post("/group")
async def group(request: Request, key: EventWriter) -> Response:
    """A group that a person belongs to."""
    return await _take(request, key, "group")


@router.post("/alias")
async def alias(request: Request, key: EventWriter) -> Response:
    """An old id (previousId) of somebody who is known by another now (userId)."""
    return await _take(request, key, "alias")


@router.post("/batch")
async def batch(request: Request, key: EventWriter) -> Response:
    """Several of them: {"batch": [{"type": "track", ...}, ...]}, at most 500 KB."""
    return await _take(request, key, "batch")


async def _take(request: Request, key: Writer, kind: EventKind | Literal["batch"]) -> Response:
    body = await request.body()
    reception = _reception(request)
    try:
        await reception.take(body, request.headers.get("content-encoding", "").strip().lower(), kind, key)
    except ShopError as error:
        await reception.refuse(error, f"/v1/{kind}", body, key.name)
        raise
    return Response(_TAKEN, media_type="application/json")


def _reception(request: Request) -> Reception:
    try:
        known = _receptions.get()
    except LookupError:
        known = {}
        _receptions.set(known)
    app = request.app.state
    home = str(app.stores.rows.engine.url)
    if home not in known:
        known[home] = Reception(app.stores, app.clock)
    return known[home]

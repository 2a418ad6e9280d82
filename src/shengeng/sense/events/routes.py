"""/v1/track and its siblings, as in Segment's HTTP API."""

from __future__ import annotations

import hashlib
from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Any, Literal

from anyio.lowlevel import RunVar
from fastapi import APIRouter, Query, Request, Response
from fastapi.routing import APIRoute
from pydantic import BaseModel

from shengeng.http import EventWriter, Limit, Now, Shop, Speaks, Unit, Viewer, Writer, error_answers
from shengeng.kernel.errors import ShopError
from shengeng.sense.events import api
from shengeng.sense.events.api import Reception, script
from shengeng.sense.events.contracts import INBOX_EVENTS, EventKind

router = APIRouter(prefix="/v1", tags=["events"], responses=error_answers(401, 403, 409, 413, 422, 429, 503))
Filter = Annotated[str | None, Query(max_length=300)]
_SNIPPET = script()
_ETAG = f'"{hashlib.sha256(_SNIPPET).hexdigest()[:32]}"'
_TAKEN = b'{"success":true}'
# By home: one process has one, tests have many.
_receptions: RunVar[dict[str, Reception]] = RunVar("shengeng.events.receptions")


class EventRow(BaseModel):
    """One event as the lake has it. properties and context: what was sent, as JSON objects."""

    event_id: str
    source: str
    kind: str
    name: str
    occurred_at: datetime
    received_at: datetime
    local_at: datetime
    person_id: str | None
    anonymous_id: str | None
    customer_id: str | None
    product_id: str | None
    quantity: float | None
    value_minor: int | None
    store_id: str | None
    channel: str | None
    room_id: str | None
    session_id: str | None
    properties: Any
    context: Any


class EventList(BaseModel):
    """Events, newest first."""

    rows: list[EventRow]


class Refusal(BaseModel):
    """A request that was turned away, why, and how its body began."""

    id: int
    at: datetime
    source: str
    path: str
    code: str
    why: str
    head: str


class Minute(BaseModel):
    """Events received in one minute."""

    at: datetime
    events: int


class Edge(BaseModel):
    """How the event edge does. lag_s: the longest way from received to the lake in ten minutes."""

    waiting_events: int
    waiting_requests: int
    waiting_bytes: int
    oldest_waits_s: float | None
    room_events: int
    lag_s: float | None
    repeated: int
    minutes: list[Minute]
    names: list[str]
    sources: list[str]
    refused: list[Refusal]


@router.get("/snippet.js", response_class=Response)
def snippet(request: Request) -> Response:
    """The script that web pages load: public, the same for everybody, kept for an hour."""
    headers = {
        "cache-control": "public, max-age=3600",
        "cross-origin-resource-policy": "cross-origin",
        "access-control-allow-origin": "*",
        "etag": _ETAG,
    }
    if request.headers.get("if-none-match") == _ETAG:
        return Response(status_code=304, headers=headers)
    return Response(_SNIPPET, media_type="text/javascript; charset=utf-8", headers=headers)


@router.get("/events")
def list_events(
    _: Viewer,
    shop: Shop,
    name: Filter = None,
    source: Filter = None,
    person: Filter = None,
    limit: Limit = 50,
) -> EventList:
    """The newest events, as they arrived; of one name, one key, one person."""
    found = api.newest(shop.lake, name=name, source=source, person=person, limit=limit)
    return EventList(rows=[EventRow.model_validate(row) for row in found])


@router.get("/events/edge")
def read_event_edge(_: Viewer, shop: Shop, uow: Unit, now: Now, speaks: Speaks) -> Edge:
    """How the edge does: what waits, how old, events a minute, what was refused and why."""
    state = api.state(shop, uow, now)
    refused = [
        Refusal.model_validate({**asdict(one), "id": i, "why": getattr(one, speaks)})
        for i, one in state.refused
    ]
    return Edge(
        waiting_events=state.depth.events,
        waiting_requests=state.depth.requests,
        waiting_bytes=state.depth.bytes,
        oldest_waits_s=state.oldest_s,
        room_events=INBOX_EVENTS,
        lag_s=state.lag_s,
        repeated=state.repeated,
        minutes=[Minute(at=at, events=count) for at, count in state.minutes],
        names=list(state.names),
        sources=list(state.sources),
        refused=refused,
    )


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


# What a storefront of its own needs of these: the senders and their script, nothing that operators read.
public = APIRouter()
_SENDING = ("snippet", "track", "identify", "page", "screen", "group", "alias", "batch")
public.routes.extend(
    route for route in router.routes if isinstance(route, APIRoute) and route.name in _SENDING
)


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

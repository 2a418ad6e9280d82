"""Dependencies of routes. One request is one transaction: it commits before the answer is sent."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, Any, Protocol

import anyio
from anyio.lowlevel import RunVar
from fastapi import Depends, Query, Request
from pydantic import BaseModel

from shengeng.kernel.errors import Lang
from shengeng.kernel.roles import Principal, Role, require
from shengeng.storage.rows import UnitOfWork
from shengeng.storage.stores import Stores

COOKIE = "sg_session"
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
_OURS: dict[str, Lang] = {"zh": "zh", "en": "en"}


@dataclass(frozen=True, slots=True)
class Credentials:
    """What a request shows of who sent it."""

    session: str = field(default="", repr=False)
    bearer: str | None = field(default=None, repr=False)
    csrf: str = field(default="", repr=False)
    site: str = ""
    writes: bool = False


class Authenticate(Protocol):
    """The port that `shengeng.web` fills with govern.access."""

    def __call__(self, uow: UnitOfWork, credentials: Credentials, now: datetime) -> Principal:
        """The principal behind the credentials; raises unauthenticated or forbidden."""
        ...


def credentials_of(request: Request) -> Credentials:
    """The session cookie, bearer token and proof against cross-site calls that a request carries."""
    kind, _, token = request.headers.get("authorization", "").partition(" ")
    return Credentials(
        session=request.cookies.get(COOKIE, ""),
        bearer=token.strip() if kind.lower() == "bearer" else None,
        csrf=request.headers.get("x-csrf-token", ""),
        site=request.headers.get("sec-fetch-site", ""),
        writes=request.method not in SAFE_METHODS,
    )


def address_of(request: Request) -> str:
    """The caller's network address as the server sees it; empty without one (a socket file)."""
    return request.client.host if request.client else ""


def _stores(request: Request) -> Stores:
    stores = request.app.state.stores
    assert isinstance(stores, Stores), "create_app was not given stores"
    return stores


def _now(request: Request) -> datetime:
    now: datetime = request.app.state.clock()
    return now


def speaks(request: Request) -> Lang:
    """zh or en by Accept-Language, the first of the two that it names with the most weight; zh by default."""
    return preferred(request.headers.get("accept-language", ""))


def preferred(header: str) -> Lang:
    """The language of ours that an Accept-Language header prefers; zh when it names neither."""
    best: tuple[float, Lang] = (0.0, "zh")
    for part in header.split(",")[:20]:
        name, _, weight = part.strip().partition(";")
        lang = _OURS.get(name.lower().partition("-")[0])
        if lang and (share := _weight(weight)) > best[0]:
            best = (share, lang)
    return best[1]


def _weight(text: str) -> float:
    try:
        return float(text.strip().removeprefix("q=") or "1")
    except ValueError:
        return 0.0


Shop = Annotated[Stores, Depends(_stores)]
Now = Annotated[datetime, Depends(_now)]
Speaks = Annotated[Lang, Depends(speaks)]


# Requests that work at the same time. One may hold three of the pool's 20 connections (its own, the lake's
# manifest, a step of its own); more at once would hold connections while they wait for each other's, and
# threads besides: a hundred at once then stood still until the pool gave up.
TURNS = 6
_turns: RunVar[anyio.Semaphore] = RunVar("shengeng.http.turns")


async def _turn() -> AsyncIterator[None]:
    """Waits, without a thread or a connection, until fewer than TURNS others work."""
    try:
        turns = _turns.get()
    except LookupError:
        turns = anyio.Semaphore(TURNS)
        _turns.set(turns)
    async with turns:
        yield


Turn = Annotated[None, Depends(_turn, scope="function")]


def _unit(stores: Shop, _: Turn) -> Iterator[UnitOfWork]:
    with stores.rows.unit() as uow:
        yield uow


# scope="function": commits (or rolls back) when the route function is done and its answer is built, before
# it is sent. The default scope would commit after the client has read its 200.
Unit = Annotated[UnitOfWork, Depends(_unit, scope="function")]


def principal(request: Request, uow: Unit, now: Now) -> Principal:
    """Who asks, in the request's own transaction; `create_app` refuses routes that do not depend on this."""
    authenticate: Authenticate = request.app.state.authenticate
    found = authenticate(uow, credentials_of(request), now)
    request.state.who = found.name  # for the access log
    return found


Who = Annotated[Principal, Depends(principal)]


class _Needs:
    """A dependency that lets only principals of a role pass."""

    def __init__(self, role: Role) -> None:
        self.role = role

    def __call__(self, who: Who) -> Principal:
        require(who, self.role)
        return who


Viewer = Annotated[Principal, Depends(_Needs(Role.VIEWER))]
Operator = Annotated[Principal, Depends(_Needs(Role.OPERATOR))]
Approver = Annotated[Principal, Depends(_Needs(Role.APPROVER))]
Admin = Annotated[Principal, Depends(_Needs(Role.ADMIN))]

Cursor = Annotated[str | None, Query(max_length=2000, description="`next` of the page before")]
Limit = Annotated[int, Query(ge=1, le=200, description="Rows a page")]


class ErrorBody(BaseModel):
    """What was refused: stable code, kind, a sentence in the asked language, and its values."""

    code: str
    kind: str
    message: str
    params: dict[str, Any]


class ErrorAnswer(BaseModel):
    """The one shape of every answer that is not a success."""

    error: ErrorBody


def error_answers(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """`responses=` of a router: the statuses that answer with ErrorAnswer, for OpenAPI."""
    return {status: {"model": ErrorAnswer} for status in statuses}

"""Who sends facts in: the write key of a request, for the routes of the live edges."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Protocol

import msgspec
from fastapi import Depends, Request
from starlette.concurrency import run_in_threadpool

from shengeng.http.asking import Authenticate, credentials_of
from shengeng.kernel.roles import Role, require
from shengeng.kernel.writers import BAD_KEY, NO_KEY, Writer
from shengeng.storage.stores import Stores

# Body limit of a fact sender, in bytes as they come and after gunzip.
FACTS_LIMIT = 500 * 1024


class Keys(Protocol):
    """The port that `shengeng.web` fills with govern.keys."""

    async def find(self, secret: str) -> Writer | None:
        """The living key of this secret."""
        ...

    async def open_to(self, origin: str) -> bool:
        """Whether some living key may be used by pages of an origin."""
        ...


class _Signed(msgspec.Struct):
    writeKey: str = ""  # noqa: N815  (Segment's spelling)


_SIGNED = msgspec.json.Decoder(_Signed)


async def writer(request: Request) -> Writer:
    """The write key of Basic authentication (Segment's SDKs) or, for beacons, of the body's writeKey."""
    secret = basic_user(request.headers.get("authorization", ""))
    if secret is None:
        secret = _signed_by(await request.body())
    if not secret:
        raise NO_KEY.error()
    keys: Keys = request.app.state.keys
    found = await keys.find(secret)
    if found is None:
        raise BAD_KEY.error()
    request.state.who = found.name  # for the access log
    return found


async def event_writer(request: Request) -> Writer:
    """A write key for events, used from a page only where its origins say so."""
    found = await writer(request)
    found.check("events", request.headers.get("origin", ""))
    return found


async def order_writer(request: Request) -> Writer:
    """A write key for orders, or an operator's API token; never from a web page."""
    if request.headers.get("authorization", "").lower().startswith("bearer "):
        found = await run_in_threadpool(_program, request)
    else:
        found = await writer(request)
    found.check("orders", request.headers.get("origin", ""))
    return found


EventWriter = Annotated[Writer, Depends(event_writer)]
OrderWriter = Annotated[Writer, Depends(order_writer)]
SENDERS: tuple[Callable[..., object], ...] = (event_writer, order_writer)


def basic_user(header: str) -> str | None:
    """The user name of Basic authentication; None where the header is something else."""
    kind, _, word = header.partition(" ")
    if kind.lower() != "basic":
        return None
    try:
        text = base64.b64decode(word.strip(), validate=True).decode()
    except (binascii.Error, ValueError):
        return ""
    return text.partition(":")[0].strip()


def _signed_by(body: bytes) -> str:
    try:
        return _SIGNED.decode(body).writeKey
    except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError):
        return ""


def _program(request: Request) -> Writer:
    stores: Stores = request.app.state.stores
    now: datetime = request.app.state.clock()
    authenticate: Authenticate = request.app.state.authenticate
    with stores.rows.unit() as uow:
        who = authenticate(uow, credentials_of(request), now)
    require(who, Role.OPERATOR)
    request.state.who = who.name
    return Writer(who.name, ("orders",))

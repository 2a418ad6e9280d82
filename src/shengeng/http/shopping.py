"""Who shops: a request's member session or guest basket, and the proof that a page of ours sent it.

A storefront route depends on `Visitor` (anybody) or `Member` (signed in). A write must come from our own
origin; one by a member carries their CSRF token as well. A guest has no account to misuse: their basket's
cookie is SameSite=Lax, and the site of the caller is looked at.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Annotated, Protocol
from urllib.parse import urlsplit

from fastapi import Depends, Request, Response

from shengeng.http.asking import SAFE_METHODS, Now, Unit
from shengeng.kernel.shoppers import FOREIGN_FORM, STALE_FORM, Shopper
from shengeng.storage.rows import UnitOfWork

MEMBER_COOKIE, BASKET_COOKIE = "sg_member", "sg_basket"
CSRF_FIELD, CSRF_HEADER = "csrf", "x-csrf-token"
# How long a browser keeps the cookies; the session behind one may end earlier.
MEMBER_KEPT, BASKET_KEPT = timedelta(days=180), timedelta(days=60)
_OWN_SITE = frozenset({"same-origin", "none"})
_FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")


class Recognise(Protocol):
    """The port that the storefront fills with trade.members, as `app.state.recognise`."""

    def __call__(self, uow: UnitOfWork, session: str, now: datetime) -> Shopper | None:
        """The member behind a session's secret; None when it is unknown or has ended."""
        ...


async def _token(request: Request) -> str:
    """The CSRF token that a write carries; a form is read here and stays readable for the route."""
    given = request.headers.get(CSRF_HEADER, "")
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if given or request.method in SAFE_METHODS or kind not in _FORMS:
        return given
    # No shopper sends files: one is refused before a byte of it is kept.
    field = (await request.form(max_files=0)).get(CSRF_FIELD, "")
    return field if isinstance(field, str) else ""


def visitor(request: Request, uow: Unit, now: Now, token: Annotated[str, Depends(_token)]) -> Shopper:
    """Who shops, in the request's own transaction; the storefront refuses routes without this."""
    writes = request.method not in SAFE_METHODS
    if writes:
        check_origin(request)
    session = request.cookies.get(MEMBER_COOKIE, "")
    recognise: Recognise = request.app.state.recognise
    found = recognise(uow, session, now) if session else None
    request.state.who = "member" if found else "guest"  # for the access log, which never says whom
    if found and writes and not hmac.compare_digest(token.encode("utf-8", "replace"), found.csrf.encode()):
        raise STALE_FORM.error()
    return replace(found or Shopper(), basket=request.cookies.get(BASKET_COOKIE, ""))


def member(who: Annotated[Shopper, Depends(visitor)]) -> Shopper:
    """A signed-in member; guests are refused (unauthenticated)."""
    _ = who.me
    return who


Visitor = Annotated[Shopper, Depends(visitor)]
Member = Annotated[Shopper, Depends(member)]
SHOPPERS: tuple[Callable[..., object], ...] = (visitor, member)


def check_origin(request: Request) -> None:
    """Refuses (forbidden) a write that a browser sends from a page of another origin.

    By Sec-Fetch-Site, else by Origin against Host; a program that is no browser sends neither.
    """
    site, origin = request.headers.get("sec-fetch-site", ""), request.headers.get("origin", "")
    foreign = site not in _OWN_SITE if site else bool(origin) and not _same_host(request, origin)
    if foreign:
        raise FOREIGN_FORM.error(site=(origin or site)[:80])


def _same_host(request: Request, origin: str) -> bool:
    try:
        return urlsplit(origin).netloc.lower() == request.headers.get("host", "").lower()
    except ValueError:
        return False


def keep_session(response: Response, secret: str, *, https: bool) -> None:
    """Gives the browser a member's session."""
    _keep(response, MEMBER_COOKIE, secret, MEMBER_KEPT, https=https)


def drop_session(response: Response, *, https: bool) -> None:
    """Takes the member's session back from the browser."""
    response.delete_cookie(MEMBER_COOKIE, path="/", httponly=True, samesite="lax", secure=https)


def keep_basket(response: Response, secret: str, *, https: bool) -> None:
    """Gives the browser a guest's basket."""
    _keep(response, BASKET_COOKIE, secret, BASKET_KEPT, https=https)


def drop_basket(response: Response, *, https: bool) -> None:
    """Takes the basket back, when it became an order or a member's."""
    response.delete_cookie(BASKET_COOKIE, path="/", httponly=True, samesite="lax", secure=https)


def _keep(response: Response, name: str, secret: str, kept: timedelta, *, https: bool) -> None:
    response.set_cookie(
        name, secret, max_age=int(kept.total_seconds()), httponly=True, samesite="lax", secure=https, path="/"
    )

"""The FastAPI application: the routers that `app` hands over, behind the edge."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from fastapi import APIRouter, FastAPI, Request
from fastapi.routing import APIRoute
from starlette.middleware import Middleware

from shengeng import __version__
from shengeng.govern.access import api as access
from shengeng.govern.access import routes as access_routes
from shengeng.govern.audit import routes as audit_routes
from shengeng.govern.consent import routes as consent_routes
from shengeng.govern.keys import routes as keys_routes
from shengeng.govern.privacy import routes as privacy_routes
from shengeng.govern.teams import routes as teams_routes
from shengeng.govern.views import routes as views_routes
from shengeng.http.asking import Credentials, credentials_of
from shengeng.http.pacing import Pacing
from shengeng.http.writing import FACTS_LIMIT
from shengeng.kernel.clock import wall_now
from shengeng.kernel.roles import Principal
from shengeng.storage.rows import UnitOfWork
from shengeng.storage.stores import Stores
from shengeng.web import errors, guard, health, jobs
from shengeng.web.edge.bodies import UPLOAD_LIMIT, Bodies, Gate
from shengeng.web.edge.foreign import Foreign
from shengeng.web.edge.head import Head
from shengeng.web.edge.headers import SecurityHeaders
from shengeng.web.edge.record import Broken, Record
from shengeng.web.keyring import Keyring

ABOUT = (
    "Everything the console does goes through this API. Sign in with POST /v1/session (a cookie, and the "
    "header x-csrf-token on writes), or send an API token as Authorization: Bearer sgt_…. Money is an "
    "integer of minor units of the shop's currency, in keys that end in _minor; refusals all have the "
    "shape ErrorAnswer."
)
OWN: tuple[APIRouter, ...] = (
    access_routes.router,
    audit_routes.router,
    keys_routes.router,
    teams_routes.router,
    views_routes.router,
    consent_routes.router,
    privacy_routes.router,
    health.router,
    jobs.router,
)
# A little above what the routes themselves take, so that they can say what is too large.
LARGE: Mapping[str, int] = {
    "/v1/imports": UPLOAD_LIMIT,
    "/v1/trade/media": 5 * 1024**2,
    "/v1/trade/product-table": 21 * 1024**2,
    "/v1/trade/product-table/preview": 21 * 1024**2,
    "/v1/trade/stock/count-sheet": 5 * 1024**2,
    "/v1/trade/stock/count-sheet/preview": 5 * 1024**2,
}


class Pages(Protocol):
    """The console's files, which stand beside this package; `app` brings them together."""

    def install(self, app: FastAPI) -> None:
        """Adds the routes of the files."""
        ...

    def installed(self) -> bool:
        """Whether the console was built."""
        ...


@dataclass(frozen=True, slots=True)
class Character:
    """What one application is beside another on the same shop: its own routers, name and description.

    broken: what a person reads after a bug of ours; largest: paths whose bodies may be large.
    """

    own: Sequence[APIRouter] = OWN
    title: str = "Shengeng"
    about: str = ABOUT
    openapi_url: str = "/v1/openapi.json"
    large: Mapping[str, int] = field(default_factory=lambda: LARGE)
    broken: Broken = errors.broken


CONSOLE = Character()


def create_app(
    stores: Stores | None,
    routers: Sequence[APIRouter],
    *,
    pages: Pages | None = None,
    clock: Callable[[], datetime] = wall_now,
    character: Character = CONSOLE,
) -> FastAPI:
    """The application over open stores; None makes one that can only describe itself.

    routers: those of the capabilities above govern and of the console's composed reads; the character's own
    (govern's, jobs and health for the console) are always there. Every route must ask who calls.
    """
    every = [*character.own, *routers]
    guard.check(every)
    https = stores.settings.https if stores else False
    app = FastAPI(
        title=character.title,
        version=__version__,
        description=character.about,
        openapi_url=character.openapi_url,
        docs_url=None,  # the interactive page loads scripts from elsewhere, which our policy refuses
        redoc_url=None,
        redirect_slashes=False,
        generate_unique_id_function=_name,
        middleware=_edge(stores, https, clock, character, sorted(route.path for route in guard.facts(every))),
    )
    app.state.stores, app.state.pages, app.state.clock = stores, pages, clock
    app.state.authenticate = _authenticator(stores)
    app.state.keys = Keyring(stores.rows, clock) if stores else None
    app.state.pacing = Pacing()
    errors.install(app)
    for router in every:
        app.include_router(router)
    if pages is not None:
        pages.install(app)
    return app


def openapi_json(routers: Sequence[APIRouter], character: Character = CONSOLE) -> str:
    """The API's description as ui/openapi.json keeps it: sorted, without a server or a database."""
    description = create_app(None, routers, character=character).openapi()
    return json.dumps(description, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def _edge(
    stores: Stores | None,
    https: bool,
    clock: Callable[[], datetime],
    character: Character,
    facts: Sequence[str],
) -> list[Middleware]:
    """facts: the paths that senders with a write key use, from web pages of other origins too."""
    return [
        Middleware(SecurityHeaders, https=https),
        Middleware(Record, clock=clock, broken=character.broken),
        Middleware(Foreign, paths=frozenset(facts)),
        Middleware(Head),
        Middleware(
            Bodies, large=character.large, gate=_gate(stores, clock), raw=dict.fromkeys(facts, FACTS_LIMIT)
        ),
    ]


Authenticator = Callable[[UnitOfWork, Credentials, datetime], Principal]


def _authenticator(stores: Stores | None) -> Authenticator:
    hours = stores.settings.session_hours if stores else 1

    def authenticate(uow: UnitOfWork, credentials: Credentials, now: datetime) -> Principal:
        return access.authenticate(uow, credentials, hours, now)

    return authenticate


def _gate(stores: Stores | None, clock: Callable[[], datetime]) -> Gate:
    authenticate = _authenticator(stores)

    def gate(request: Request) -> None:
        assert stores is not None
        with stores.rows.unit() as uow:
            authenticate(uow, credentials_of(request), clock())

    return gate


def _name(route: APIRoute) -> str:
    return route.name

"""The doors of the shop: every route of the console's server and of the storefront.

`app` loads this module only where a server is started or described: building some three hundred routes takes
a second, which no other command needs.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from fastapi import APIRouter, FastAPI

from shengeng.console import (
    allocation,
    customers,
    decisions,
    demand,
    exports,
    order_drafts,
    replay,
    samples,
    shop,
    strategy,
    today,
)
from shengeng.console import orders as shop_orders
from shengeng.console.static_files import ConsoleFiles
from shengeng.decide.audiences import routes as audiences
from shengeng.decide.ledger import routes as ledger
from shengeng.decide.recommend import routes as recommend
from shengeng.kernel.clock import wall_now
from shengeng.learn.scorecard import routes as scorecard
from shengeng.sense.connect import routes as connect
from shengeng.sense.events import routes as events
from shengeng.sense.exports import routes as shop_exports
from shengeng.sense.identity import routes as identity
from shengeng.sense.orders import routes as orders
from shengeng.storage.stores import Stores
from shengeng.storefront import Storefront, broken, event_key
from shengeng.trade.assortment import routes as assortment
from shengeng.trade.catalogue import routes as catalogue
from shengeng.trade.checkout import routes as checkout
from shengeng.trade.fulfilment import routes as fulfilment
from shengeng.trade.members import api as members
from shengeng.trade.members import routes as member_routes
from shengeng.trade.orders import routes as shop_order_routes
from shengeng.trade.payments import routes as payment_routes
from shengeng.trade.pricing import routes as pricing
from shengeng.trade.stock import routes as stock
from shengeng.understand.economics import routes as economics
from shengeng.understand.lifecycle import routes as lifecycle
from shengeng.understand.personas import routes as personas
from shengeng.web import Character, create_app, openapi_json

ROUTERS: tuple[APIRouter, ...] = (
    today.router,
    shop.router,
    recommend.router,
    customers.router,
    decisions.router,
    demand.router,
    allocation.router,
    exports.router,
    replay.router,
    samples.router,
    ledger.router,
    audiences.router,
    scorecard.router,
    connect.router,
    events.router,
    shop_exports.router,
    orders.router,
    identity.router,
    lifecycle.router,
    personas.router,
    economics.router,
    strategy.router,
    member_routes.router,
    order_drafts.router,
    shop_orders.router,
    catalogue.router,
    assortment.router,
    stock.router,
    fulfilment.router,
    payment_routes.router,
    pricing.router,
)

# What strangers may call at the storefront: their own baskets and orders, and the edge of events.
PUBLIC_ROUTERS: tuple[APIRouter, ...] = (
    events.public,
    catalogue.public,
    member_routes.public,
    checkout.public,
    shop_order_routes.public,
)
SHOP = Character(
    own=(),
    title="Shengeng store",
    about="What a shop's own pages and apps call: catalogue, baskets, checkout, a member's own account.",
    openapi_url="/v1/store/openapi.json",
    large={},
    broken=broken,
)


def web(stores: Stores) -> FastAPI:
    """The server: API of every capability, composed reads, and the console's files."""
    return create_app(stores, ROUTERS, pages=ConsoleFiles())


def storefront(stores: Stores, clock: Callable[[], datetime] = wall_now) -> FastAPI:
    """The shop that shoppers see: pages, the public API, and the edge where their behaviour arrives."""
    shop_door = create_app(stores, PUBLIC_ROUTERS, pages=Storefront(), clock=clock, character=SHOP)
    shop_door.state.recognise = members.recognise
    shop_door.state.event_key = event_key(stores, clock())
    return shop_door


def openapi() -> str:
    """The API's description as JSON, without a shop."""
    return openapi_json(ROUTERS)

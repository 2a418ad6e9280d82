"""Composition root: reads the environment, picks the engines, wires the doors. Nothing imports it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import sqlalchemy as sa
from fastapi import APIRouter, FastAPI

from shengeng import worker
from shengeng.cli.commands import run
from shengeng.cli.composition import Composition
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
from shengeng.govern.privacy import api as privacy
from shengeng.kernel.clock import wall_now
from shengeng.kernel.settings import Settings, read_settings
from shengeng.learn.scorecard import routes as scorecard
from shengeng.sense.connect import api as facts
from shengeng.sense.connect import routes as connect
from shengeng.sense.events import routes as events
from shengeng.sense.exports import api as shop_files
from shengeng.sense.exports import routes as shop_exports
from shengeng.sense.identity import routes as identity
from shengeng.sense.orders import routes as orders
from shengeng.storage.backup import refuse_half_restored
from shengeng.storage.embedded import Server
from shengeng.storage.embedded.place import PROGRAMS, wheel_folder
from shengeng.storage.migrations import migrate
from shengeng.storage.stores import Stores, open_stores
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
from shengeng.web import Character, configure_logs, create_app, openapi_json
from shengeng.worker.personal import WIRING

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


def settings() -> Settings:
    """The settings of this environment; the only place that reads it."""
    return read_settings(os.environ)


@contextmanager
def open_shop(chosen: Settings) -> Iterator[Stores]:
    """The shop's stores, migrated, what dead imports left cleared, every background task registered."""
    refuse_half_restored(chosen.home)
    with open_half(chosen) as stores:
        yield stores


@contextmanager
def open_half(chosen: Settings) -> Iterator[Stores]:
    """The same for a home whose restore is not finished yet."""
    with _database(chosen) as url, open_stores(chosen, url) as stores:
        migrate(stores.rows)
        worker.register(stores.queue)
        facts.recover(stores)
        shop_files.sweep(stores, wall_now())
        yield stores


@contextmanager
def _database(chosen: Settings) -> Iterator[sa.URL | str]:
    if chosen.database_url:
        yield chosen.database_url
    else:
        with Server(chosen.home) as url:
            yield url


def programs() -> Path:
    """The folder of PostgreSQL's own programs, for a database of ours or of others."""
    return wheel_folder() / PROGRAMS


def forget_again(stores: Stores, erasures: Path | None) -> int:
    """Applies a list of erasures to a restored shop; returns how many people were erased again."""
    return privacy.replay(stores, WIRING, erasures, wall_now())


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


def main() -> None:
    """The `shengeng` command."""
    run(
        Composition(
            settings=settings,
            open=open_shop,
            web=web,
            storefront=storefront,
            openapi=openapi,
            logs=configure_logs,
            open_half=open_half,
            database=_database,
            programs=programs,
            forget_again=forget_again,
        )
    )


if __name__ == "__main__":
    main()

"""Composition root: reads the environment, picks the engines, wires the doors. Nothing imports it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import sqlalchemy as sa

from shengeng import worker
from shengeng.cli.commands import run
from shengeng.cli.composition import Composition
from shengeng.govern.privacy import api as privacy
from shengeng.kernel.clock import wall_now
from shengeng.kernel.settings import Settings, read_settings
from shengeng.sense.connect import api as facts
from shengeng.sense.exports import api as shop_files
from shengeng.storage.backup import refuse_half_restored
from shengeng.storage.embedded import Server
from shengeng.storage.embedded.place import PROGRAMS, wheel_folder
from shengeng.storage.migrations import migrate
from shengeng.storage.stores import Stores, open_stores
from shengeng.worker.personal import WIRING

if TYPE_CHECKING:
    from fastapi import FastAPI


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
    from shengeng import doors  # noqa: PLC0415  hundreds of routes: only who serves pays for them

    return doors.web(stores)


def storefront(stores: Stores) -> FastAPI:
    """The shop that shoppers see: pages, the public API, and the edge where their behaviour arrives."""
    from shengeng import doors  # noqa: PLC0415  as above

    return doors.storefront(stores)


def openapi() -> str:
    """The API's description as JSON, without a shop."""
    from shengeng import doors  # noqa: PLC0415  as above

    return doors.openapi()


def logs(chosen: Settings) -> None:
    """The server's log as the settings want it."""
    from shengeng.web import configure_logs  # noqa: PLC0415  as above

    configure_logs(chosen)


def main() -> None:
    """The `shengeng` command."""
    run(
        Composition(
            settings=settings,
            open=open_shop,
            web=web,
            storefront=storefront,
            openapi=openapi,
            logs=logs,
            open_half=open_half,
            database=_database,
            programs=programs,
            forget_again=forget_again,
        )
    )


if __name__ == "__main__":
    main()

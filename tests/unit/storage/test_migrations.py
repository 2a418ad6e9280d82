"""Migrations: one chain, the tables that the code declares, safe to run twice and at once."""

from __future__ import annotations

import importlib
import pkgutil
import threading

import psycopg
import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from psycopg import sql

import shengeng
from shengeng.storage.embedded import Server
from shengeng.storage.migrations import config, migrate
from shengeng.storage.rows import Rows, connect, metadata
from shengeng.storage.stores import Stores


def test_there_is_one_chain_of_migrations() -> None:
    assert len(ScriptDirectory.from_config(config()).get_heads()) == 1


def test_the_migrated_database_has_exactly_the_declared_tables(stores: Stores) -> None:
    for module in pkgutil.walk_packages(shengeng.__path__, "shengeng."):
        if ".store" in module.name:
            importlib.import_module(module.name)
    with stores.rows.unit() as uow:
        uow.conn.execute(sa.text("set local search_path to public"))  # without the queue's own tables
        context = MigrationContext.configure(uow.conn, opts={"include_object": _is_ours})
        assert compare_metadata(context, metadata) == []


def _is_ours(_: object, name: str | None, kind: str, *__: object) -> bool:
    return not (kind == "table" and name == "alembic_version")


@pytest.fixture
def bare(server: Server, database: sa.URL) -> Rows:
    name = f"{database.database}_bare"
    admin = server.superuser_url().set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(admin, autocommit=True) as connection:
        statement = sql.SQL("create database {} template template1 owner shengeng")
        connection.execute(statement.format(sql.Identifier(name)))
    return connect(server.url(name))


def test_two_migrations_at_once_and_a_third_after_are_fine(bare: Rows) -> None:
    failures: list[BaseException] = []

    def run() -> None:
        try:
            migrate(bare)
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    migrate(bare)
    assert failures == []
    with bare.unit() as uow:
        assert sa.inspect(uow.conn).has_table("lake_files")
    bare.close()

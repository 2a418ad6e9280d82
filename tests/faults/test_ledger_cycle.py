"""kill -9 between and inside the steps of a day: run again, it ends in the same ledger."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import psycopg
import pytest
import sqlalchemy as sa
from psycopg import sql
from tests.factories.decisions import NOW
from tests.factories.facts import START, lines_table, products_table

from shengeng.decide.ledger import api as ledger
from shengeng.kernel.settings import Settings
from shengeng.learn.scorecard import api as scorecard
from shengeng.learn.scorecard.contracts import Scorecard
from shengeng.plays.day import run_day
from shengeng.storage.embedded import Server
from shengeng.storage.progress import Silent
from shengeng.storage.stores import Stores, open_stores

AS_OF = START + timedelta(days=112)

# Runs the day in a process of its own and kills it where it is told to: at the beginning of a step, or after
# rows were copied into a table and before they are committed.
CRASH = """
import os, signal, sys
from datetime import UTC, date, datetime
from pathlib import Path
from shengeng.kernel.settings import Settings
from shengeng.plays.day import run_day
from shengeng.storage.progress import Silent
from shengeng.storage.rows import UnitOfWork
from shengeng.storage.stores import open_stores

home, url, day, where = sys.argv[1:]
die = lambda: os.kill(os.getpid(), signal.SIGKILL)
copy_in = UnitOfWork.copy_in

def copy_and_die(self, table, columns, rows):
    copy_in(self, table, columns, rows)
    if table == where:
        die()

class Trap(Silent):
    def step(self, name, share):
        if name == where:
            die()

UnitOfWork.copy_in = copy_and_die
with open_stores(Settings(home=Path(home), memory_limit="512MB"), url) as stores:
    run_day(stores, date.fromisoformat(day), Trap(), datetime(2025, 3, 3, 1, tzinfo=UTC))
"""


@pytest.fixture
def twin(server: Server, template: str, tmp_path: Path, worker_id: str) -> Iterator[Stores]:
    """A second shop that nothing happens to."""
    name = f"twin_{worker_id}"
    dsn = server.superuser_url("postgres").set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(dsn, autocommit=True) as admin:
        statement = "create database {} template {} owner shengeng strategy file_copy"
        admin.execute(sql.SQL(statement).format(sql.Identifier(name), sql.Identifier(template)))
        with open_stores(Settings(home=tmp_path / "twin", memory_limit="512MB"), server.url(name)) as opened:
            yield opened
        admin.execute(sql.SQL("drop database {} with (force)").format(sql.Identifier(name)))


def furnish(stores: Stores) -> None:
    with stores.rows.unit() as uow:
        stores.lake.append(uow, "lines", lines_table(customers=40, seed=5), partition="shop")
        stores.lake.append(uow, "products", products_table(), partition="shop")


def crash(stores: Stores, url: sa.URL, day: date, where: str) -> None:
    address = url.render_as_string(hide_password=False)
    command = [sys.executable, "-c", CRASH, str(stores.settings.home), address, day.isoformat(), where]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=180)
    assert done.returncode == -signal.SIGKILL, done.stderr


def everything(stores: Stores) -> tuple[list[tuple[object, ...]], Scorecard]:
    with stores.rows.unit() as uow:
        rows, total = ledger.list_decisions(uow, limit=10_000)
        assert len(rows) == total > 20
        card = scorecard.scorecard(uow)
        told = [
            (r.play, r.subject, r.window_start, r.state, str(r.action), r.gain, r.forecast, r.settlement)
            for r in rows
        ]
        steps = uow.conn.execute(sa.text("select count(*) from decision_transitions")).scalar()
    return [*sorted(told, key=str), (steps,)], card


@pytest.mark.slow
def test_a_day_that_was_killed_anywhere_ends_in_the_same_ledger(
    stores: Stores, twin: Stores, database: sa.URL
) -> None:
    for shop in (stores, twin):
        furnish(shop)
    later = AS_OF + timedelta(days=7)
    for day in (AS_OF, later):
        run_day(twin, day, Silent(), NOW)
    crash(stores, database, AS_OF, "cycle.demand")
    crash(stores, database, AS_OF, "decisions")
    run_day(stores, AS_OF, Silent(), NOW)
    crash(stores, database, later, "decision_settlements")
    run_day(stores, later, Silent(), NOW)
    (rows, card), (same_rows, same_card) = everything(stores), everything(twin)
    assert rows == same_rows
    assert card.plays == same_card.plays

"""Rows: one transaction is kept whole or not at all, and a database that is away is told as such."""

from __future__ import annotations

import threading
from datetime import UTC, datetime
from typing import Any

import pyarrow as pa
import pytest
import sqlalchemy as sa

from shengeng.kernel.errors import ShopError
from shengeng.storage import jobs
from shengeng.storage.rows import UnitOfWork, connect, database_url
from shengeng.storage.stores import Stores


@pytest.fixture
def basket(stores: Stores) -> Stores:
    with stores.rows.unit() as uow:
        uow.conn.execute(sa.text("create table basket (line int primary key, title text, at timestamptz)"))
    return stores


def lines(stores: Stores) -> list[tuple[int, str | None]]:
    with stores.rows.unit() as uow:
        return [(row[0], row[1]) for row in uow.conn.execute(sa.text("select * from basket order by 1"))]


def put(uow: UnitOfWork, line: int) -> None:
    uow.conn.execute(sa.text("insert into basket values (:line, 'tea')"), {"line": line})


def test_a_unit_of_work_is_kept_whole(basket: Stores) -> None:
    with basket.rows.unit() as uow:
        put(uow, 1)
        put(uow, 2)
    assert lines(basket) == [(1, "tea"), (2, "tea")]


def test_a_unit_of_work_that_fails_leaves_nothing(basket: Stores) -> None:
    with pytest.raises(KeyError):
        _put_and_fail(basket)
    assert lines(basket) == []


def _put_and_fail(stores: Stores) -> None:
    with stores.rows.unit() as uow:
        put(uow, 1)
        raise KeyError


def test_copying_keeps_nulls_empty_text_quotes_and_moments(basket: Stores) -> None:
    at = pa.array([datetime(2017, 11, 26, 23, 59, 59, 999999, tzinfo=UTC), None, None, None])
    rows = pa.table({"l": [1, 2, 3, 4], "t": ["", None, 'say "hi",\n家', "\\N"], "at": at})
    with basket.rows.unit() as uow:
        assert uow.copy_in("public.basket", ["line", "title", "at"], rows) == 4
        assert uow.conn.execute(sa.text("select at from basket where line = 1")).scalar() == at[0].as_py()
    assert lines(basket) == [(1, ""), (2, None), (3, 'say "hi",\n家'), (4, "\\N")]


def test_copying_belongs_to_the_transaction(basket: Stores) -> None:
    with pytest.raises(sa.exc.IntegrityError):
        _copy_and_collide(basket)
    assert lines(basket) == []


def _copy_and_collide(stores: Stores) -> None:
    with stores.rows.unit() as uow:
        uow.copy_in("basket", ["line", "title"], pa.table({"line": [7], "title": ["x"]}))
        put(uow, 7)


def test_one_name_is_one_lock(basket: Stores) -> None:
    holds, let_go, order = threading.Event(), threading.Event(), list[str]()

    def first() -> None:
        with basket.rows.unit() as uow:
            uow.lock("cycle")
            holds.set()
            let_go.wait(10)
            order.append("first")

    def second() -> None:
        with basket.rows.unit() as uow:
            uow.lock("cycle")
            order.append("second")

    threads = [threading.Thread(target=first), threading.Thread(target=second)]
    threads[0].start()
    holds.wait(10)
    threads[1].start()
    with basket.rows.unit() as uow:
        uow.lock("another name")
    let_go.set()
    for thread in threads:
        thread.join()
    assert order == ["first", "second"]


def test_a_job_is_enqueued_with_the_transaction_or_not_at_all(stores: Stores) -> None:
    with pytest.raises(KeyError):
        _enqueue_and_fail(stores)
    with stores.rows.unit() as uow:
        assert jobs.jobs(uow) == []
        found = jobs.job(uow, uow.enqueue("import", folder="家", days=[1, 2]))
    assert (found.kind, found.state, found.percent, found.log) == ("import", "waiting", 0, ())


def _enqueue_and_fail(stores: Stores) -> None:
    with stores.rows.unit() as uow:
        uow.enqueue("import")
        raise KeyError


def test_two_who_block_each_other_are_told_to_repeat(basket: Stores) -> None:
    ready = threading.Barrier(2)
    told: list[str] = []

    def cross(first: str, second: str) -> None:
        try:
            with basket.rows.unit() as uow:
                uow.lock(first)
                ready.wait()
                uow.lock(second)
        except ShopError as error:
            told.append(error.code)

    threads = [threading.Thread(target=cross, args=names) for names in (("a", "b"), ("b", "a"))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert told == ["busy"]


def test_a_database_that_is_not_there_is_unavailable() -> None:
    rows = connect("postgresql://nobody:secret@127.0.0.1:1/shop")
    with pytest.raises(ShopError) as refused:
        rows.ping()
    assert refused.value.kind == "unavailable"
    assert "secret" not in refused.value.text("en")
    rows.close()


def test_a_connection_that_was_cut_is_replaced_for_the_next_unit(basket: Stores) -> None:
    with pytest.raises(ShopError) as refused:
        _cut_own_connection(basket)
    assert refused.value.code == "database_away"
    assert lines(basket) == []


def test_a_connection_that_was_cut_while_it_rested_is_replaced_before_its_next_use(basket: Stores) -> None:
    with basket.rows.unit() as one, basket.rows.unit() as other:
        resting = [unit.conn.scalar(sa.text("select pg_backend_pid()")) for unit in (one, other)]
    with basket.rows.unit() as uow:  # takes one of the two and ends the other
        mine = uow.conn.scalar(sa.text("select pg_backend_pid()"))
        (gone,) = {*resting} - {mine}
        assert uow.conn.scalar(sa.text("select pg_terminate_backend(:pid, 5000)"), {"pid": gone})
    with basket.rows.unit() as one, basket.rows.unit() as other:
        used = {unit.conn.scalar(sa.text("select pg_backend_pid()")) for unit in (one, other)}
    assert gone not in used


def test_a_connection_is_not_asked_whether_it_lives_unless_it_rested_for_long(
    basket: Stores, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked, ping = [0], basket.rows.engine.dialect.do_ping

    def count(connection: Any) -> bool:
        asked[0] += 1
        return bool(ping(connection))

    monkeypatch.setattr(basket.rows.engine.dialect, "do_ping", count)
    basket.rows.ping()
    basket.rows.ping()
    assert asked == [0]
    monkeypatch.setattr("shengeng.storage.pool.TRUSTED_S", 0.0)
    basket.rows.ping()
    assert asked == [1]


def _cut_own_connection(stores: Stores) -> None:
    with stores.rows.unit() as uow:
        put(uow, 1)
        uow.conn.execute(sa.text("select pg_terminate_backend(pg_backend_pid())"))


@pytest.mark.parametrize("text", ["", "sqlite://", "mysql://u@h/d", "host=1 dbname=2", "http://x"])
def test_an_address_that_is_not_postgresql_is_refused_without_repeating_it(text: str) -> None:
    with pytest.raises(ShopError, match="write postgresql://") as refused:
        database_url(text)
    assert refused.value.kind == "invalid"


def test_every_way_to_write_a_postgresql_address_gets_our_driver() -> None:
    for text in ("postgres://u:p@h/d", "postgresql://u:p@h/d", "postgresql+psycopg2://u:p@h/d"):
        assert database_url(text).drivername == "postgresql+psycopg"

"""What is remembered of a table is what stands in it: after changes here, elsewhere, and undone ones."""

from __future__ import annotations

import importlib
import pkgutil
import time
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa

import shengeng
from shengeng.govern.shop import api as shop
from shengeng.kernel.roles import SHELL
from shengeng.kernel.words import Words
from shengeng.storage.remembered import TABLES
from shengeng.storage.rows import Rows, UnitOfWork, connect
from shengeng.storage.stores import Stores
from shengeng.trade.catalogue import api as catalogue
from shengeng.trade.catalogue.contracts import Category

NOW = datetime(2026, 3, 2, tzinfo=UTC)


@pytest.fixture
def other(stores: Stores) -> Iterator[Rows]:
    """Another process's pool on the same database."""
    rows = connect(stores.rows.engine.url)
    yield rows
    rows.close()


def _name(uow: UnitOfWork, name: str) -> None:
    shop.set_profile(uow, SHELL, NOW, name=name, timezone="Asia/Shanghai", currency="CNY")


def _told(rows: Rows) -> str:
    with rows.unit() as uow:
        return shop.profile(uow).name


def _asked(rows: Rows, act: str) -> list[str]:
    """Statements that reading the shop's profile takes."""
    seen: list[str] = []

    def note(_c: object, _r: object, statement: str, *_: object) -> None:
        seen.append(statement)

    sa.event.listen(rows.engine, "before_cursor_execute", note)
    try:
        assert _told(rows) == act
    finally:
        sa.event.remove(rows.engine, "before_cursor_execute", note)
    return seen


def test_it_is_read_once_and_then_only_asked_about(stores: Stores) -> None:
    with stores.rows.unit() as uow:
        _name(uow, "one")
    _told(stores.rows)
    (asked,) = _asked(stores.rows, "one")
    assert "table_stamps" in asked


def test_what_another_process_changed_is_seen_by_the_next_transaction(stores: Stores, other: Rows) -> None:
    with stores.rows.unit() as uow:
        _name(uow, "one")
    assert _told(other) == _told(stores.rows) == "one"
    with other.unit() as uow:
        _name(uow, "two")
    assert _told(stores.rows) == "two"


def test_a_change_is_seen_by_its_own_transaction_and_by_nobody_else(stores: Stores, other: Rows) -> None:
    with stores.rows.unit() as uow:
        _name(uow, "one")
    with stores.rows.unit() as uow:
        assert shop.profile(uow).name == "one"
        _name(uow, "two")
        assert shop.profile(uow).name == "two"
        assert _told(other) == "one"
        uow.conn.execute(sa.text("update shop set name = 'three'"))
        assert shop.profile(uow).name == "three"
        uow.conn.rollback()
    assert _told(stores.rows) == _told(other) == "one"


def test_what_a_savepoint_undid_is_not_remembered(stores: Stores) -> None:
    with stores.rows.unit() as uow:
        _name(uow, "one")
    with stores.rows.unit() as uow:
        step = uow.conn.begin_nested()
        _name(uow, "two")
        assert shop.profile(uow).name == "two"
        step.rollback()
        assert shop.profile(uow).name == "one"
        _name(uow, "four")
        assert shop.profile(uow).name == "four"
    assert _told(stores.rows) == "four"


def test_whoever_waited_for_a_lock_sees_what_its_holder_wrote(stores: Stores, other: Rows) -> None:
    with stores.rows.unit() as uow:
        _name(uow, "one")
    with stores.rows.unit() as uow:
        assert shop.profile(uow).name == "one"
        with other.unit() as theirs:
            _name(theirs, "two")
        uow.lock("any")
        assert shop.profile(uow).name == "two"


def test_a_long_transaction_sees_what_others_change_meanwhile(stores: Stores, other: Rows) -> None:
    with stores.rows.unit() as uow:
        _name(uow, "one")
    with stores.rows.unit() as uow:
        assert shop.profile(uow).name == "one"
        with other.unit() as theirs:
            _name(theirs, "two")
        time.sleep(1.1)
        assert shop.profile(uow).name == "two"


def test_what_is_taken_away_is_gone_and_what_comes_is_there(stores: Stores, other: Rows) -> None:
    def ids(rows: Rows) -> list[str]:
        with rows.unit() as uow:
            return [one.category_id for one in catalogue.categories(uow)]

    before = ids(stores.rows)
    with other.unit() as uow:
        catalogue.put_categories(uow, SHELL, [Category("new", None, Words("新", "New"), 9)], NOW)
    assert ids(stores.rows) == [*before, "new"]
    with other.unit() as uow:
        uow.conn.execute(sa.text("delete from catalogue_categories where category_id = 'new'"))
    assert ids(stores.rows) == before


def test_whoever_gets_a_list_may_change_it(stores: Stores) -> None:
    with stores.rows.unit() as uow:
        catalogue.categories(uow).append(Category("mine", None, Words("我", "Mine"), 1))
        assert "mine" not in {one.category_id for one in catalogue.categories(uow)}


def test_every_table_of_which_something_is_remembered_tells_its_changes(stores: Stores) -> None:
    for module in pkgutil.walk_packages(shengeng.__path__, "shengeng."):
        if ".store" in module.name:
            importlib.import_module(module.name)
    told = sa.text("select tgrelid::regclass::text from pg_trigger where tgname = 'table_is_changed'")
    with stores.rows.unit() as uow:
        assert set(uow.conn.execute(told).scalars()) == TABLES

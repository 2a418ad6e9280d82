"""Arrivals: each fact is told once to each reader, whatever commits when."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import sqlalchemy as sa

from shengeng.sense.arrivals import api
from shengeng.storage.rows import Rows
from shengeng.storage.stores import Stores

NOW = datetime(2026, 3, 2, 4, tzinfo=UTC)


def taken(stores: Stores, reader: str = "me") -> api.Arrivals:
    with stores.rows.unit() as uow:
        return api.take(uow, reader)


def note(stores: Stores, *people: str) -> None:
    with stores.rows.unit() as uow:
        api.note(uow, people, NOW)


def test_each_reader_is_told_of_each_fact_once(stores: Stores) -> None:
    note(stores, "c1", "c2")
    note(stores, "c2", "c3")
    assert taken(stores).people == {"c1", "c2", "c3"}
    assert not taken(stores)
    assert taken(stores, "another").people == {"c1", "c2", "c3"}
    with stores.rows.unit() as uow:
        api.note_all(uow, NOW)
    found = taken(stores)
    assert found.everybody
    assert not found.people


def test_what_commits_late_is_not_passed_over(stores: Stores) -> None:
    with stores.rows.unit() as late:
        api.note(late, ["late"], NOW)
        note(stores, "early")
        assert "late" not in taken(stores).people
    assert "late" in taken(stores).people


def test_a_long_transaction_of_another_database_of_the_server_holds_nobody_up(stores: Stores) -> None:
    elsewhere = Rows(sa.create_engine(stores.rows.engine.url.set(database="postgres")))
    try:
        with elsewhere.unit() as other:
            other.conn.execute(sa.text("select pg_current_xact_id()"))
            note(stores, "c1")
            assert taken(stores).people == {"c1"}
    finally:
        elsewhere.close()


def test_a_reader_whose_own_number_is_newer_than_what_was_over_is_told_all_the_same(stores: Stores) -> None:
    elsewhere = Rows(sa.create_engine(stores.rows.engine.url.set(database="postgres")))
    number = sa.text("select pg_current_xact_id()")
    try:
        note(stores, "c1")
        with elsewhere.unit() as other:
            other.conn.execute(number)
            with stores.rows.unit() as reader:
                reader.conn.execute(number)
                assert api.take(reader, "me").people == {"c1"}
    finally:
        elsewhere.close()


def test_a_second_look_in_one_transaction_sees_who_began_in_between(stores: Stores) -> None:
    with stores.rows.unit() as reader:
        api.newest(reader)
        with stores.rows.unit() as late:
            api.note(late, ["late"], NOW)
            note(stores, "early")
            cursor = api.newest(reader)
    with stores.rows.unit() as uow:
        assert "late" in api.since(uow, cursor).people


def test_who_comes_after_its_rows_were_forgotten_is_told_everybody(stores: Stores) -> None:
    note(stores, "c1")
    note(stores, "c2")
    with stores.rows.unit() as uow:
        api.note_all(uow, NOW + timedelta(days=8))
    assert taken(stores).everybody
    with stores.rows.unit() as uow:
        assert api.since(uow, 2**60).everybody

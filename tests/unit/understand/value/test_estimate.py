"""The published estimate, from order lines to rows."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import ibis
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.factories.facts import Line, line, lines_table, shop_lines

from shengeng.storage.progress import Silent
from shengeng.storage.stores import Stores
from shengeng.understand.value import api as value
from shengeng.understand.value.contracts import VALUE
from shengeng.understand.value.methods.kept import as_text, from_text
from shengeng.understand.value.store.estimate import of_some

AS_OF = date(2025, 4, 6)


def at(month: int, day: int) -> datetime:
    return datetime.combine(date(2025, month, day), time(9))


def estimated(rows: list[Line], as_of: date = AS_OF) -> pa.Table:
    lines = ibis.memtable(lines_table(rows=rows))
    return value.estimate_lines(lines, as_of, horizon_days=90, margin_rate=0.25)


@pytest.mark.parametrize(
    "rows",
    [
        pytest.param([], id="an empty shop"),
        pytest.param([line(None, at(1, 7))], id="every order is a guest's"),
        pytest.param([line("a", at(7, 7))], id="every order is still to come"),
    ],
)
def test_a_shop_that_knows_nobody_gets_an_empty_table_of_the_right_shape(rows: list[Line]) -> None:
    table = estimated(rows)
    assert table.schema == VALUE
    assert table.num_rows == 0


def test_a_shop_with_one_order_has_one_customer_of_modest_value() -> None:
    for day in (AS_OF, AS_OF - timedelta(days=20)):
        row = estimated([line("a", at(day.month, day.day))]).to_pylist()[0]
        assert 0 < row["orders_mid"] < 10
        assert row["margin_minor_low"] <= row["margin_minor_mid"] <= row["margin_minor_high"]


def test_who_buys_often_and_lately_is_worth_more() -> None:
    rows = shop_lines(customers=60, days=90)
    rows += [line("keen", at(1, 6) + timedelta(days=3 * i)) for i in range(30)]
    rows += [line("gone", at(1, 6) + timedelta(days=2 * i)) for i in range(5)]
    found = {row["customer_id"]: row for row in estimated(rows).to_pylist()}
    assert found["keen"]["p_alive"] > 0.8
    assert found["gone"]["p_alive"] < 0.5
    assert found["keen"]["orders_mid"] > 4 * found["gone"]["orders_mid"]
    assert found["keen"]["margin_minor_mid"] > 4 * found["gone"]["margin_minor_mid"]


def test_who_was_refunded_everything_still_counts_as_a_customer() -> None:
    rows = [line("a", at(1, day), total_minor=0) for day in (6, 9, 20)]
    row = estimated(rows).to_pylist()[0]
    assert (row["margin_minor_low"], row["margin_minor_mid"], row["margin_minor_high"]) == (0, 0, 0)
    assert row["orders_mid"] > 0


@settings(max_examples=15)
@given(st.integers(0, 10_000), st.integers(0, 89))
def test_nothing_after_the_cut_changes_an_estimate(seed: int, days: int) -> None:
    rows = shop_lines(customers=12, days=90, seed=seed)
    cut = date(2025, 1, 6) + timedelta(days=days)
    known = [row for row in rows if row.local_at.date() <= cut]
    assert estimated(rows, cut).equals(estimated(known, cut))


def test_estimates_are_published_by_day_and_old_ones_go(stores: Stores) -> None:
    with stores.rows.unit() as uow:
        stores.lake.append(uow, "lines", lines_table(customers=20), partition="shop")
    days = [date(2025, 3, 25) + timedelta(days=i) for i in range(16)]
    for day in days:
        with stores.rows.unit() as uow:
            assert value.estimate(stores, uow, day, Silent()) > 0
    with stores.rows.unit() as uow:
        kept = stores.lake.partitions(uow, "value")
    assert kept == ["2025-03-31", *(day.isoformat() for day in days[-8:])]
    assert value.value(stores.lake, days[-1]).count().to_pyarrow().as_py() > 0
    assert value.value(stores.lake, days[0]).count().to_pyarrow().as_py() == 0


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 10_000), st.lists(st.integers(0, 29), min_size=1, max_size=4, unique=True))
def test_what_was_learnt_speaks_of_some_as_it_does_among_all(seed: int, chosen: list[int]) -> None:
    lines = lines_table(rows=shop_lines(customers=30, days=200, seed=seed))
    known = value._known(ibis.memtable(lines), date(2025, 7, 20))
    learnt = from_text(as_text(value._learn(known, date(2025, 7, 20), 90)))
    every = value._estimated(learnt, known, date(2025, 7, 20), 90, 0.25)
    ids = [known.ids[place].as_py() for place in chosen if place < len(known.ids)]
    few = value._known(of_some(ibis.memtable(lines), ids), date(2025, 7, 20))
    some = value._estimated(learnt, few, date(2025, 7, 20), 90, 0.25)
    assert some.equals(every.filter(pc.is_in(every["customer_id"], pa.array(ids, pa.string()))))

"""What is known of a customer on a day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

import ibis
import ibis.expr.types as ir
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.factories.facts import Line, line, lines_table, products_table, shop_lines

from shengeng.sense.connect.contracts import LINES
from shengeng.understand.people import api as people
from shengeng.understand.people.contracts import PEOPLE

START = date(2025, 1, 6)  # a Monday
AS_OF = date(2025, 4, 30)
LATE = "late"


def at(day: date, hour: int = 9) -> datetime:
    return datetime.combine(day, time(hour))


def later(days: int, hour: int = 9) -> datetime:
    return at(START + timedelta(days=days), hour)


def tables(rows: Sequence[Line]) -> tuple[ir.Table, ir.Table]:
    return ibis.memtable(lines_table(rows=list(rows))), ibis.memtable(products_table())


def features_of(rows: Sequence[Line], as_of: date = AS_OF) -> pa.Table:
    lines, products = tables(rows)
    return people.features(lines, products, as_of).order_by("customer_id").to_pyarrow().cast(PEOPLE)


def only(rows: Sequence[Line], as_of: date = AS_OF) -> dict[str, Any]:
    found: list[dict[str, Any]] = features_of(rows, as_of).to_pylist()
    assert len(found) == 1
    return found[0]


@pytest.mark.parametrize(
    "rows",
    [
        pytest.param([], id="an empty shop"),
        pytest.param([line(None, later(1)), line(None, later(2))], id="every order is a guest's"),
        pytest.param([line("a", later(300))], id="every order is still to come"),
    ],
)
def test_a_shop_that_knows_nobody_gets_an_empty_table_of_the_right_shape(rows: list[Line]) -> None:
    table = features_of(rows)
    assert table.schema == PEOPLE
    assert table.num_rows == 0


def test_a_customer_of_one_order_has_no_rhythm_yet() -> None:
    row = only([line("a", later(2, 18), "p0001", total_minor=450)])
    assert (row["orders"], row["purchase_days"], row["spend_minor"]) == (1, 1, 450)
    assert row["first_on"] == row["last_on"] == START + timedelta(days=2)
    assert (row["age_days"], row["silent_days"]) == (112, 112)
    assert row["gap_mean_days"] is row["gap_median_days"] is row["gap_spread_days"] is None
    assert row["hours"] == [int(hour == 18) for hour in range(24)]
    assert row["weekdays"] == [0, 0, 1, 0, 0, 0, 0]
    assert row["months"] == [0] * 8 + [1, 0, 0, 0]
    assert row["departments"] == [{"name": "生鲜", "share": 1.0, "spend_minor": 450}]


def test_rhythm_is_of_days_not_of_orders() -> None:
    days = (0, 0, 4, 10, 20)
    rows = [line("a", later(day, 9 + i)) for i, day in enumerate(days)]
    row = only(rows)
    assert (row["orders"], row["purchase_days"]) == (5, 4)
    assert row["gap_median_days"] == 6
    assert row["gap_mean_days"] == pytest.approx(20 / 3)
    assert row["gap_spread_days"] == pytest.approx(3.0550504633)


def test_windows_end_on_the_day_itself() -> None:
    rows = [
        line("a", at(AS_OF - timedelta(days=back)), total_minor=100) for back in (0, 6, 7, 27, 28, 89, 90)
    ]
    row = only(rows)
    assert (row["orders_7"], row["orders_28"], row["orders_90"]) == (2, 4, 6)
    assert (row["spend_minor_7"], row["spend_minor_28"], row["spend_minor_90"]) == (200, 400, 600)


def test_a_return_lowers_spend_and_is_no_order() -> None:
    rows = [line("a", later(1), total_minor=1000), line("a", later(5), quantity=-1, total_minor=-250)]
    table = lines_table(rows=rows)
    kinds = pa.array(["sale" if quantity > 0 else "return" for quantity in table["quantity"].to_pylist()])
    table = table.set_column(LINES.get_field_index("kind"), "kind", kinds)
    found = people.features(ibis.memtable(table), ibis.memtable(products_table()), AS_OF)
    row = found.to_pyarrow().to_pylist()[0]
    assert (row["orders"], row["spend_minor"], row["last_on"]) == (1, 750, START + timedelta(days=1))
    assert row["return_share"] == 0.25


def test_a_cancelled_order_is_as_if_it_had_not_been() -> None:
    rows = [line("a", later(1)), line("a", later(5)), line("b", later(6))]
    table = lines_table(rows=rows)
    days = table["local_date"].to_pylist()
    kinds = pa.array(["sale" if day == START + timedelta(days=1) else "cancelled" for day in days])
    table = table.set_column(LINES.get_field_index("kind"), "kind", kinds)
    found = people.features(ibis.memtable(table), ibis.memtable(products_table()), AS_OF).to_pyarrow()
    assert found.equals(people.features(*tables(rows[:1]), AS_OF).to_pyarrow())


def test_a_discount_is_measured_against_the_list_price() -> None:
    rows = [replace(line("a", later(1), total_minor=800), list_minor=1000)]
    assert only(rows)["discount_share"] == pytest.approx(0.2)


def test_departments_are_ranked_by_money_and_unknown_products_have_none() -> None:
    rows = [
        line("a", later(1), f"p{p:04d}", line_no=p, total_minor=minor)
        for p, minor in ((1, 10), (3, 60), (0, 25))
    ]
    rows.append(line("a", later(1), "stranger", line_no=9, total_minor=5))
    found = [(d["name"], d["spend_minor"], d["share"]) for d in only(rows)["departments"]]
    assert found == [("粮油", 85, 0.85), ("生鲜", 10, 0.1), ("", 5, 0.05)]


shops = st.builds(
    shop_lines,
    customers=st.integers(1, 12),
    products=st.integers(3, 12),
    days=st.integers(1, 150),
    stores=st.integers(1, 3),
    guest_share=st.sampled_from([0.0, 0.3]),
    seed=st.integers(0, 100_000),
)


def check_refresh(rows: list[Line], before: date, after: date, touched: set[str | None]) -> None:
    """Refreshed features are those computed from scratch, bit for bit."""
    lines, products = tables(rows)
    known = [row for row in rows if row.order_id != LATE]
    found = people.refresh(
        ibis.memtable(features_of(known, before)),
        lines,
        products,
        touched={customer for customer in touched if customer},
        previous_as_of=before,
        as_of=after,
    )
    assert found.order_by("customer_id").to_pyarrow().cast(PEOPLE).equals(features_of(rows, after))


def new_buyers(rows: list[Line], before: date) -> set[str | None]:
    return {row.customer_id for row in rows if before < row.local_at.date()}


@settings(max_examples=4)
@given(shops, st.integers(0, 150))
def test_nothing_after_the_cut_changes_what_is_known(rows: list[Line], days: int) -> None:
    cut = START + timedelta(days=days)
    known = [row for row in rows if row.local_at.date() <= cut]
    assert features_of(rows, cut).equals(features_of(known, cut))


@settings(max_examples=6)
@given(shops, st.integers(0, 150), st.integers(0, 120))
def test_refreshing_what_moved_equals_computing_everything(rows: list[Line], days: int, longer: int) -> None:
    before = START + timedelta(days=days)
    check_refresh(rows, before, before + timedelta(days=longer), new_buyers(rows, before))


def test_a_late_order_of_a_touched_customer_is_refreshed_too() -> None:
    rows = shop_lines(customers=8, days=80, seed=3)
    before = START + timedelta(days=70)
    late = line("c0003", later(30, 23), "p0001", order_id=LATE)
    check_refresh([*rows, late], before, before + timedelta(days=2), new_buyers(rows, before) | {"c0003"})


@pytest.mark.parametrize(
    ("before", "after"), [(date(2025, 3, 31), date(2025, 4, 1)), (START, date(2026, 6, 1))]
)
def test_months_move_on_when_the_calendar_turns(before: date, after: date) -> None:
    rows = [line("a", later(day)) for day in (0, 3, 40, 84)]
    check_refresh(rows, before, after, new_buyers(rows, before))


@pytest.mark.slow
@settings(max_examples=150)
@given(shops, st.integers(0, 150), st.integers(0, 400), st.integers(0, 15), st.integers(0, 150))
def test_refreshing_equals_computing_in_many_shops(
    rows: list[Line], days: int, longer: int, customer: int, late_on: int
) -> None:
    before = START + timedelta(days=days)
    late = line(f"c{customer:04d}", later(late_on, 23), "p0001", order_id=LATE)
    shop = [*rows, late]
    check_refresh(
        shop, before, before + timedelta(days=longer), new_buyers(shop, before) | {late.customer_id}
    )

"""Why revenue moved from one week to the next."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import ibis
from hypothesis import given
from hypothesis import strategies as st
from tests.factories.facts import Line, line, lines_table, shop_lines

from shengeng.understand.people import api as people
from shengeng.understand.people.contracts import Change, Week
from shengeng.understand.people.methods import decompose, round_to_sum

AS_OF = date(2025, 1, 19)  # a Sunday
weeks = st.builds(
    Week,
    st.integers(1, 5000),
    st.integers(1, 9000),
    st.integers(1, 90_000),
    st.integers(0, 10**9),
    st.integers(-(10**6), 10**6),
)


def change(rows: list[Line]) -> Change:
    return people.weekly_change(ibis.memtable(lines_table(rows=rows)), AS_OF)


def bought(
    customer: str | None, back: int, minor: int = 1000, *, lines: int = 1, hour: int = 9
) -> list[Line]:
    moment = datetime.combine(AS_OF - timedelta(days=back), time(hour))
    return [line(customer, moment, f"p{n}", line_no=n, total_minor=minor) for n in range(lines)]


def parts(found: Change) -> dict[str, int]:
    return {part.key: part.change_minor for part in found.parts}


@given(weeks, weeks)
def test_the_parts_sum_to_the_change_exactly(before: Week, after: Week) -> None:
    found = decompose(before, after)
    wanted = after.sales_minor + after.other_minor - before.sales_minor - before.other_minor
    assert sum(found.values()) == wanted


@given(weeks, weeks)
def test_going_back_undoes_every_part(before: Week, after: Week) -> None:
    there, back = decompose(before, after), decompose(after, before)
    assert all(abs(there[key] + back[key]) <= 1 for key in there)


@given(weeks)
def test_a_week_like_the_one_before_has_nothing_to_explain(week: Week) -> None:
    assert set(decompose(week, week).values()) == {0}


def test_one_more_customer_like_the_others_is_all_customers() -> None:
    found = change(bought("a", 9) + bought("a", 2) + bought("b", 2))
    assert (found.revenue_minor, found.previous_minor) == (2000, 1000)
    assert parts(found) == {"customers": 1000, "frequency": 0, "basket": 0, "price": 0, "returns": 0}
    assert found.week_start == date(2025, 1, 13)


def test_a_second_visit_is_frequency_a_fuller_basket_is_basket_and_a_dearer_line_is_price() -> None:
    before = bought("a", 9)
    assert parts(change(before + bought("a", 2) + bought("a", 3)))["frequency"] == 1000
    assert parts(change(before + bought("a", 2, lines=2)))["basket"] == 1000
    assert parts(change(before + bought("a", 2, 3000)))["price"] == 2000


def test_guests_count_one_an_order() -> None:
    found = change(bought(None, 9) + bought(None, 2) + bought(None, 3))
    assert parts(found)["customers"] == 1000


def test_a_week_without_sales_is_explained_by_its_customers() -> None:
    assert parts(change(bought("a", 2)))["customers"] == 1000
    assert parts(change(bought("a", 9)))["customers"] == -1000
    assert set(parts(change([])).values()) == {0}


def test_a_made_up_shop_adds_up() -> None:
    found = change(shop_lines(customers=80, days=30))
    assert found.revenue_minor != found.previous_minor
    assert sum(parts(found).values()) == found.revenue_minor - found.previous_minor


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=8))
def test_rounding_keeps_the_sum_and_stays_within_one(values: list[float]) -> None:
    total = round(sum(values))
    found = round_to_sum(values, total)
    assert sum(found) == total
    assert all(abs(whole - part) <= 1 for whole, part in zip(found, values, strict=True))

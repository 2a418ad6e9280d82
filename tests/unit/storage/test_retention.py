"""Which days of an estimate stay."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from shengeng.storage.retention import kept_days

days = st.sets(st.dates(date(2020, 1, 1), date(2022, 12, 31)), max_size=60)


@given(days)
def test_the_newest_eight_and_each_months_last_stay(found: set[date]) -> None:
    kept = kept_days(found)
    assert set(sorted(found)[-8:]) <= kept <= found
    for day in found - kept:
        assert any(other > day and (other.year, other.month) == (day.year, day.month) for other in kept)


@given(days)
def test_forgetting_twice_forgets_no_more(found: set[date]) -> None:
    assert kept_days(kept_days(found)) == kept_days(found)


def test_a_year_of_days_leaves_its_month_ends_and_the_last_week() -> None:
    year = {date(2021, 1, 1) + timedelta(days=i) for i in range(365)}
    assert len(kept_days(year)) == 11 + 8

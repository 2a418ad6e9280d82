"""Intervals of sums: adding, taking away, sharing."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shengeng.decide.ledger.methods import NOTHING, minus, plus, share, total
from shengeng.kernel.units import Interval

amounts = st.floats(-1e9, 1e9)
widths = st.floats(0, 1e9)


@st.composite
def intervals(draw: st.DrawFn) -> Interval:
    mid, below, above = draw(amounts), draw(widths), draw(widths)
    return Interval(mid - below, mid, mid + above)


def close(one: Interval, other: Interval, *beside: Interval) -> bool:
    scale = max(1.0, *(abs(v) for i in (one, other, *beside) for v in (i.low, i.mid, i.high)))
    return all(
        math.isclose(a, b, abs_tol=1e-4 * scale)
        for a, b in ((one.low, other.low), (one.mid, other.mid), (one.high, other.high))
    )


@given(intervals(), intervals())
def test_a_sum_is_less_uncertain_than_its_parts_side_by_side(one: Interval, other: Interval) -> None:
    both = plus(one, other)
    apart = (one.high - one.low) + (other.high - other.low)
    assert both.high - both.low <= apart * (1 + 1e-9) + 1e-6
    assert both.low <= both.mid <= both.high


@given(intervals(), intervals())
def test_taking_away_what_was_added_gives_back_the_rest(one: Interval, other: Interval) -> None:
    assert close(minus(plus(one, other), other), one, other)


@given(st.permutations([Interval(-3, 1, 2), Interval(0, 5, 9), Interval(2, 2, 2)]))
def test_the_order_of_a_sum_does_not_matter(parts: list[Interval]) -> None:
    assert close(total(parts), total(parts[::-1]))


def test_nothing_adds_nothing() -> None:
    assert total([]) == NOTHING
    assert plus(Interval(1, 2, 4), NOTHING) == Interval(1, 2, 4)


def test_two_equal_independent_parts_widen_by_the_root_of_two() -> None:
    both = plus(Interval(90, 100, 110), Interval(90, 100, 110))
    assert both.mid == 200
    assert both.high - both.mid == pytest.approx(10 * math.sqrt(2))


def test_a_quarter_of_a_sum_has_half_its_width() -> None:
    quarter = share(Interval(60, 100, 140), 25)
    assert (quarter.low, quarter.mid, quarter.high) == pytest.approx((5, 25, 45))


@given(intervals(), st.floats(-1, 2))
def test_a_share_is_never_wider_than_the_whole(whole: Interval, part: float) -> None:
    got = share(whole, part * whole.mid)
    assert got.high - got.low <= (whole.high - whole.low) * (1 + 1e-9) + 1e-6

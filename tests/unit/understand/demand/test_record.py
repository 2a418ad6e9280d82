"""The record: weeks are forecast by models that had not seen them, and read as such weeks really ended."""

from __future__ import annotations

from dataclasses import replace

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import given

from shengeng.kernel.units import Floats
from shengeng.understand.demand.methods.draws import negbin_quantiles, outcomes
from shengeng.understand.demand.methods.features import Shop, kin_units
from shengeng.understand.demand.methods.lessons import TARGET_WEEKS, Lessons, lessons_of
from shengeng.understand.demand.methods.record import (
    RECORD_WEEKS,
    Reading,
    learn_honestly,
    level_reached,
    unseen_weeks,
)

WEEKS = 45


def shop(surge: float = 1.0) -> Shop:
    """400 steady products; in the last four weeks they sell `surge` times as much."""
    rng = np.random.default_rng(11)
    mean = rng.uniform(2, 15, 400)[:, None] * np.where(np.arange(WEEKS) >= WEEKS - 4, surge, 1.0)
    units = rng.poisson(mean).astype(np.float64)
    return Shop(units, 100 * units, np.zeros((1, 400, WEEKS + 1)), np.zeros(400, dtype=np.int64))


def lessons(of: Shop) -> Lessons:
    return lessons_of(of, kin_units(of), 1, 1, TARGET_WEEKS + RECORD_WEEKS)


def test_the_record_covers_the_last_weeks_in_blocks_oldest_first() -> None:
    covered = [sorted(set(week.target.tolist())) for week, _ in unseen_weeks(lessons(shop()), 1)]
    assert covered == [list(range(first, first + 4)) for first in range(WEEKS - RECORD_WEEKS, WEEKS, 4)]


def test_what_came_in_a_block_does_not_move_what_was_said_of_it() -> None:
    rows = lessons(shop())
    last = rows.target >= WEEKS - 4
    other = replace(rows, came=np.where(last, 50 * rows.came, rows.came))
    said, again = (list(unseen_weeks(r, 1)) for r in (rows, other))
    assert len(said) == RECORD_WEEKS // 4
    for (_, before), (_, after) in zip(said, again, strict=True):
        assert before.tolist() == after.tolist()


def test_weeks_that_end_as_said_are_read_as_said() -> None:
    rng = np.random.default_rng(2)
    mean, spread = rng.uniform(0.5, 30, 20_000), np.full(20_000, 0.3)
    came = rng.negative_binomial(1 / 0.3, 1 / (1 + 0.3 * mean)).astype(np.float64)
    reached = level_reached(mean, spread, came, rng)
    assert np.quantile(reached, [0.1, 0.5, 0.9]) == pytest.approx([0.1, 0.5, 0.9], abs=0.01)


levels = st.lists(st.floats(0.001, 0.999), min_size=1, max_size=40)


@given(levels, st.floats(0.1, 40), st.floats(0, 40))
def test_weeks_that_ended_lower_never_raise_an_outcome(found: list[float], mean: float, last: float) -> None:
    high, low = np.sort(np.array(found)), np.sort(np.array(found)) / 2
    said = np.array([mean]), np.array([0.4]), np.array([last])
    whole, halved = (outcomes(*said, Reading((reached,) * 25), 60) for reached in (high, low))
    assert (halved <= whole).all()
    assert (np.diff(whole, axis=1) >= 0).all()


def test_a_shop_that_keeps_to_what_is_said_is_left_nearly_alone() -> None:
    learned = learn_honestly(lessons(shop()), 1)
    mean, spread, last = np.full(3, 8.0), np.full(3, 0.1), np.full(3, 8.0)
    read = outcomes(mean, spread, last, learned.reading, 100)
    said = negbin_quantiles(mean, spread, (np.arange(100) + 0.5) / 100)
    assert read.mean() == pytest.approx(said.mean(), rel=0.1)


def test_without_enough_weeks_all_is_as_said() -> None:
    few = lessons(shop()).between(0, 20)
    learned = learn_honestly(few.only(np.arange(len(few.came)) < 450), 1)
    at: Floats = np.array([0.1, 0.9])
    assert learned.reading.levels(0, at).tolist() == at.tolist()

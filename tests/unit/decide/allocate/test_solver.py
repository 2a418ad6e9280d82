"""The knapsack's laws: within every limit, below its proof, near the best that whole choices can do."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from shengeng.decide.allocate.methods.choice import NOTHING, Allocation, allocate
from shengeng.decide.allocate.methods.prices import Options, bound
from shengeng.kernel.units import Floats

ROUNDING = 1e-9


def problem(seed: int, customers: int, each: int, limits: int, *, room: float = 0.3) -> Options:
    """Random values and uses; each limit has room for about this share of what everybody could take."""
    rng = np.random.default_rng(seed)
    owner = np.repeat(np.arange(customers), each)
    size = rng.uniform(0.2, 2.0, (len(owner), limits)) * (rng.random((len(owner), limits)) < 0.7)
    value = rng.normal(1.0, 1.0, len(owner)) * (0.3 + size.sum(axis=1))
    return Options(owner, value, size / np.maximum(room * size.sum(axis=0) / each, 1e-9))


def best_of_all(options: Options) -> float:
    """The whole-number optimum, by trying everything."""
    mine = [np.flatnonzero(options.customer == c).tolist() for c in range(len(options.starts))]
    best = 0.0
    for chosen in product(*([NOTHING, *places] for places in mine)):
        rows = [row for row in chosen if row != NOTHING]
        if np.all(options.use[rows].sum(axis=0) <= 1.0 + ROUNDING):
            best = max(best, float(options.value[rows].sum()))
    return best


def relaxed(options: Options) -> float:
    """The linear relaxation's optimum, by HiGHS."""
    one = (options.customer == np.arange(len(options.starts))[:, None]).astype(np.float64)
    table = np.vstack([options.use.T, one])
    found = linprog(-options.value, A_ub=table, b_ub=np.ones(len(table)), bounds=(0, None), method="highs")
    assert found.status == 0
    assert found.fun is not None
    return -float(found.fun)


def used(options: Options, found: Allocation) -> Floats:
    """(limit,) share of each limit that the choices take."""
    return np.asarray(options.use[found.pick[found.pick != NOTHING]].sum(axis=0), dtype=np.float64)


shapes = st.tuples(st.integers(0, 10**6), st.integers(1, 40), st.integers(1, 5), st.integers(0, 4))


@settings(max_examples=80)
@given(shapes, st.floats(0.02, 3.0))
def test_no_limit_is_passed_and_the_proof_is_never_beaten(
    shape: tuple[int, int, int, int], room: float
) -> None:
    options = problem(*shape, room=room)
    found = allocate(options)
    assert np.all(used(options, found) <= 1.0 + ROUNDING)
    assert found.left == pytest.approx(1.0 - used(options, found), abs=ROUNDING)
    chosen = found.pick[found.pick != NOTHING]
    assert found.value == pytest.approx(float(options.value[chosen].sum()))
    assert found.value <= found.priced.bound * (1 + ROUNDING) + ROUNDING
    assert np.all(options.value[chosen] > 0.0)
    assert np.all(found.priced.price >= 0.0)
    # One option each, and their own.
    assert np.all(options.customer[chosen] == np.flatnonzero(found.pick != NOTHING))


@settings(max_examples=60)
@given(st.integers(0, 10**6), st.integers(1, 5), st.integers(1, 3), st.integers(1, 3), st.floats(0.1, 2.0))
def test_trying_everything_never_beats_the_bound_nor_falls_behind_the_choice(
    seed: int, customers: int, each: int, limits: int, room: float
) -> None:
    options = problem(seed, customers, each, limits, room=room)
    found, best = allocate(options), best_of_all(options)
    assert found.value <= best + ROUNDING <= found.priced.bound + 1e-6 + ROUNDING


def test_on_tiny_problems_the_choice_is_mostly_the_very_best() -> None:
    # Five customers are where rounding hurts most: the gap falls with customers per limit.
    both = [(allocate(o).value, best_of_all(o)) for o in (problem(s, 5, 3, 2, room=0.4) for s in range(100))]
    ours, best = np.array(both).T
    assert np.mean(ours >= best - ROUNDING) >= 0.6
    assert ours.sum() / best.sum() >= 0.96


@settings(max_examples=40)
@given(st.integers(0, 10**6), st.integers(1, 60), st.floats(1.0, 5.0))
def test_more_of_a_limit_is_never_worth_less_than_what_is_certified(
    seed: int, customers: int, more: float
) -> None:
    tight = problem(seed, customers, 4, 3)
    wide = tight._replace(use=tight.use * np.array([1.0 / more, 1.0, 1.0]))
    before, after = allocate(tight), allocate(wide)
    missing = after.priced.bound - after.value
    assert after.value >= before.value - missing - 1e-6
    # The old price pays for what the limit's growth can bring at most.
    growth = before.priced.price[0] * (more - 1.0)
    assert bound(wide, before.priced.price * [more, 1.0, 1.0]) == pytest.approx(before.priced.bound + growth)


@pytest.mark.parametrize("seed", range(3))
def test_the_bound_is_the_linear_relaxation_of_highs(seed: int) -> None:
    options = problem(seed, 300, 4, 5, room=0.15)
    found, exact = allocate(options), relaxed(options)
    assert found.priced.bound == pytest.approx(exact, rel=2e-4)
    assert found.priced.bound >= exact * (1 - 1e-9)
    # A basic solution of the relaxation splits at most one customer a limit: that is what whole choices lose.
    assert found.value >= exact - 5 * options.value.max()
    assert found.value >= exact * (1 - 0.015)


def test_many_customers_leave_next_to_nothing_to_an_exact_solver() -> None:
    found = allocate(problem(5, 8_000, 5, 4, room=0.2))
    assert 0.0 <= found.gap <= 1e-4


def test_nobody_to_choose_from_is_an_empty_choice() -> None:
    found = allocate(Options(np.zeros(0, np.int64), np.zeros(0), np.zeros((0, 3))))
    assert (len(found.pick), found.value, found.gap, found.left.tolist()) == (0, 0.0, 0.0, [1.0, 1.0, 1.0])


def test_losses_are_never_chosen() -> None:
    options = problem(1, 20, 3, 2)
    found = allocate(options._replace(value=-np.abs(options.value)))
    assert np.all(found.pick == NOTHING)
    assert found.value == 0.0


def test_a_limit_that_nothing_fits_leaves_everybody_alone() -> None:
    options = problem(2, 20, 3, 1)
    found = allocate(options._replace(use=np.full((60, 1), 7.0)))
    assert np.all(found.pick == NOTHING)
    assert found.left.tolist() == [1.0]


def test_what_takes_nothing_is_given_to_everybody_whom_it_helps() -> None:
    options = problem(3, 30, 2, 2)
    found = allocate(options._replace(use=np.zeros_like(options.use)))
    best = np.maximum.reduceat(options.value, options.starts)
    assert found.value == pytest.approx(float(np.maximum(best, 0.0).sum()))
    assert found.gap == pytest.approx(0.0, abs=1e-12)


def test_equal_customers_share_a_limit_to_its_last_place() -> None:
    owner = np.repeat(np.arange(50), 3)
    found = allocate(Options(owner, np.ones(150), np.full((150, 1), 1 / 20)))
    assert found.value == 20.0
    assert found.left == pytest.approx([0.0])


def test_one_customer_gets_the_best_that_fits() -> None:
    found = allocate(
        Options(np.zeros(3, np.int64), np.array([1.0, 5.0, 3.0]), np.array([[0.1], [1.5], [0.9]]))
    )
    assert found.pick.tolist() == [2]


def test_the_same_question_has_the_same_answer() -> None:
    one, other = allocate(problem(9, 500, 4, 3)), allocate(problem(9, 500, 4, 3))
    assert np.array_equal(one.pick, other.pick)

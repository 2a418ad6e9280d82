"""TIFUKNN against a case worked out by hand from Hu et al. (SIGIR 2020), eq. 2 to 6."""

from __future__ import annotations

import numpy as np
import pytest

from shengeng.understand.affinity.methods.history import History, history
from shengeng.understand.affinity.methods.tifuknn import Tifu, scores, vectors

# Group size 2, within 0.5, between 0.1, one neighbour, own share 0.75.
SETTINGS = Tifu(group_size=2, within=0.5, between=0.1, neighbours=1, own=0.75)


@pytest.fixture
def shop() -> History:
    """Anna: {A}, {A, B}, {B}; Bert: {A, C}; Cleo: {D}, {D}. Products A to D are 0 to 3."""
    rows = [
        (0, 0, 0),
        (0, 0, 1),
        (0, 1, 1),
        (0, 1, 2),
        (1, 0, 3),
        (1, 2, 3),
        (2, 3, 4),
        (2, 3, 5),
    ]
    customer, product, basket = (np.array(column, dtype=np.int64) for column in zip(*rows, strict=True))
    none = np.zeros(4, dtype=np.int64)
    return history(customer, product, basket, basket.copy(), category=none, group=none)


def test_vectors_are_the_papers(shop: History) -> None:
    """Anna's groups are {1st} and {2nd, 3rd}: A = (0.1 x 1 / 1 + 1 x 0.5 / 2) / 2, B = (0.5 + 1) / 2 / 2."""
    expected = [
        [0.175, 0.375, 0.0, 0.0],
        [1.0, 0.0, 1.0, 0.0],
        [0.0, 0.0, 0.0, 0.75],
    ]
    np.testing.assert_allclose(vectors(shop, SETTINGS).toarray(), expected)


def test_scores_mix_own_and_nearest(shop: History) -> None:
    """Anna is nearest to Cleo (0.857 against 1.350), Bert to Anna (1.350 against 1.601), Cleo to Anna.

    Distances: Anna to Cleo sqrt(.175^2 + .375^2 + .75^2), Anna to Bert sqrt(.825^2 + .375^2 + 1).
    """
    ((who, found),) = scores(shop, SETTINGS, np.arange(3))
    assert who.tolist() == [0, 1, 2]
    expected = [
        [0.75 * 0.175, 0.75 * 0.375, 0.0, 0.25 * 0.75],
        [0.75 + 0.25 * 0.175, 0.25 * 0.375, 0.75, 0.0],
        [0.25 * 0.175, 0.25 * 0.375, 0.0, 0.75 * 0.75],
    ]
    np.testing.assert_allclose(found, expected)


def test_one_customer_alone_has_no_neighbours(shop: History) -> None:
    alone = shop.only(shop.customer == 0)
    alone = history(
        alone.customer, alone.product, alone.basket, alone.day, category=shop.category, group=shop.group
    )
    ((_, found),) = scores(alone, SETTINGS, np.array([0]))
    np.testing.assert_allclose(found, [[0.75 * 0.175, 0.75 * 0.375, 0.0, 0.0]])

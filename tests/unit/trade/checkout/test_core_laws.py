"""Whatever buyers, payers, operators and the clock do in whatever order: nothing is sold twice, money and
totals add up, a key is one order, and what was cancelled comes back exactly once."""

from __future__ import annotations

import pytest
from tests.unit.trade.checkout.core_machine import open_core, walk

from shengeng.storage.stores import Stores


def test_the_core_keeps_its_laws(stores: Stores) -> None:
    open_core(stores)
    walk(stores, walks=5, steps=20)


@pytest.mark.slow
def test_the_core_keeps_its_laws_for_long(stores: Stores) -> None:
    open_core(stores)
    walk(stores, walks=150, steps=50)

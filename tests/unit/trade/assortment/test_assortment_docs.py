"""The worked example of docs/assortment.md runs."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

from shengeng.govern.shop import api as shop
from shengeng.kernel.roles import SHELL
from shengeng.kernel.words import Words
from shengeng.storage.stores import Stores
from shengeng.trade.assortment import api
from shengeng.trade.assortment.contracts import Price, Repricing, Rounding
from shengeng.trade.catalogue.contracts import Browse, ProductDraft, VariantDraft

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
PAGE = Path(__file__).parents[4] / "docs/assortment.md"


def test_the_example_runs(stores: Stores) -> None:
    example = re.search(r"```python\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    assert example
    names = {"api": api, "Price": Price, "Repricing": Repricing, "Rounding": Rounding, "Words": Words}
    names |= {"Browse": Browse, "ProductDraft": ProductDraft, "VariantDraft": VariantDraft}
    with stores.rows.unit() as uow:
        shop.set_profile(uow, SHELL, NOW, name="小店", timezone="Asia/Shanghai", currency="CNY")
        exec(example[1], names | {"uow": uow, "who": SHELL, "now": NOW})

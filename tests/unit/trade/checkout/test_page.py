"""The page's worked example runs as it stands."""

from __future__ import annotations

import re
from pathlib import Path

from tests.factories.selling import HOME, NOW, Sold, open_selling

from shengeng.kernel.shoppers import Shopper
from shengeng.storage.stores import Stores
from shengeng.trade.checkout import api as checkout
from shengeng.trade.checkout.contracts import Wish
from shengeng.trade.orders import api as orders
from shengeng.trade.orders.contracts import Contact
from shengeng.trade.stock import api as stock


def test_the_worked_example_of_the_page_runs(stores: Stores) -> None:
    open_selling(stores, Sold("tea", 1_000, {"store": 5}))
    page = Path(__file__).parents[4] / "docs/orders.md"
    example = re.search(r"```python\n(.*?)```", page.read_text("utf-8"), re.DOTALL)
    assert example is not None
    names = {"checkout": checkout, "orders": orders, "stock": stock, "Shopper": Shopper, "Wish": Wish}
    with stores.rows.unit() as uow:
        exec(example[1], {"uow": uow, "now": NOW, "home": HOME, "Contact": Contact, **names})

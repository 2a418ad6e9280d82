"""The made-up shop of the scenes, in the lake."""

from __future__ import annotations

import pytest
from tests.factories.decisions import ADMIN, NOW
from tests.factories.facts import lines_table
from tests.factories.scenes import LAST, scene_customers, scene_lines, scene_products

from shengeng.govern.shop import api as shop
from shengeng.storage.stores import Stores


@pytest.fixture
def facts(stores: Stores) -> Stores:
    with stores.rows.unit() as uow:
        stores.lake.append(uow, "lines", lines_table(rows=list(scene_lines())), partition="shop")
        stores.lake.append(uow, "products", scene_products(), partition="shop")
        stores.lake.append(uow, "customers", scene_customers(1), partition="shop")
        shop.set_profile(uow, ADMIN, NOW, name="Made up", timezone="Asia/Shanghai", currency="CNY")
        shop.advance(uow, LAST)
    return stores

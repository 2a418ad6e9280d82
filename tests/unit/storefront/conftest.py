"""The storefront of a fresh shop."""

from __future__ import annotations

import pytest
from tests.factories.storefront import Shopfront, open_shopfront

from shengeng.storage.stores import Stores


@pytest.fixture
def front(stores: Stores) -> Shopfront:
    """A storefront over a migrated, empty shop."""
    return open_shopfront(stores)

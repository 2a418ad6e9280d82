"""The door of a fresh shop."""

from __future__ import annotations

import pytest
from tests.factories.door import Door, open_door

from shengeng.storage.stores import Stores


@pytest.fixture
def door(stores: Stores) -> Door:
    """An application over a migrated, empty shop."""
    return open_door(stores)

"""One furnished shop for all calls of a module: what they do to it is part of the test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from tests.factories.contract import Scene, furnish, open_scene
from tests.factories.kept import Keep

from shengeng.kernel.settings import Settings
from shengeng.storage.embedded import Server
from shengeng.storage.stores import open_stores


@pytest.fixture(scope="module")
def scene(keep: Keep, server: Server) -> Iterator[Scene]:
    """Both doors of a furnished shop."""
    kept = keep(furnish)
    settings = Settings(home=kept.home, memory_limit="512MB", threads=2)
    with open_stores(settings, server.url(kept.database)) as stores:
        yield open_scene(stores)

"""What the composition root hands to the command line, so that no command picks an engine itself."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

from shengeng.kernel.settings import Settings
from shengeng.storage.stores import Stores


@dataclass(frozen=True, slots=True)
class Composition:
    """The doors' way in: settings of this environment, the opened shop, the server, the logs."""

    settings: Callable[[], Settings]
    open: Callable[[Settings], AbstractContextManager[Stores]]
    web: Callable[[Stores], Any]
    openapi: Callable[[], str]
    logs: Callable[[Settings], None]

"""What the composition root hands to the command line, so that no command picks an engine itself."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from shengeng.kernel.settings import Settings
from shengeng.storage.stores import Stores

if TYPE_CHECKING:
    from sqlalchemy import URL


@dataclass(frozen=True, slots=True)
class Composition:
    """The doors' way in: settings of this environment, the opened shop, the servers, the logs.

    open_half: a shop whose restore is still to be finished. database: a home's database as it stands, not
    migrated. programs: the folder of PostgreSQL's own programs. forget_again: applies a list of
    erasures to a restored shop; returns how many people it erased.
    """

    settings: Callable[[], Settings]
    open: Callable[[Settings], AbstractContextManager[Stores]]
    web: Callable[[Stores], Any]
    storefront: Callable[[Stores], Any]
    openapi: Callable[[], str]
    logs: Callable[[Settings], None]
    open_half: Callable[[Settings], AbstractContextManager[Stores]]
    database: Callable[[Settings], AbstractContextManager[URL | str]]
    programs: Callable[[], Path]
    forget_again: Callable[[Stores, Path | None], int]

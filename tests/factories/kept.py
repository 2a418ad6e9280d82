"""Shops that are made once for a module, and copied for each test of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from shengeng.storage.stores import Stores


@dataclass(frozen=True, slots=True)
class Kept:
    """A shop that was made once: the name of its database, and its home."""

    database: str
    home: Path


Keep = Callable[[Callable[[Stores], object]], Kept]
Reopen = Callable[[Kept], Stores]

"""What a capability of the strategy is, with the honest words about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Status = Literal["working", "partly", "not_built"]
Words = tuple[str, str]  # Chinese, English


@dataclass(frozen=True, slots=True)
class Capability:
    """One capability: what it is for, how far it is built, its screen, and the figure we measure for it."""

    id: str
    title: Words
    what: Words
    status: Status = "not_built"
    screen: str | None = None
    now: Words | None = None
    reported: Words | None = None
    measures: str | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """A heading of the strategy."""

    id: str
    title: Words
    capabilities: tuple[Capability, ...]

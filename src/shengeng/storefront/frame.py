"""What stands around every page: departments, the basket's count, the key under which behaviour is told."""

from __future__ import annotations

from dataclasses import dataclass

from shengeng.storefront.asking import Scene


@dataclass(frozen=True, slots=True)
class Frame:
    """The frame of one page. sample: the shop shows sample goods; event_key: empty where nothing is kept."""

    categories: tuple[object, ...]
    count: int
    sample: bool
    tax_inclusive: bool
    event_key: str


def frame(scene: Scene) -> Frame:
    """The frame of a request."""
    key = getattr(scene.request.app.state, "event_key", "")
    return Frame((), 0, True, True, key)

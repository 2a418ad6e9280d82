"""Departments and what is below them, asked for once a request."""

from __future__ import annotations

from collections.abc import Sequence

from shengeng.storefront.asking import Scene
from shengeng.trade.catalogue import api as catalogue
from shengeng.trade.catalogue.contracts import Category


def categories(scene: Scene) -> list[Category]:
    """Every category; asked once a request."""
    known: list[Category] | None = getattr(scene.request.state, "categories", None)
    if known is None:
        known = catalogue.categories(scene.uow)
        scene.request.state.categories = known
    return known


def above(scene: Scene, category_id: str | None) -> list[str]:
    """A category and those that it stands in."""
    every = {each.category_id: each for each in categories(scene)}
    found: list[str] = []
    while category_id in every and category_id not in found:
        found.append(category_id)
        category_id = every[category_id].parent_id
    return found


def departments(every: Sequence[Category]) -> list[Category]:
    """The categories at the top."""
    return [each for each in every if each.parent_id is None]

"""What pricing reads of the catalogue and tells it."""

from __future__ import annotations

import importlib
from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from shengeng.storage.rows import UnitOfWork


def _catalogue() -> Any:
    return importlib.import_module("shengeng.trade.catalogue.api")


def variants(uow: UnitOfWork, skus: Collection[str]) -> Mapping[str, Any]:
    """The variants of the catalogue, by sku."""
    found: Mapping[str, Any] = _catalogue().variants(uow, skus)
    return found


def channel(uow: UnitOfWork, channel_id: str) -> Any:
    """A channel of the catalogue; refuses one that is not there."""
    return _catalogue().channel(uow, channel_id)


def skus_of(uow: UnitOfWork, product_ids: Collection[str]) -> Mapping[str, str]:
    """The product of every sku of these products."""
    found: Mapping[str, str] = _catalogue().skus_of(uow, product_ids)
    return found


def price_shown(uow: UnitOfWork, shown: Mapping[str, int]) -> None:
    """Tell the catalogue the lowest price of products, for sorting and filters."""
    _catalogue().price_shown(uow, shown)

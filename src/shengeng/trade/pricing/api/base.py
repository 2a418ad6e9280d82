"""What one unit costs in a channel's base list: read and written for many variants at once."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from shengeng.govern.audit import api as audit
from shengeng.kernel.roles import Principal, Role, require
from shengeng.trade.catalogue import api as catalogue
from shengeng.trade.pricing import store
from shengeng.trade.pricing.api.price_lists import set_prices, show
from shengeng.trade.pricing.contracts import PriceSet

if TYPE_CHECKING:
    from shengeng.storage.rows import UnitOfWork


def base_prices(
    uow: UnitOfWork, channel_id: str, skus: Collection[str], *, held: bool = False
) -> Mapping[str, PriceSet]:
    """The base price of one unit of each variant that has one; held: nobody changes it meanwhile."""
    return store.base_rows.of_skus(uow, channel_id, skus, held=held) if skus else {}


def set_base_prices(
    uow: UnitOfWork, who: Principal, channel_id: str, wanted: Mapping[str, PriceSet | None], now: datetime
) -> None:
    """Set the base prices of variants, or take them away where None is given (operator).

    Refuses what `set_prices` refuses; a variant without any price is not sold.
    """
    require(who, Role.OPERATOR)
    told = [one for one in wanted.values() if one is not None]
    if told:
        set_prices(uow, who, channel_id, told, now)
    gone = store.base_rows.remove(uow, channel_id, [sku for sku, one in wanted.items() if one is None])
    if gone:
        touched = catalogue.variants(uow, gone)
        show(uow, channel_id, {one.product_id for one in touched.values()}, now)
        detail: dict[str, audit.Plain] = {"prices": len(gone), "first": min(gone)}
        audit.record(uow, at=now, actor=who.name, action="prices.removed", target=channel_id, detail=detail)

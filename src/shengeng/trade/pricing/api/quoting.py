"""What things cost now, and what a basket costs and why."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from shengeng.trade.catalogue import api as catalogue
from shengeng.trade.catalogue.contracts import Channel, Variant
from shengeng.trade.pricing import methods, store
from shengeng.trade.pricing.api.codes import open_codes
from shengeng.trade.pricing.contracts import (
    BAD_ASK,
    CODES_MOST,
    LINES_MOST,
    NO_PRICE,
    NO_VARIANT,
    PRICE_MOST,
    QUANTITY_MOST,
    Ask,
    AskLine,
    ListPrice,
    Policy,
    Price,
    Promotion,
    Quote,
    RefusedCode,
)

if TYPE_CHECKING:
    from shengeng.storage.rows import UnitOfWork


# The tax class of the delivery fee, where a channel states a rate of its own for it.
_DELIVERY, _STANDARD = "delivery", "standard"


@dataclass(frozen=True, slots=True)
class Shelf:
    """What the catalogue and the price lists say of some variants at a moment, to a tier: read once."""

    channel: Channel
    tier: str | None
    variants: Mapping[str, Variant]
    entries: Mapping[str, Sequence[ListPrice]]
    prices: Mapping[str, Price]


def shelf(
    uow: UnitOfWork, channel_id: str, skus: Collection[str], now: datetime, tier: str | None = None
) -> Shelf:
    """Variants and prices for whoever looks at both and then asks for a quote: three statements."""
    channel, variants = catalogue.channel(uow, channel_id), catalogue.variants(uow, skus)
    entries = store.price_rows.current(uow, channel_id, skus, now, tier)
    return Shelf(channel, tier, variants, entries, _prices(uow, channel_id, entries, now))


def prices(
    uow: UnitOfWork, channel_id: str, skus: Collection[str], now: datetime, tier: str | None = None
) -> Mapping[str, Price]:
    """The price of one unit of each variant that has one; others are left out.

    What it is compared with is at most the lowest price of the 30 days before (methods.proven).
    """
    return _prices(uow, channel_id, store.price_rows.current(uow, channel_id, skus, now, tier), now)


def _prices(
    uow: UnitOfWork, channel_id: str, found: Mapping[str, Sequence[ListPrice]], now: datetime
) -> Mapping[str, Price]:
    best = {sku: price for sku, entries in found.items() if (price := methods.best_price(entries, 1))}
    compared = [sku for sku, (_, before) in best.items() if before is not None]
    moves = store.price_moves.of_skus(uow, channel_id, compared) if compared else {}
    return {
        sku: Price(minor, methods.proven(minor, before, moves.get(sku, ()), now))
        for sku, (minor, before) in best.items()
    }


def quote(uow: UnitOfWork, ask: Ask, now: datetime, known: Shelf | None = None) -> Quote:
    """What a basket costs now, with every discount and its reasons; nothing is held by it.

    known: what this transaction has read of these variants at this moment. Refuses a variant that is not
    there or has no price in the channel, and quantities out of bounds.
    """
    return _quote(uow, ask, now, (), known=known)


def simulate(
    uow: UnitOfWork, ask: Ask, now: datetime, also: Sequence[UUID] = (), policy: Policy | None = None
) -> Quote:
    """The same for people of the shop, as if the promotions `also` (drafts, paused) were running.

    policy: as if the channel had this one.
    """
    return _quote(uow, ask, now, also, policy)


def _quote(
    uow: UnitOfWork,
    ask: Ask,
    now: datetime,
    also: Sequence[UUID],
    policy: Policy | None = None,
    *,
    known: Shelf | None = None,
) -> Quote:
    _check(ask)
    if known is None:
        known = shelf(uow, ask.channel_id, {line.sku for line in ask.lines}, now, ask.tier)
    assert (known.channel.channel_id, known.tier) == (ask.channel_id, ask.tier), "read for somebody else"
    channel, goods = known.channel, _goods(ask, known)
    policy = policy or store.price_rows.policy(uow, ask.channel_id)
    opened, refused = open_codes(uow, ask, policy.coupons, now)
    running = store.promotion_rows.running(uow, ask.channel_id, now, list(opened), also)
    offers, over = _offers(uow, ask, running, opened)
    basket = methods.Basket(
        goods, ask.delivery_minor, methods.Buyer(ask.tier, ask.first_order), policy, channel.currency
    )
    rates = channel.tax_rates
    market = methods.Market(
        channel.channel_id,
        channel.currency,
        channel.tax_inclusive,
        rates.get(_DELIVERY, rates.get(_STANDARD, 0)),
    )
    applied = methods.stack(basket, offers)
    return methods.total_up(market, goods, applied, ask.delivery_minor, (*refused, *over))


def _check(ask: Ask) -> None:
    bounds = [
        ("lines", len(ask.lines), 0, LINES_MOST),
        ("codes", len(ask.codes), 0, CODES_MOST),
        ("delivery_minor", ask.delivery_minor, 0, PRICE_MOST),
        *(("quantity", line.quantity, 1, QUANTITY_MOST) for line in ask.lines),
        ("line_no", len({line.line_no for line in ask.lines}), len(ask.lines), len(ask.lines)),
    ]
    for what, value, low, high in bounds:
        if not low <= value <= high:
            raise BAD_ASK.error(what=what, value=value, limit=f"{low}..{high}")


def _goods(ask: Ask, known: Shelf) -> tuple[methods.Good, ...]:
    """The lines with what pricing must know of each, in the order in which they are reckoned."""
    variants, entries = known.variants, known.entries
    units: dict[str, int] = {}
    for line in ask.lines:
        units[line.sku] = units.get(line.sku, 0) + line.quantity
    return methods.in_order(
        _good(line, variants.get(line.sku), entries.get(line.sku, ()), units[line.sku], known.channel)
        for line in ask.lines
    )


def _good(
    line: AskLine, variant: Variant | None, entries: Sequence[ListPrice], units: int, channel: Channel
) -> methods.Good:
    if variant is None or not variant.sellable:
        raise NO_VARIANT.error(sku=line.sku)
    best = methods.best_price(entries, units)
    if best is None:
        raise NO_PRICE.error(sku=line.sku, channel=channel.channel_id)
    return methods.Good(
        line_no=line.line_no,
        sku=line.sku,
        quantity=line.quantity,
        product_id=variant.product_id,
        seller_id=variant.seller_id,
        categories=frozenset(variant.category_ids),
        list_unit_minor=methods.list_price(entries, units),
        unit_minor=best[0],
        cost_minor=variant.cost_minor,
        tax_bp=channel.tax_rates.get(variant.tax_class, channel.tax_rates.get(_STANDARD, 0)),
    )


def _offers(
    uow: UnitOfWork,
    ask: Ask,
    running: Sequence[Promotion],
    opened: Mapping[UUID, methods.Opened],
) -> tuple[list[methods.Offer], list[RefusedCode]]:
    """Offers with what is left of them, and codes whose promotion is not running."""
    counted = [one.id for one in running if one.draft.limits.member_uses is not None]
    used = store.promotion_rows.member_uses(uow, ask.member_id, counted) if counted and ask.member_id else {}
    offers = [methods.offer(one, opened.get(one.id), ask.member_id, used.get(one.id, 0)) for one in running]
    there = {one.id for one in running}
    return offers, [methods.over(code) for promotion, code in opened.items() if promotion not in there]

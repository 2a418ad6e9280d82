"""What a promotion would do to the goods in its scope."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from shengeng.trade.catalogue import api as catalogue
from shengeng.trade.catalogue.contracts import Variant
from shengeng.trade.pricing import methods, store
from shengeng.trade.pricing.contracts import (
    ListPrice,
    Policy,
    Preview,
    PreviewLine,
    PromotionDraft,
)

if TYPE_CHECKING:
    from shengeng.storage.rows import UnitOfWork

LOOKED_MOST, SHOWN_MOST = 200, 12
# The most of one variant that a preview puts into a basket to reach a threshold.
_MANY = 99
_UNKEPT = UUID(int=0)


def preview(uow: UnitOfWork, draft: PromotionDraft, now: datetime) -> Preview:
    """What the promotion alone would take off goods on sale, each in a basket of its own; nothing is kept.

    The buyer is one who may have it: of its first tier, with a first order where it asks for one.
    """
    methods.check(draft)
    channel = catalogue.channel(uow, draft.channel_id)
    scope = draft.scope
    found = catalogue.in_scope(
        uow,
        product_ids=scope.product_ids,
        category_ids=scope.category_ids,
        seller_ids=scope.seller_ids,
        limit=LOOKED_MOST,
    )
    tier = scope.tiers[0] if scope.tiers else None
    skus = [one.sku for one in found.first]
    entries = store.price_rows.current(uow, draft.channel_id, skus, now, tier)
    policy = store.price_rows.policy(uow, draft.channel_id)
    priced = [one for one in found.first if methods.best_price(entries.get(one.sku, ()), 1)]
    lines = [_line(draft, one, entries[one.sku], policy, (tier, channel.currency)) for one in priced]
    most_first = sorted(lines, key=lambda one: (-one.cut_minor * 10_000 // one.subtotal_minor, one.sku))
    return Preview(
        products=found.products,
        variants=found.variants,
        looked=len(found.first),
        unpriced=len(found.first) - len(priced),
        no_cost=sum(one.cost_minor is None for one in priced),
        held_back=sum(one.cut_minor < one.wanted_minor for one in lines),
        untouched=sum(not one.cut_minor for one in lines),
        lines=_one_each(most_first)[:SHOWN_MOST],
    )


def _one_each(lines: Sequence[PreviewLine]) -> tuple[PreviewLine, ...]:
    """The first line of each product: ten sizes of one coat say no more than one."""
    first: dict[str, PreviewLine] = {}
    for line in lines:
        first.setdefault(line.product_id, line)
    return tuple(first.values())


def _line(
    draft: PromotionDraft,
    one: Variant,
    entries: Sequence[ListPrice],
    policy: Policy,
    told: tuple[str | None, str],
) -> PreviewLine:
    quantity = _fewest(draft, entries)
    unit = methods.best_price(entries, quantity)
    assert unit is not None, "only priced variants are looked at"
    good = methods.Good(
        line_no=1,
        sku=one.sku,
        quantity=quantity,
        product_id=one.product_id,
        seller_id=one.seller_id,
        categories=frozenset(one.category_ids),
        list_unit_minor=methods.list_price(entries, quantity),
        unit_minor=unit[0],
        cost_minor=one.cost_minor,
        tax_bp=0,
    )
    tier, currency = told
    basket = methods.Basket((good,), 0, methods.Buyer(tier, first_order=True), policy, currency)
    step = methods.stack(basket, [methods.Offer(_UNKEPT, draft)]).steps[0]
    unheld = methods.Offer(_UNKEPT, replace(draft, floor="gift"))
    wanted = methods.stack(basket, [unheld]).steps[0]
    return PreviewLine(
        sku=one.sku,
        product_id=one.product_id,
        title=one.title,
        choices=one.choices,
        image=one.image,
        quantity=quantity,
        subtotal_minor=good.subtotal_minor,
        cut_minor=step.amount_minor,
        wanted_minor=wanted.amount_minor,
        why=step.why,
    )


def _fewest(draft: PromotionDraft, entries: Sequence[ListPrice]) -> int:
    """The fewest units of a variant alone that reach what the promotion asks for, up to a bound."""
    benefit = draft.benefit
    if benefit.kind == "buy_get":
        return benefit.buy + benefit.get
    needed = min((tier.at_minor for tier in benefit.tiers), default=benefit.at_minor)
    reached = (n for n in range(1, _MANY) if _worth(entries, n) >= needed)
    return next(reached, _MANY)


def _worth(entries: Sequence[ListPrice], quantity: int) -> int:
    best = methods.best_price(entries, quantity)
    return best[0] * quantity if best else 0

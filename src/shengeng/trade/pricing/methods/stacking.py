"""Which promotions apply to a basket, in which order, and what each takes off."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from shengeng.kernel.money import split
from shengeng.kernel.words import Words
from shengeng.trade.pricing.contracts import WHOLE_BP, Cut, Policy, Source, Step
from shengeng.trade.pricing.methods import benefits, saying
from shengeng.trade.pricing.methods.goods import Good, Offer


@dataclass(frozen=True, slots=True)
class Buyer:
    """Whose basket it is, as far as scopes ask."""

    tier: str | None = None
    first_order: bool = False


@dataclass(frozen=True, slots=True)
class Applied:
    """What is left to pay of each line and of the delivery, with every cut so far.

    left: (line,); cuts: (line,) tuples; ordinary: what all cuts but gifts have taken off the goods.
    """

    left: tuple[int, ...]
    delivery_left: int
    cuts: tuple[tuple[Cut, ...], ...]
    delivery_cuts: tuple[Cut, ...] = ()
    steps: tuple[Step, ...] = ()
    ordinary: int = 0

    @property
    def pays(self) -> int:
        """Goods and delivery, after the cuts."""
        return sum(self.left) + self.delivery_left


@dataclass(frozen=True, slots=True)
class _Take:
    """What one offer takes here: parts (line,), delivery, and why."""

    parts: tuple[int, ...]
    delivery: int
    why: Words

    @property
    def amount(self) -> int:
        return sum(self.parts) + self.delivery


@dataclass(frozen=True, slots=True)
class Basket:
    """What stays the same while offers are applied. goods stand in a canonical order."""

    goods: tuple[Good, ...]
    delivery_minor: int
    buyer: Buyer
    policy: Policy
    currency: str

    @property
    def subtotal_minor(self) -> int:
        """The goods before discounts."""
        return sum(good.subtotal_minor for good in self.goods)


def stack(basket: Basket, offers: Sequence[Offer]) -> Applied:
    """Apply what may apply and say of every offer what became of it.

    Offers that combine apply in order of (priority, id), each to what those before have left; of one
    exclusive group the one that takes most at the group's turn. An offer that does not combine is tried
    alone. Of these outcomes the one that costs the buyer least stands; ties go to combining.
    """
    ordered = sorted(offers, key=lambda offer: (offer.draft.priority, offer.id))
    together = [offer for offer in ordered if offer.draft.stacks]
    alone = [offer for offer in ordered if not offer.draft.stacks]
    outcomes = [_in_turn(basket, together), *(_in_turn(basket, [offer]) for offer in alone)]
    best = min(range(len(outcomes)), key=lambda i: (outcomes[i].pays, i))
    others = [
        _not_chosen(basket, offer, best)
        for i, offers_of in enumerate([together, *([offer] for offer in alone)])
        if i != best
        for offer in offers_of
    ]
    return replace(outcomes[best], steps=outcomes[best].steps + tuple(others))


def _in_turn(basket: Basket, offers: Sequence[Offer]) -> Applied:
    standing = Applied(
        tuple(good.subtotal_minor for good in basket.goods),
        basket.delivery_minor,
        tuple(() for _ in basket.goods),
    )
    for rivals in _turns(offers):
        takes = [(offer, _take(basket, standing, offer)) for offer in rivals]
        best = max(range(len(takes)), key=lambda i: (takes[i][1].amount, -i))
        standing = _cut(standing, *takes[best])
        for i, (offer, take) in enumerate(takes):
            if i != best:
                lost = take.amount > 0
                standing = _said(standing, offer, 0, saying.OTHER_IN_GROUP if lost else take.why)
    return standing


def _turns(offers: Sequence[Offer]) -> list[list[Offer]]:
    """Offers that stand for themselves, and exclusive groups at the turn of their first member."""
    turns: dict[str, list[Offer]] = {}
    for offer in offers:
        turns.setdefault(f"g:{offer.draft.group}" if offer.draft.group else f"o:{offer.id}", []).append(offer)
    return list(turns.values())


def _take(basket: Basket, standing: Applied, offer: Offer) -> _Take:
    """What the offer would take now, within floors, caps, the policy and its budget."""
    none = tuple(0 for _ in basket.goods)
    inside = [i for i, good in enumerate(basket.goods) if _in_scope(offer, good)]
    refused = _refused(basket, offer, inside)
    if refused is not None:
        return _Take(none, 0, refused)
    if offer.draft.benefit.kind == "free_delivery":
        return _in_budget(basket, offer, _delivery(basket, standing, offer, inside))
    return _in_budget(basket, offer, _goods(basket, standing, offer, inside))


def _refused(basket: Basket, offer: Offer, inside: Sequence[int]) -> Words | None:
    scope, buyer = offer.draft.scope, basket.buyer
    if offer.refused is not None:
        return offer.refused
    if scope.tiers and buyer.tier not in scope.tiers:
        return saying.WRONG_TIER
    if scope.first_order and not buyer.first_order:
        return saying.NOT_FIRST
    return None if inside else saying.NOTHING_IN_SCOPE


def _in_scope(offer: Offer, good: Good) -> bool:
    return offer.draft.scope.covers(good.product_id, good.categories, good.seller_id)


def _delivery(basket: Basket, standing: Applied, offer: Offer, inside: Sequence[int]) -> _Take:
    benefit, none = offer.draft.benefit, tuple(0 for _ in basket.goods)
    base = sum(standing.left[i] for i in inside)
    short = benefits.missing(benefit, base)
    if short:
        return _Take(none, 0, saying.more_needed(saying.shown(short, basket.currency)))
    fee = min(standing.delivery_left, _cap(offer, standing.delivery_left))
    amount = benefits.delivery(benefit, base, fee)
    return _Take(none, amount, _why(basket, amount, (amount, standing.delivery_left), saying.AT_CAP))


def _goods(basket: Basket, standing: Applied, offer: Offer, inside: Sequence[int]) -> _Take:
    """Wanted first, then at most the cap of the offer, the policy's room and each line's floor."""
    benefit = offer.draft.benefit
    left = [standing.left[i] for i in inside]
    if benefit.kind in ("fixed_price", "buy_get"):
        by_line = benefits.by_line(benefit, left, [basket.goods[i].quantity for i in inside])
        wanted = sum(by_line)
    else:
        by_line, wanted = left, benefits.whole(benefit, sum(left))
    if not wanted:
        return _Take(tuple(0 for _ in basket.goods), 0, _nothing(basket, offer, sum(left)))
    capped = min(wanted, _cap(offer, wanted))
    within = min(capped, _room(basket, standing, offer))
    floors = [basket.goods[i].floor_minor(offer.draft.floor) for i in inside]
    rooms = [min(want, max(0, now - floor)) for want, now, floor in zip(by_line, left, floors, strict=True)]
    parts = _onto(len(basket.goods), inside, benefits.spread(within, by_line, rooms))
    limit = saying.AT_FLOOR if sum(parts) < within else saying.AT_POLICY if within < capped else saying.AT_CAP
    return _Take(parts, 0, _why(basket, sum(parts), (wanted, sum(left)), limit))


def _cap(offer: Offer, otherwise: int) -> int:
    most = offer.draft.benefit.most_minor
    return otherwise if most is None else most


def _room(basket: Basket, standing: Applied, offer: Offer) -> int:
    """What the policy lets all ordinary cuts of the order take off; gifts stand apart."""
    if offer.draft.floor == "gift":
        return basket.subtotal_minor
    return max(0, basket.subtotal_minor * basket.policy.most_bp // WHOLE_BP - standing.ordinary)


def _onto(lines: int, inside: Sequence[int], parts: Sequence[int]) -> tuple[int, ...]:
    whole = [0] * lines
    for i, part in zip(inside, parts, strict=True):
        whole[i] = part
    return tuple(whole)


def _nothing(basket: Basket, offer: Offer, base: int) -> Words:
    benefit = offer.draft.benefit
    short = benefits.missing(benefit, base) if benefit.kind == "threshold" else 0
    if short:
        return saying.more_needed(saying.shown(short, basket.currency))
    return saying.FEW_UNITS if benefit.kind == "buy_get" and base else saying.NOTHING_OFF


def _why(basket: Basket, amount: int, wanted_of: tuple[int, int], limit: Words) -> Words:
    """Of a cut: how much off what; of a smaller one than wanted: what held it back."""
    wanted, base = wanted_of
    if not amount:
        return Words(limit.zh, limit.en[:1].upper() + limit.en[1:]) if wanted else saying.NOTHING_OFF
    shown = saying.shown(amount, basket.currency)
    if amount == wanted:
        return saying.applied(shown, saying.shown(base, basket.currency))
    return saying.lowered(shown, saying.shown(wanted, basket.currency), limit)


def _in_budget(basket: Basket, offer: Offer, take: _Take) -> _Take:
    """A cut is given whole or not at all: what is left of a budget is never stretched over a basket."""
    if offer.left_minor is None or take.amount <= offer.left_minor:
        return take
    return _Take(tuple(0 for _ in basket.goods), 0, saying.USED_UP)


def _cut(standing: Applied, offer: Offer, take: _Take) -> Applied:
    if not take.amount:
        return _said(standing, offer, 0, take.why)
    cuts = tuple(
        made + ((_borne(offer, part),) if part else ())
        for made, part in zip(standing.cuts, take.parts, strict=True)
    )
    ordinary = 0 if offer.draft.floor == "gift" else sum(take.parts)
    cut = replace(
        standing,
        left=tuple(now - part for now, part in zip(standing.left, take.parts, strict=True)),
        delivery_left=standing.delivery_left - take.delivery,
        cuts=cuts,
        delivery_cuts=standing.delivery_cuts + ((_borne(offer, take.delivery),) if take.delivery else ()),
        ordinary=standing.ordinary + ordinary,
    )
    return _said(cut, offer, take.amount, take.why)


def _borne(offer: Offer, amount: int) -> Cut:
    bearers = offer.draft.bearers
    shares = split(amount, [bearers.platform_bp, bearers.seller_bp, bearers.creator_bp])
    return Cut(_source(offer), offer.id, offer.draft.name, amount, *shares)


def _said(standing: Applied, offer: Offer, amount: int, why: Words) -> Applied:
    step = Step(
        _source(offer), offer.id, offer.draft.name, amount > 0, amount, why, offer.code, offer.coupon_id
    )
    return replace(standing, steps=(*standing.steps, step))


def _source(offer: Offer) -> Source:
    return "coupon" if offer.draft.trigger == "coupon" else "promotion"


def _not_chosen(basket: Basket, offer: Offer, best: int) -> Step:
    """Why an offer of an outcome that does not stand gives nothing: its own reason first."""
    tried = _in_turn(basket, [offer]).steps[0]
    why = tried.why if not tried.applied else saying.NOT_TOGETHER if best == 0 else saying.ALONE_WINS
    return replace(tried, applied=False, amount_minor=0, why=why)

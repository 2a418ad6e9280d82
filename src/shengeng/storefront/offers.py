"""Promotions and the welcome coupon in the reader's words: what one gets, and where it holds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from shengeng.kernel.errors import Lang
from shengeng.storefront.aisles import above
from shengeng.storefront.asking import CHANNEL, Scene
from shengeng.storefront.figures import moment, short
from shengeng.storefront.words import say
from shengeng.trade.pricing import api as pricing
from shengeng.trade.pricing.contracts import WHOLE_BP, Announced, Benefit, Tier


@dataclass(frozen=True, slots=True)
class Offer:
    """One promotion. path: where its goods are; code: what is typed in, "" for nothing; until: its end."""

    name: str
    rule: str
    path: str
    code: str
    until: str
    members_only: bool = False


def running(scene: Scene) -> tuple[Announced, ...]:
    """What is on offer to this shopper; asked once a request."""
    known: tuple[Announced, ...] | None = getattr(scene.request.state, "offers", None)
    if known is None:
        known = pricing.announced(scene.uow, CHANNEL, scene.now, scene.who.tier) if scene.name else ()
        scene.request.state.offers = known
    return known


def told(scene: Scene, one: Announced) -> Offer:
    """A promotion as pages tell of it."""
    rule = rule_of(one.benefit, scene.lang, scene.currency)
    if one.scope.first_order:
        rule = say(scene.lang, "offer.first", rule=rule)
    members_only = one.scope.first_order and not scene.who.member_id
    until = moment(one.ends_at, scene.lang, scene.zone) if one.ends_at else ""
    return Offer(one.name.text(scene.lang), rule, _place(one), one.code or "", until, members_only)


def covering(scene: Scene, product_id: str, category_id: str | None, seller_id: str) -> list[Announced]:
    """What holds for a product by itself."""
    inside = above(scene, category_id)
    return [one for one in running(scene) if one.scope.covers(product_id, inside, seller_id)]


def badge(scene: Scene, product_id: str, category_id: str | None, seller_id: str) -> str:
    """The first promotion without a code that is about these goods and not about the whole shop."""
    for one in covering(scene, product_id, category_id, seller_id):
        if one.code is None and (one.scope.product_ids or one.scope.category_ids):
            return one.name.text(scene.lang)
    return ""


def cuts_one(offers: Sequence[Announced]) -> bool:
    """Whether one unit by itself costs less by any of these, without a code."""
    return any(
        one.code is None and one.benefit.kind in ("percent", "amount", "fixed_price") for one in offers
    )


def rule_of(benefit: Benefit, lang: Lang, currency: str) -> str:
    """What a promotion gives, in one line."""

    def money(minor: int) -> str:
        return short(minor, currency)

    if benefit.kind == "percent":
        rule = _percent(benefit.bp, lang)
    elif benefit.kind == "amount":
        rule = say(lang, "offer.amount", off=money(benefit.amount_minor))
    elif benefit.kind == "fixed_price":
        rule = say(lang, "offer.fixed_price", price=money(benefit.amount_minor))
    elif benefit.kind == "buy_get":
        part = "offer.free" if benefit.bp == WHOLE_BP else "offer.less"
        what = say(lang, part, off=_percent(benefit.bp, lang))
        rule = say(lang, "offer.buy_get", of=benefit.buy + benefit.get, n=benefit.get, what=what)
    elif benefit.kind == "free_delivery":
        at = benefit.at_minor
        rule = say(lang, "offer.delivery.from", at=money(at)) if at else say(lang, "offer.delivery")
    else:
        rule = say(lang, "offer.and").join(_tier(one, benefit, lang, currency) for one in benefit.tiers)
    if not benefit.cliff and benefit.kind in ("threshold", "free_delivery"):
        rule = say(lang, "offer.soft", rule=rule)
    most = benefit.most_minor
    return say(lang, "offer.most", rule=rule, most=money(most)) if most is not None else rule


def _tier(tier: Tier, benefit: Benefit, lang: Lang, currency: str) -> str:
    off = short(tier.off_minor, currency) if tier.off_minor else _percent(tier.off_bp, lang)
    kind = "offer.tier" if tier.off_minor else "offer.tier.part"
    return say(lang, "offer.each" if benefit.repeats else kind, at=short(tier.at_minor, currency), off=off)


def _percent(bp: int, lang: Lang) -> str:
    """So much off: 九折 is what a Chinese reader expects of 10%."""
    if lang == "zh":
        return say(lang, "offer.percent", part=f"{(WHOLE_BP - bp) / 1000:g}")
    return say(lang, "offer.percent", part=f"{bp / 100:g}")


def _place(one: Announced) -> str:
    scope = one.scope
    if len(scope.product_ids) == 1:
        return f"/p/{scope.product_ids[0]}"
    return f"/c/{scope.category_ids[0]}" if len(scope.category_ids) == 1 else "/search"

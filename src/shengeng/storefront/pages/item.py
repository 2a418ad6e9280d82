"""A product: its variants, price and stock of this moment, what is claimed of it and on what grounds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from shengeng.storefront import structured
from shengeng.storefront.asking import CHANNEL, Ask, Scene
from shengeng.storefront.figures import day
from shengeng.storefront.goods import browse, greener, picture
from shengeng.storefront.offers import covering, cuts_one, told
from shengeng.storefront.render import page
from shengeng.storefront.words import say
from shengeng.trade.catalogue import api as catalogue
from shengeng.trade.catalogue.contracts import NO_PRODUCT, Browse, Product, Variant
from shengeng.trade.pricing import api as pricing
from shengeng.trade.pricing.contracts import Ask as Ask_
from shengeng.trade.pricing.contracts import AskLine, Price
from shengeng.trade.stock import api as stock

router = APIRouter()
# Up to so many the number left is said; more is no news.
FEW, AT_ONCE = 10, 10


@dataclass(frozen=True, slots=True)
class Promise:
    """Something to know about when and how it comes."""

    icon: str
    head: str
    text: str = ""
    care: bool = False


@router.get("/p/{product_id}")
def product_page(scene: Ask, product_id: str, sku: str = "") -> Response:
    """One product, as the variant that was chosen, else the first that can be had."""
    product = catalogue.product(scene.uow, product_id)
    sold = [one for one in product.variants if one.sellable]
    if product.state != "listed" or not sold:
        raise NO_PRODUCT.error(id=product_id[:80])
    skus = [one.sku for one in sold]
    prices = pricing.prices(scene.uow, CHANNEL, skus, scene.now, scene.who.tier)
    left = stock.available(scene.uow, skus, {one.sku: one.supply for one in sold})
    wanted = next((one for one in sold if one.sku == sku), None)
    chosen = wanted or next((one for one in sold if left[one.sku] and one.sku in prices), sold[0])
    item = _item(scene, product, sold, chosen, prices=prices, left=left)
    trail = [(each.name.text(scene.lang), f"/c/{each.category_id}") for each in product.categories]
    trail.append((item["title"], ""))
    item |= _offered(scene, product, chosen, prices.get(chosen.sku))
    if scene.htmx:
        return page(scene, "part/item.html", item=item)
    near = product.categories[-1].category_id if product.categories else None
    others, _ = browse(scene, Browse(category_id=near, limit=5, counted=False))
    return page(
        scene,
        "item.html",
        item=item,
        trail=trail,
        indexed=True,
        structured=_structured(scene, product, item, trail, prices=prices, left=left),
        others=[one for one in others if one.product_id != product_id][:4],
        others_path=f"/c/{near}" if near else "/search",
        aisle=product.categories[0].category_id if product.categories else "",
    )


def _item(
    scene: Scene,
    product: Product,
    sold: list[Variant],
    chosen: Variant,
    *,
    prices: Mapping[str, Price],
    left: Mapping[str, int],
) -> dict[str, Any]:
    lang, price, there = scene.lang, prices.get(chosen.sku), left[chosen.sku]
    title = product.title.text(lang)
    can_buy = bool(price) and there > 0
    act = {"presale": "item.add.presale", "made_to_order": "item.add.made_to_order"}
    return {
        "product_id": product.product_id,
        "sku": chosen.sku,
        "title": title,
        "summary": product.summary.text(lang),
        "image": picture(chosen.image),
        "alt": title,
        "pictures": [
            {"url": picture(one.media_id), "alt": one.alt.text(lang) or title} for one in product.media
        ],
        "price_minor": price.unit_minor if price else None,
        "was_minor": price.compare_at_minor if price else None,
        "seller": "" if product.seller.seller_id == "shop" else product.seller.name.text(lang),
        "choices": _choices(scene, product, sold, chosen, left),
        "can_buy": can_buy,
        "quantities": range(1, max(min(there, AT_ONCE), 1) + 1),
        "act": say(lang, act.get(chosen.supply, "item.add") if can_buy else "item.cannot"),
        "promises": _promises(scene, chosen, there),
        "claims": [
            {
                "label": one.label.text(lang),
                "value": one.value.text(lang),
                "kind": one.evidence_kind,
                "evidence": one.evidence,
                "url": one.url if one.url.startswith("https://") else "",
            }
            for one in greener(product.attributes)
        ],
        "text": [part for part in product.about.text(lang).splitlines() if part.strip()],
        "spec": _spec(scene, product, chosen),
        "sample": product.sample,
    }


def _offered(scene: Scene, product: Product, chosen: Variant, price: Price | None) -> dict[str, Any]:
    """Promotions and codes that hold for this product; what one costs with those that need no code."""
    place = product.categories[-1].category_id if product.categories else None
    offers = covering(scene, product.product_id, place, chosen.seller_id)
    with_minor = None
    if price and cuts_one(offers):
        ask = Ask_(CHANNEL, (AskLine(1, chosen.sku, 1),), member_id=scene.who.member_id, tier=scene.who.tier)
        quote = pricing.quote(scene.uow, ask, scene.now)
        less = quote.subtotal_minor - quote.discount_minor
        with_minor = less if less < price.unit_minor else None
    return {"offers": [told(scene, one) for one in offers], "with_minor": with_minor}


def _choices(
    scene: Scene, product: Product, sold: list[Variant], chosen: Variant, left: Mapping[str, int]
) -> list[dict[str, Any]]:
    """For each option its values; a value leads to the variant that differs in nothing else, if it can."""
    found = []
    for at, option in enumerate(product.options):
        ways: dict[str, Variant] = {}
        for one in sold:
            name = one.choices[at].text(scene.lang)
            rest = [*chosen.choices[:at], *chosen.choices[at + 1 :]]
            same = [*one.choices[:at], *one.choices[at + 1 :]] == rest
            if name not in ways or same:
                ways[name] = one
        found.append(
            {
                "name": option.text(scene.lang),
                "chosen": chosen.choices[at].text(scene.lang),
                "ways": [
                    {
                        "name": name,
                        "path": scene.link(f"/p/{product.product_id}", sku=one.sku),
                        "chosen": chosen.choices[at].text(scene.lang) == name,
                        "gone": left[one.sku] <= 0,
                    }
                    for name, one in ways.items()
                ],
            }
        )
    return found


def _promises(scene: Scene, one: Variant, left: int) -> list[Promise]:
    lang = scene.lang
    found = [_supply(scene, one, left)]
    if one.cold_chain != "none":
        found.append(Promise("cold", say(lang, f"item.{one.cold_chain}"), say(lang, "item.cold.text")))
    return found


def _supply(scene: Scene, one: Variant, left: int) -> Promise:
    lang = scene.lang
    if left <= 0:
        return Promise("box", say(lang, "item.none"), say(lang, "item.none.text"), care=True)
    if one.supply == "presale" and one.ships_on:
        head = say(lang, "item.presale", day=day(one.ships_on, lang))
        return Promise(
            "clock", head, f"{say(lang, 'item.presale.text')} {say(lang, 'item.quota', n=left)}", care=True
        )
    if one.supply == "made_to_order":
        head = say(lang, "item.made", n=one.lead_days)
        return Promise(
            "hand", head, f"{say(lang, 'item.made.text')} {say(lang, 'item.quota', n=left)}", care=True
        )
    head = say(lang, "item.few", n=left) if left <= FEW else say(lang, "item.in_stock")
    return Promise("box", head, say(lang, "item.ships"))


def _spec(scene: Scene, product: Product, one: Variant) -> list[tuple[str, str]]:
    lang = scene.lang
    said = [
        (each.label.text(lang), each.value.text(lang))
        for each in product.attributes
        if each not in greener(product.attributes)
    ]
    weight = [(say(lang, "item.weight"), f"{one.weight_g:,} g")] if one.weight_g else []
    return [*said, *weight, (say(lang, "item.sku"), one.sku)]


def _structured(
    scene: Scene,
    product: Product,
    item: dict[str, Any],
    trail: list[tuple[str, str]],
    *,
    prices: Mapping[str, Price],
    left: Mapping[str, int],
) -> dict[str, Any]:
    offers = []
    for one in product.variants:
        price: Price | None = prices.get(one.sku)
        if price is not None:
            path = scene.link(f"/p/{product.product_id}", sku=one.sku)
            bought = left.get(one.sku, 0) > 0
            offers.append(
                structured.offer(scene, price.unit_minor, path=path, supply=one.supply, can_buy=bought)
                | {"sku": one.sku}
            )
    thing = {
        "@type": "Product",
        "name": item["title"],
        "description": item["summary"] or item["title"],
        "sku": item["sku"],
        "image": scene.stores.settings.storefront_url + item["image"],
        "offers": offers,
    } | ({"brand": {"@type": "Brand", "name": product.brand}} if product.brand else {})
    return structured.graph(thing, structured.crumbs(scene, trail))

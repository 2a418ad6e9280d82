"""schema.org descriptions of what a page shows, for search engines; only what the page itself says."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from shengeng.kernel.money import from_minor
from shengeng.storefront.asking import Scene
from shengeng.storefront.words import say

_IN = "https://schema.org/"


def crumbs(scene: Scene, trail: Sequence[tuple[str, str]]) -> dict[str, Any]:
    """BreadcrumbList of (name, path); the last one may have no path of its own."""
    place = scene.stores.settings.storefront_url
    steps = [(say(scene.lang, "crumbs.home"), "/"), *trail]
    return {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": at, "name": name}
            | ({"item": place + scene.link(path)} if path else {})
            for at, (name, path) in enumerate(steps, 1)
        ],
    }


def offer(scene: Scene, price_minor: int, *, path: str, supply: str, can_buy: bool) -> dict[str, Any]:
    """Offer of one variant: its price as the page says it, and whether it can be had."""
    stands = {"presale": "PreSale", "made_to_order": "MadeToOrder"}.get(supply, "InStock")
    return {
        "@type": "Offer",
        "url": scene.stores.settings.storefront_url + path,
        "price": str(from_minor(price_minor, scene.currency)),
        "priceCurrency": scene.currency,
        "availability": _IN + (stands if can_buy else "OutOfStock"),
    }


def graph(*parts: dict[str, Any]) -> dict[str, Any]:
    """Several descriptions in one."""
    return {"@context": "https://schema.org", "@graph": list(parts)}

"""Goods as pages show them: a card in a list, with the price of this moment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from shengeng.storefront.asking import CHANNEL, Scene
from shengeng.storefront.figures import day
from shengeng.storefront.files import address
from shengeng.storefront.offers import badge
from shengeng.storefront.words import say
from shengeng.trade.catalogue import api as catalogue
from shengeng.trade.catalogue.contracts import Attribute, Browse, Card, Page, Variant
from shengeng.trade.pricing import api as pricing

# The attribute by which goods enter the sustainable choices; one without evidence does not count.
GREENER = "label"


@dataclass(frozen=True, slots=True)
class Shown:
    """A card. ranged: other variants cost more; tag: what to know before opening it; care: it is a limit.

    offer: the promotion that holds for it.
    """

    product_id: str
    title: str
    image: str
    price_minor: int | None
    was_minor: int | None
    ranged: bool
    tag: str
    care: bool
    claim: str
    why: str = ""
    offer: str = ""


def browse(scene: Scene, asked: Browse) -> tuple[list[Shown], Page]:
    """A list of goods as cards, and what it was found by."""
    found = catalogue.browse(scene.uow, asked)
    return cards(scene, found.cards), found


def cards(scene: Scene, found: Sequence[Card]) -> list[Shown]:
    """Cards with the lowest price that this shopper has now; one query for all of them."""
    skus = {sku for card in found for sku in card.skus}
    prices = pricing.prices(scene.uow, CHANNEL, skus, scene.now, scene.who.tier) if skus else {}
    shown = []
    for card in found:
        own = sorted((prices[sku] for sku in card.skus if sku in prices), key=lambda one: one.unit_minor)
        low = own[0] if own else None
        tag, care = supply_tag(scene, card)
        claims = greener(card.attributes)
        shown.append(
            Shown(
                card.product_id,
                card.title.text(scene.lang),
                picture(card.image),
                low.unit_minor if low else None,
                low.compare_at_minor if low else None,
                bool(own) and own[0].unit_minor != own[-1].unit_minor,
                tag,
                care,
                " · ".join(each.value.text(scene.lang) for each in claims),
                offer=badge(scene, card.product_id, card.category_id, card.seller_id),
            )
        )
    return shown


def greener(attributes: Sequence[Attribute]) -> list[Attribute]:
    """The green claims that name their evidence."""
    return [each for each in attributes if each.key == GREENER and each.evidence]


def supply_tag(scene: Scene, one: Card | Variant) -> tuple[str, bool]:
    """What a buyer has to know of the supply in few words, and whether it is a limit."""
    if one.supply == "presale" and one.ships_on:
        return say(scene.lang, "tag.presale", day=day(one.ships_on, scene.lang)), True
    if one.supply == "made_to_order":
        return say(scene.lang, "supply.made_to_order"), True
    if one.cold_chain != "none":
        return say(scene.lang, f"tag.{one.cold_chain}"), False
    return "", False


def picture(media_id: str) -> str:
    """Where a picture is; a plain tile where there is none."""
    return f"/v1/store/media/{media_id}" if media_id else address("none.svg")


def options(scene: Scene, variant: Variant) -> str:
    """What was chosen of a variant, in one line."""
    return " · ".join(each.text(scene.lang) for each in variant.choices)

"""Checkout on one page: where it goes, how, how it is paid. Nothing is held before the order is placed."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Depends
from starlette.responses import Response

from shengeng.http.pacing import PLACE, paced
from shengeng.http.shopping import drop_basket
from shengeng.kernel.errors import ShopError
from shengeng.storefront import bills
from shengeng.storefront.asking import Ask, Scene
from shengeng.storefront.faults import beside
from shengeng.storefront.opening import keep_open
from shengeng.storefront.pages.basket import shown
from shengeng.storefront.places import FIELDS, where_of
from shengeng.storefront.render import page
from shengeng.storefront.words import say, words
from shengeng.trade.checkout import api as checkout
from shengeng.trade.checkout.contracts import PRICE_CHANGED, Wish
from shengeng.trade.fulfilment.contracts import DeliveryOption
from shengeng.trade.members import api as members
from shengeng.trade.members.contracts import Address, Where
from shengeng.trade.orders.contracts import Contact

router = APIRouter(dependencies=[Depends(paced())])
NEW = "new"


@router.get("/checkout")
def checkout_page(scene: Ask) -> Response:
    """The form, with the standard address of a member who has one."""
    return _form(scene)


@router.post("/checkout/delivery")
def ask_delivery(scene: Ask) -> Response:
    """The form again with the ways that reach the address, and what the chosen one costs."""
    return _form(scene)


@router.post("/checkout", dependencies=[Depends(paced(PLACE))])
def place_order(scene: Ask) -> Response:
    """Places the order and leads to its payment; else the form again, with the reason."""
    given = scene.fields
    try:
        where = _where(scene, _book(scene))
        if where is None:
            return _form(scene)
        back = scene.stores.settings.storefront_url + scene.link("/order/{number}", paid=1)
        contact = Contact(given.get("email") or None, where.phone)
        wish = Wish(
            contact,
            where,
            given.get("option", ""),
            given.get("provider", ""),
            given.get("quote", ""),
            back,
            scene.lang,
        )
        placed = checkout.place_patiently(scene.stores, scene.who, wish, given.get("key", ""), scene.now)
        if scene.who.member_id and given.get("keep") == "yes" and given.get("address_id", NEW) == NEW:
            members.put_address(scene.uow, scene.who.me, where, scene.now)
    except ShopError as refused:
        return _form(scene, refused)
    number = placed.order.number
    answer = scene.go(f"/order/{number}/pay") if placed.intent else scene.go(f"/order/{number}", new=1)
    if placed.secret:
        keep_open(scene, answer, number, placed.secret)
    if not scene.who.member_id and scene.who.basket:
        drop_basket(answer, https=scene.stores.settings.https)
    return answer


def _form(scene: Scene, refused: ShopError | None = None) -> Response:
    book = _book(scene)
    fields, where = scene.fields, None
    try:
        where = _where(scene, book)
    except ShopError as unreachable:
        refused = refused or unreachable
    view = checkout.view(scene.uow, scene.who, scene.now, where=where, option_id=fields.get("option", ""))
    if view is None:
        return scene.go("/basket")
    basket = shown(scene, view, delivery_known=view.option is not None)
    if basket.bill is None:
        return scene.go("/basket")
    given = {name: fields.get(name, "") for name in (*FIELDS, "email", "keep")}
    given["option"] = view.option.option_id if view.option else ""
    asked_for = fields.get("provider", "")
    given["provider"] = asked_for if asked_for in view.providers else next(iter(view.providers), "")
    wrongs = beside(scene, refused, (*FIELDS, "email"))
    part = scene.htmx and scene.path == "/checkout/delivery"
    return page(
        scene,
        "part/delivery.html" if part else "checkout.html",
        422 if refused and not part else 200,
        basket=basket,
        book=book,
        chosen=_chosen(scene, book),
        given=given,
        key=fields.get("key") or secrets.token_urlsafe(18),
        options=[_option(scene, one) for one in view.options],
        asked=where is not None,
        providers=[_provider(scene, name) for name in view.providers],
        refusals=[each.why.text(scene.lang) for each in view.lines if each.why],
        ready=view.ready and bool(view.providers),
        wrong=_said(scene, refused, wrongs),
        wrongs=wrongs,
    )


def _said(scene: Scene, refused: ShopError | None, wrongs: Mapping[str, str]) -> str:
    """What stands above the form: the reason, or that it stands beside a field."""
    if refused is None:
        return ""
    if refused.code == PRICE_CHANGED.code:
        return say(scene.lang, "checkout.changed")
    return say(scene.lang, "form.look") if wrongs else refused.text(scene.lang)


def _book(scene: Scene) -> list[Address]:
    return members.addresses(scene.uow, scene.who.me) if scene.who.member_id else []


def _chosen(scene: Scene, book: list[Address]) -> str:
    return scene.fields.get("address_id") or (str(book[0].address_id) if book else NEW)


def _where(scene: Scene, book: list[Address]) -> Where | None:
    """The address that is chosen or written; None while nothing is written. Refuses one that cannot be."""
    chosen = _chosen(scene, book)
    for each in book:
        if str(each.address_id) == chosen:
            return each.where
    if not any(scene.fields.get(name) for name in FIELDS):
        return None
    return members.checked(where_of(scene.fields))


def _option(scene: Scene, one: DeliveryOption) -> dict[str, Any]:
    return {
        "option_id": one.option_id,
        "kind": one.kind,
        "name": one.name.text(scene.lang),
        "price_minor": one.price_minor,
        "days": bills.days(one, scene.lang),
        "co2e_g": one.co2e_g,
        "source": one.co2e_source.text(scene.lang) if one.co2e_source else "",
    }


def _provider(scene: Scene, name: str) -> dict[str, str]:
    text = words(scene.lang).get(f"provider.{name}.text", "")
    return {"key": name, "name": say(scene.lang, f"provider.{name}"), "text": text}

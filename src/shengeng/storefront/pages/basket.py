"""What somebody means to buy: putting in, changing, codes; with and without JavaScript the same forms."""

from __future__ import annotations

from dataclasses import dataclass, replace

from fastapi import APIRouter, Depends
from starlette.responses import Response

from shengeng.http.pacing import paced
from shengeng.http.shopping import keep_basket
from shengeng.kernel.errors import Lang, ShopError
from shengeng.storefront import bills
from shengeng.storefront.asking import Ask, Scene, attempt
from shengeng.storefront.goods import options, picture, supply_tag
from shengeng.storefront.offers import Offer, running, told
from shengeng.storefront.render import page
from shengeng.trade.catalogue import api as catalogue
from shengeng.trade.checkout import api as checkout
from shengeng.trade.checkout.contracts import Kept, ShownLine, View

router = APIRouter(dependencies=[Depends(paced())])


@dataclass(frozen=True, slots=True)
class Code:
    """A coupon's code in the basket, and what it does or why it does nothing."""

    code: str
    applied: bool
    why: str


@dataclass(frozen=True, slots=True)
class Step:
    """What became of one promotion, and why."""

    name: str
    why: str
    applied: bool
    amount_minor: int


@dataclass(frozen=True, slots=True)
class Basket:
    """A basket's page. bill None: nothing in it can be bought."""

    lines: tuple[bills.ShownLine, ...] = ()
    bill: bills.Bill | None = None
    codes: tuple[Code, ...] = ()
    steps: tuple[Step, ...] = ()
    quote_id: str = ""
    coupons: tuple[Offer, ...] = ()


@router.get("/basket")
def basket_page(scene: Ask) -> Response:
    """The basket with the prices of this moment."""
    return _page(scene)


@router.post("/basket")
def change_basket(scene: Ask) -> Response:
    """So many of a line; 0 takes it out."""
    line, quantity = _number(scene, "line"), _number(scene, "quantity")
    try:
        with attempt(scene):
            checkout.set_quantity(scene.uow, scene.who, line, quantity, scene.now)
    except ShopError as refused:
        return _page(scene, refused.text(scene.lang))
    return _page(scene) if scene.htmx else scene.go("/basket")


@router.post("/basket/add")
def add_to_basket(scene: Ask) -> Response:
    """So many more of a variant; the first one gives a guest their basket."""
    sku = scene.fields.get("sku", "")
    try:
        with attempt(scene):
            kept = checkout.add(scene.uow, scene.who, sku, _number(scene, "quantity") or 1, scene.now)
    except ShopError as refused:
        wrong = refused.text(scene.lang)
        return page(scene, "part/added.html", wrong=wrong) if scene.htmx else _page(scene, wrong)
    mine = _kept(scene, kept)
    if not scene.htmx:
        return _remembered(scene, kept, scene.go("/basket"))
    variant = catalogue.variants(scene.uow, [sku])[sku]
    line = {"image": picture(variant.image), "title": variant.title.text(scene.lang)}
    answer = page(mine, "part/added.html", wrong="", line=line | {"options": options(scene, variant)})
    return _remembered(scene, kept, answer)


@router.post("/basket/code")
def change_codes(scene: Ask) -> Response:
    """Puts a coupon's code in, or takes one out."""
    drop, code = scene.fields.get("drop", ""), scene.fields.get("code", "")
    try:
        with attempt(scene):
            if drop:
                checkout.drop_code(scene.uow, scene.who, drop, scene.now)
            else:
                checkout.add_code(scene.uow, scene.who, code, scene.now)
    except ShopError as refused:
        return _page(scene, refused.text(scene.lang))
    return _page(scene) if scene.htmx else scene.go("/basket")


def shown(scene: Scene, view: View | None, *, delivery_known: bool = False) -> Basket:
    """A basket as its page shows it."""
    if view is None:
        return Basket()
    quote = view.quote
    if quote is None:
        return Basket(tuple(_line(scene, each) for each in view.lines))
    steps = tuple(
        Step(one.name.text(scene.lang), one.why.text(scene.lang), one.applied, one.amount_minor)
        for one in quote.steps
    )
    return Basket(
        tuple(_line(scene, each) for each in view.lines),
        bills.bill_of_quote(quote, scene.lang, delivery_known=delivery_known),
        _codes(view, scene.lang),
        steps,
        quote.quote_id,
        _coupons(scene, view),
    )


def _coupons(scene: Scene, view: View) -> tuple[Offer, ...]:
    """Codes that the shop shows to everybody and that are not in this basket."""
    if view.basket.codes:
        return ()
    return tuple(told(scene, one) for one in running(scene) if one.code)


def _codes(view: View, lang: Lang) -> tuple[Code, ...]:
    assert view.quote is not None
    refused = {one.code: one.why.text(lang) for one in view.quote.refused_codes}
    steps = {one.code: one for one in view.quote.steps if one.code}
    found = []
    for code in view.basket.codes:
        step = steps.get(code)
        why = refused.get(code, "") or (step.why.text(lang) if step else "")
        found.append(Code(code, bool(step and step.applied), why))
    return tuple(found)


def _line(scene: Scene, one: ShownLine) -> bills.ShownLine:
    variant, cost = one.variant, one.quote
    total = cost.subtotal_minor - cost.discount_minor if cost else 0
    return bills.ShownLine(
        str(one.line_no),
        variant.title.text(scene.lang) if variant else one.sku,
        options(scene, variant) if variant else "",
        picture(variant.image if variant else ""),
        scene.link(f"/p/{variant.product_id}", sku=one.sku) if variant else scene.link("/basket"),
        one.quantity,
        cost.unit_minor if cost else 0,
        total,
        cost.subtotal_minor if cost and cost.discount_minor else None,
        supply_tag(scene, variant)[0] if variant else "",
        one.left if one.why else None,
    )


def _page(scene: Scene, wrong: str = "") -> Response:
    basket = shown(scene, checkout.view(scene.uow, scene.who, scene.now))
    template = "part/basket.html" if scene.htmx else "basket.html"
    return page(scene, template, 200 if not wrong or scene.htmx else 422, basket=basket, wrong=wrong)


def _kept(scene: Scene, kept: Kept) -> Scene:
    return replace(scene, who=replace(scene.who, basket=kept.secret)) if kept.secret else scene


def _remembered(scene: Scene, kept: Kept, answer: Response) -> Response:
    if kept.secret:
        keep_basket(answer, kept.secret, https=scene.stores.settings.https)
    return answer


def _number(scene: Scene, name: str) -> int:
    text = scene.fields.get(name, "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 6 else 0

"""An order after it was placed: paying it, following it, cancelling it; a member's list of theirs."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from shengeng.http import Cursor, address_of, from_cursor, to_cursor
from shengeng.http.cursors import BAD_CURSOR
from shengeng.kernel.errors import ShopError
from shengeng.storage.rows import UnitOfWork
from shengeng.storefront import bills
from shengeng.storefront.asking import Apart, Ask, Scene
from shengeng.storefront.figures import PREFIX
from shengeng.storefront.goods import picture
from shengeng.storefront.opening import keep_open, opened
from shengeng.storefront.pages.account import to_sign_in
from shengeng.storefront.render import page
from shengeng.storefront.scanning import code_of
from shengeng.storefront.words import say
from shengeng.trade.orders import api as orders
from shengeng.trade.orders.contracts import Detail, Order, OrderRow
from shengeng.trade.payments import api as payments

router = APIRouter()
ORDERS_A_PAGE = 20
# After paying the page looks again by itself so often, a few seconds apart.
LOOKS_MOST = 15


@router.get("/account")
def orders_page(scene: Ask, cursor: Cursor = None) -> Response:
    """A member's orders, the newest first."""
    if not scene.who.member_id:
        return to_sign_in(scene)
    found = orders.mine(scene.uow, scene.who, scene.now, before=_after(cursor), limit=ORDERS_A_PAGE)
    last = found.rows[-1].order if found.more else None
    following = to_cursor(last.placed_at.isoformat(), last.order_id) if last else ""
    more = scene.link("/account", cursor=following) if following else ""
    return page(scene, "orders.html", orders=[_row(scene, row) for row in found.rows], next=more)


@router.get("/order")
def track_page(scene: Ask, number: str = "") -> Response:
    """The form of those who look for an order."""
    return _track(scene, {"number": number[:60], "contact": ""})


@router.post("/order")
def track(scene: Ask) -> Response:
    """Opens an order to whoever knows its number and the contact it was placed with."""
    number, contact = scene.fields.get("number", ""), scene.fields.get("contact", "")
    try:
        address = address_of(scene.request)
        found = orders.track_from(scene.stores.rows, number, contact, scene.now, address=address).order
    except ShopError as refused:
        if refused.kind == "throttled":
            raise
        return _track(scene, {"number": number, "contact": contact}, say(scene.lang, "track.none"))
    answer = scene.go(f"/order/{found.number}")
    keep_open(scene, answer, found.number, contact)
    return answer


@router.get("/order/{number}")
def order_page(scene: Ask, number: str, paid: int = 0, new: int = 0) -> Response:
    """One order. paid: how often the page has looked since its buyer came back from paying."""
    seen = opened(scene, number)
    if seen is None:
        return scene.go("/order", number=number)
    return _order(scene, seen, paid=paid, new=bool(new))


@router.get("/order/{number}/receipt")
def receipt_page(scene: Ask, number: str) -> Response:
    """What was bought and paid on one sheet, to print or to keep."""
    seen = opened(scene, number)
    if seen is None:
        return scene.go("/order", number=number)
    shown = bills.shown(seen, scene.lang, PREFIX[scene.lang])
    return page(
        scene,
        "receipt.html",
        order=shown,
        placed_at=seen.order.placed_at,
        charged_minor=seen.money.charged_minor,
        path=scene.link(f"/order/{seen.order.number}"),
    )


@router.post("/order/{number}/cancel")
def cancel_order(scene: Ask, number: str) -> Response:
    """The buyer cancels before anything was sent."""
    seen = opened(scene, number)
    if seen is None:
        return scene.go("/order", number=number)
    order_id, why = seen.order.order_id, say(seen.order.lang, "order.cancel.why")
    return _acted(scene, seen, lambda uow: orders.cancel(uow, order_id, why, scene.now))


@router.post("/order/{number}/reduce")
def reduce_order(scene: Ask, number: str) -> Response:
    """The buyer takes units out of a paid order before they are sent."""
    seen = opened(scene, number)
    if seen is None:
        return scene.go("/order", number=number)
    order_id, key = seen.order.order_id, scene.fields.get("key", "")
    why = say(seen.order.lang, "order.cancel.why")
    units = {line.line_no: _units(scene, line.line_no) for line in seen.lines}
    wanted = {line_no: count for line_no, count in units.items() if count}
    if not wanted:
        return scene.go(f"/order/{seen.order.number}")
    return _acted(scene, seen, lambda uow: orders.reduce(uow, order_id, wanted, why, scene.now, key=key))


def _units(scene: Scene, line_no: int) -> int:
    text = scene.fields.get(f"units-{line_no}", "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 6 else 0


def _acted(scene: Scene, seen: Detail, act: Callable[[UnitOfWork], Order]) -> Response:
    """Does something to an order, again where two meet crosswise; back to it, with the reason if refused."""
    try:
        scene.stores.rows.patiently(act)
    except ShopError as refused:
        return _order(scene, seen, status=409, wrong=refused.text(scene.lang))
    return scene.go(f"/order/{seen.order.number}")


@router.get("/order/{number}/pay")
def pay_page(apart: Apart, number: str) -> Response:
    """The way to the provider. It is asked between two transactions: a slow one holds nobody else up."""
    with apart() as scene:
        seen = opened(scene, number)
        if seen is None:
            return scene.go("/order", number=number)
        order = seen.order
        intents = [one for one in payments.intents(scene.uow, [order.order_id]) if one.state == "open"]
    if not seen.states.can_pay or not intents:
        return scene.go(f"/order/{order.number}")
    wrong, action = "", None
    try:
        action = payments.present(
            scene.stores, intents[-1].id, scene.now, device=scene.device, label=order.number
        )
    except ShopError as refused:
        wrong = refused.text(scene.lang)
    kind, way = (action.kind, action.url) if action else ("", "")
    with apart() as scene:
        return page(
            scene,
            "pay.html",
            order=order,
            order_path=scene.link(f"/order/{order.number}"),
            until=order.pay_until,
            provider=say(scene.lang, f"provider.{intents[-1].provider}"),
            action_url=_in_tongue(scene, way, intents[-1].provider) if kind == "redirect" else "",
            qr_text=way if kind == "qr" else "",
            qr=code_of(way) if kind == "qr" else "",
            wrong=wrong,
        )


def _in_tongue(scene: Scene, url: str, provider: str) -> str:
    """Our own sandbox is told in which language the shopper reads; providers ask them themselves."""
    return f"{url}{'&' if '?' in url else '?'}lang={scene.lang}" if provider == "sandbox" else url


def _order(
    scene: Scene, found: Detail, *, paid: int = 0, new: bool = False, status: int = 200, wrong: str = ""
) -> Response:
    seen = bills.shown(found, scene.lang, PREFIX[scene.lang], returned=0 < paid <= LOOKS_MOST)
    path = f"/order/{seen.number}"
    seen = replace(
        seen,
        pay_path=scene.link(f"{path}/pay"),
        cancel_path=scene.link(f"{path}/cancel"),
        receipt_path=scene.link(f"{path}/receipt"),
        reduce_path=scene.link(f"{path}/reduce") if found.states.can_reduce else "",
        key=secrets.token_urlsafe(18),
        keep_link=not scene.who.member_id,
        fresh=new or paid == 1,
    )
    again = scene.link(path, paid=paid + 1) if seen.state == "checking" else ""
    return page(scene, "order.html", status, order=seen, again=again, wrong=wrong)


def _track(scene: Scene, given: dict[str, str], wrong: str = "") -> Response:
    return page(scene, "track.html", 404 if wrong else 200, given=given, wrong=wrong)


def _row(scene: Scene, row: OrderRow) -> dict[str, Any]:
    order = row.order
    return {
        "number": order.number,
        "path": scene.link(f"/order/{order.number}"),
        "state": bills.state_of(row),
        "at": order.placed_at,
        "total_minor": order.total_minor,
        "images": [picture(line.image) for line in order.lines[:6]],
    }


def _after(cursor: str | None) -> tuple[datetime, str] | None:
    found = from_cursor(cursor, str, str)
    if found is None:
        return None
    try:
        return datetime.fromisoformat(str(found[0])), str(found[1])
    except ValueError:
        raise BAD_CURSOR.error(value=str(cursor)[:80]) from None

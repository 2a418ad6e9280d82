"""Signing in, signing up, signing out, and the one question about what we may keep."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from shengeng.http import address_of
from shengeng.http.shopping import drop_basket, drop_session, keep_session
from shengeng.kernel.errors import ShopError
from shengeng.storefront.asking import CONSENT_COOKIE, Ask, Scene, safe_path
from shengeng.storefront.faults import beside
from shengeng.storefront.render import page
from shengeng.storefront.words import say
from shengeng.trade.checkout import api as checkout
from shengeng.trade.members import api as members
from shengeng.trade.members.contracts import Entered

router = APIRouter()
ASKED_AGAIN_S = 180 * 24 * 3600


@router.get("/sign-in")
def sign_in_page(scene: Ask, back: str = "") -> Response:
    """The form of those who have an account."""
    if scene.who.member_id:
        return scene.go("/account")
    return _form(scene, "sign_in.html", back)


@router.post("/sign-in")
def sign_in(scene: Ask) -> Response:
    """A session for a contact and its password; the form again, with the reason, where that is refused."""
    given = scene.fields
    try:
        entered = members.sign_in(
            scene.stores.rows,
            scene.now,
            contact=given.get("contact", ""),
            password=given.get("password", ""),
            address=address_of(scene.request),
        )
    except ShopError as refused:
        return _form(scene, "sign_in.html", given.get("back", ""), refused)
    return _entered(scene, entered)


@router.get("/sign-up")
def sign_up_page(scene: Ask, back: str = "") -> Response:
    """The form of those who have no account."""
    if scene.who.member_id:
        return scene.go("/account")
    return _form(scene, "sign_up.html", back)


@router.post("/sign-up")
def sign_up(scene: Ask) -> Response:
    """A new account and its first session; marketing is allowed only where the box was ticked."""
    given = scene.fields
    contact = given.get("contact", "")
    try:
        entered = members.sign_up(
            scene.stores.rows,
            scene.now,
            email=contact if "@" in contact else "",
            phone="" if "@" in contact else contact,
            password=given.get("password", ""),
            name=given.get("name", ""),
            address=address_of(scene.request),
        )
    except ShopError as refused:
        return _form(scene, "sign_up.html", given.get("back", ""), refused)
    if given.get("marketing") == "yes":
        shown = say(scene.lang, "signup.marketing")
        members.say(scene.uow, entered.shopper, "marketing", True, scene.now, shown=shown)
    return _entered(scene, entered)


@router.post("/sign-out")
def sign_out(scene: Ask) -> Response:
    """Ends the session."""
    members.sign_out(scene.uow, scene.who.session)
    gone = scene.go("/")
    drop_session(gone, https=scene.stores.settings.https)
    return gone


@router.post("/consent")
def consent(scene: Ask) -> Response:
    """Remembers the answer; what a member says is written down with the sentence they saw."""
    choice = "yes" if scene.fields.get("choice") == "yes" else "no"
    if scene.who.member_id:
        shown = say(scene.lang, "consent.text")
        members.say(scene.uow, scene.who, "analytics", choice == "yes", scene.now, shown=shown)
    answer = scene.go(safe_path(scene.fields.get("back", "")) or "/")
    https = scene.stores.settings.https
    answer.set_cookie(
        CONSENT_COOKIE, choice, ASKED_AGAIN_S, path="/", samesite="lax", secure=https, httponly=True
    )
    return answer


def _entered(scene: Scene, entered: Entered) -> Response:
    """The old session ends, the guest's basket joins the member's, and back to where they came from."""
    members.sign_out(scene.uow, scene.who.session)
    https = scene.stores.settings.https
    answer = scene.go(safe_path(scene.fields.get("back", "")) or "/account")
    if scene.who.basket:
        checkout.merge(scene.uow, entered.shopper.me, scene.who.basket, scene.now)
        drop_basket(answer, https=https)
    keep_session(answer, entered.secret, https=https)
    return answer


def _form(scene: Scene, template: str, back: str, refused: ShopError | None = None) -> Response:
    status = {None: 200, "throttled": 429}.get(refused.kind if refused else None, 422)
    wrongs = beside(scene, refused, ("contact", "password", "name"))
    known: dict[str, Any] = {name: scene.fields.get(name, "") for name in ("contact", "name", "marketing")}
    return page(
        scene,
        template,
        status,
        back=safe_path(back),
        given=known,
        wrong=refused.text(scene.lang) if refused and not wrongs else "",
        wrongs=wrongs,
    )

"""A member's own pages: name and contacts, address book, sessions, what they allow, what is known of them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from shengeng.govern.consent.contracts import Purpose
from shengeng.http import address_of
from shengeng.kernel.errors import ShopError
from shengeng.storefront.asking import Ask, Scene, attempt
from shengeng.storefront.faults import beside
from shengeng.storefront.places import FIELDS, where_of
from shengeng.storefront.render import page
from shengeng.storefront.words import say
from shengeng.trade.members import api as members

router = APIRouter(prefix="/account")
ASKED: tuple[Purpose, ...] = ("marketing", "analytics", "personalisation")


@router.get("/profile")
def profile_page(scene: Ask, done: str = "") -> Response:
    """Name, contacts, password."""
    if not scene.who.member_id:
        return to_sign_in(scene)
    return _profile(scene, done=done)


@router.post("/profile")
def change_profile(scene: Ask) -> Response:
    """Changes the part whose form was sent; a refusal stands above that part."""
    if not scene.who.member_id:
        return to_sign_in(scene)
    part = scene.fields.get("part", "")
    try:
        with attempt(scene):
            _change(scene, part)
    except ShopError as refused:
        return _profile(scene, 422, wrong={part: refused.text(scene.lang)})
    return scene.go("/account/profile", done=part)


def _change(scene: Scene, part: str) -> None:
    given, rows, address = scene.fields, scene.stores.rows, address_of(scene.request)
    if part == "name":
        members.change_name(scene.uow, scene.who, given.get("name", ""))
    elif part == "contact":
        members.change_contact(
            rows,
            scene.now,
            scene.who,
            email=given.get("email", ""),
            phone=given.get("phone", ""),
            password=given.get("password", ""),
            address=address,
        )
    elif part == "password":
        old, new = given.get("old", ""), given.get("new", "")
        members.change_password(rows, scene.now, scene.who, old=old, new=new, address=address)


@router.get("/addresses")
def addresses_page(scene: Ask, edit: str = "") -> Response:
    """The address book, with the form of the entry that is changed, or of a new one."""
    if not scene.who.member_id:
        return to_sign_in(scene)
    return _addresses(scene, edit)


@router.post("/addresses")
def change_addresses(scene: Ask) -> Response:
    """Adds, changes or removes an entry of one's own."""
    if not scene.who.member_id:
        return to_sign_in(scene)
    given = scene.fields
    which = _uuid(given.get("address_id", ""))
    try:
        with attempt(scene):
            if given.get("do") == "drop" and which:
                members.drop_address(scene.uow, scene.who.me, which)
            else:
                members.put_address(
                    scene.uow,
                    scene.who.me,
                    where_of(given),
                    scene.now,
                    address_id=which,
                    standard=given.get("standard") == "yes",
                )
    except ShopError as refused:
        return _addresses(scene, given.get("address_id", "") or "new", refused)
    return scene.go("/account/addresses")


@router.get("/privacy")
def privacy_page(scene: Ask, done: str = "") -> Response:
    """What the member allows, where they are signed in, and how to get or erase what is known of them."""
    if not scene.who.member_id:
        return to_sign_in(scene)
    return _privacy(scene, done=done)


@router.post("/privacy")
def change_privacy(scene: Ask) -> Response:
    """Writes down what was ticked and what was not, ends a session, or asks for a copy or for erasure."""
    if not scene.who.member_id:
        return to_sign_in(scene)
    part = scene.fields.get("part", "")
    try:
        with attempt(scene):
            _say_privacy(scene, part)
    except ShopError as refused:
        return _privacy(scene, 409, wrong=refused.text(scene.lang))
    return scene.go("/account/privacy", done=part)


def _say_privacy(scene: Scene, part: str) -> None:
    if part == "consents":
        known = members.allowed(scene.uow, scene.who.me)
        for purpose in ASKED:
            wanted = scene.fields.get(purpose) == "yes"
            if wanted != known.get((purpose, "any"), False):
                shown = say(scene.lang, f"privacy.{purpose}")
                members.say(scene.uow, scene.who, purpose, wanted, scene.now, shown=shown)
    elif part == "session":
        members.end_session(scene.uow, scene.who, scene.fields.get("id", ""))
    elif part == "export":
        members.ask_privacy(scene.uow, scene.who, "export", scene.now)
    elif part == "erasure":
        members.ask_privacy(scene.uow, scene.who, "erasure", scene.now)


def to_sign_in(scene: Scene) -> Response:
    """Whoever has to be signed in first comes back to the same page afterwards."""
    return scene.go("/sign-in", back=scene.path)


def _profile(scene: Scene, status: int = 200, **more: Any) -> Response:
    me = members.member(scene.uow, scene.who.me)
    tiers = {tier.key: tier.name for tier in members.tiers(scene.uow)}
    tier = tiers.get(me.tier) if me.tier else None
    return page(scene, "profile.html", status, **({"me": me, "tier": tier, "wrong": {}, "done": ""} | more))


def _addresses(scene: Scene, edit: str, refused: ShopError | None = None) -> Response:
    book = members.addresses(scene.uow, scene.who.me)
    chosen = next((one for one in book if str(one.address_id) == edit), None)
    shown = {name: getattr(chosen.where, name) for name in FIELDS} if chosen else dict.fromkeys(FIELDS, "")
    wrongs = beside(scene, refused, FIELDS)
    if refused:
        shown |= {name: scene.fields.get(name, "") for name in FIELDS}
    open_form = bool(chosen) or edit == "new" or not book
    return page(
        scene,
        "addresses.html",
        422 if refused else 200,
        book=book,
        chosen=chosen,
        given=shown,
        open_form=open_form,
        wrong=refused.text(scene.lang) if refused and not wrongs else "",
        wrongs=wrongs,
    )


def _privacy(scene: Scene, status: int = 200, **more: Any) -> Response:
    known = members.allowed(scene.uow, scene.who.me)
    given = {
        "asked": ASKED,
        "allowed": {purpose: known.get((purpose, "any"), False) for purpose in ASKED},
        "sessions": members.sessions(scene.uow, scene.who, scene.now),
        "wrong": "",
        "done": "",
    }
    return page(scene, "privacy.html", status, **(given | more))


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        return None

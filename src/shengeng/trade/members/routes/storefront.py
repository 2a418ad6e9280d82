"""/v1/store/members, /v1/store/session, /v1/store/me: what shoppers do with their own account."""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Path, Request, Response
from pydantic import BaseModel, ConfigDict, StringConstraints

from shengeng.govern.consent.contracts import Channel, Purpose
from shengeng.http import Now, Shop, Unit, address_of, error_answers
from shengeng.http.shopping import Member, Visitor, drop_session, keep_session
from shengeng.trade.members import api
from shengeng.trade.members.contracts import Entered, Known
from shengeng.trade.members.routes.shapes import (
    MemberAddress,
    MemberAddressFields,
    MemberConsent,
    MemberSession,
    Short,
    consents_of,
)

public = APIRouter(
    prefix="/v1/store", tags=["members"], responses=error_answers(401, 403, 404, 409, 413, 422, 429)
)
Secret = Annotated[str, StringConstraints(max_length=1024)]
Shown = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000)]


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)


class NewMember(_Body):
    """An account to make, with at least one contact. anonymous_id: the device, where that was allowed."""

    email: Short = ""
    phone: Short = ""
    password: Secret
    name: Short = ""
    anonymous_id: Short | None = None


class MemberSignIn(_Body):
    """contact: the account's e-mail address or phone number. anonymous_id: the device, if allowed."""

    contact: Short
    password: Secret
    anonymous_id: Short | None = None


class MyAccount(BaseModel):
    """A member's own account. csrf goes into the header x-csrf-token of every write."""

    member_id: str
    name: str
    email: str | None
    phone: str | None
    tier: str | None
    csrf: str


class MyName(_Body):
    """What to call the member."""

    name: Short


class MyContact(_Body):
    """The contacts to sign in with from now on, and the present password."""

    email: Short = ""
    phone: Short = ""
    password: Secret


class MyPassword(_Body):
    """The present password and the new one."""

    old: Secret
    new: Secret


class SessionsEnded(BaseModel):
    """How many other sessions ended."""

    sessions_ended: int


class MyConsent(_Body):
    """What the member allows or withdraws. shown: the sentence that stood beside the box."""

    purpose: Purpose
    channel: Channel = "any"
    granted: bool
    shown: Shown


class MyRequest(_Body):
    """A copy of everything about the member, or its erasure."""

    kind: Literal["export", "erasure"]


class MyRequestMade(BaseModel):
    """A request that the shop answers by its day."""

    kind: str
    state: str
    due_on: str


@public.post("/members", status_code=201)
def sign_up(
    body: NewMember, who: Visitor, request: Request, response: Response, *, shop: Shop, uow: Unit, now: Now
) -> MyAccount:
    """A new account and its first session: sets the HttpOnly cookie. Open to everybody."""
    api.sign_out(uow, who.session)
    entered = api.sign_up(
        shop.rows,
        now,
        email=body.email,
        phone=body.phone,
        password=body.password,
        name=body.name,
        address=address_of(request),
        anonymous_id=body.anonymous_id,
    )
    return _entered(shop.settings.https, response, entered, api.member(uow, entered.shopper.me))


@public.post("/session")
def enter(
    body: MemberSignIn, who: Visitor, request: Request, response: Response, *, shop: Shop, uow: Unit, now: Now
) -> MyAccount:
    """A session for a contact and its password: sets the HttpOnly cookie. Open to everybody."""
    api.sign_out(uow, who.session)
    entered = api.sign_in(
        shop.rows,
        now,
        contact=body.contact,
        password=body.password,
        address=address_of(request),
        anonymous_id=body.anonymous_id,
    )
    return _entered(shop.settings.https, response, entered, api.member(uow, entered.shopper.me))


@public.delete("/session", status_code=204)
def leave(who: Visitor, response: Response, shop: Shop, uow: Unit) -> None:
    """Ends the session of the cookie."""
    api.sign_out(uow, who.session)
    drop_session(response, https=shop.settings.https)


@public.get("/me")
def my_account(who: Visitor, uow: Unit) -> MyAccount | None:
    """The member who asks, or null for a guest."""
    return None if who.member_id is None else _mine(api.member(uow, who.member_id), who.csrf)


@public.patch("/me")
def change_my_name(body: MyName, who: Member, uow: Unit) -> MyAccount:
    """What the member is called."""
    return _mine(api.change_name(uow, who, body.name), who.csrf)


@public.post("/me/contact")
def change_my_contact(body: MyContact, who: Member, request: Request, shop: Shop, now: Now) -> MyAccount:
    """Other contacts to sign in with, for the present password."""
    changed = api.change_contact(
        shop.rows,
        now,
        who,
        email=body.email,
        phone=body.phone,
        password=body.password,
        address=address_of(request),
    )
    return _mine(changed, who.csrf)


@public.post("/me/password")
def change_my_password(
    body: MyPassword, who: Member, request: Request, shop: Shop, now: Now
) -> SessionsEnded:
    """A new password; all other sessions end."""
    ended = api.change_password(shop.rows, now, who, old=body.old, new=body.new, address=address_of(request))
    return SessionsEnded(sessions_ended=ended)


@public.get("/me/sessions")
def my_sessions(who: Member, uow: Unit, now: Now) -> list[MemberSession]:
    """Where the member is signed in."""
    return [MemberSession.of(one) for one in api.sessions(uow, who, now)]


@public.delete("/me/sessions/{id}", status_code=204)
def end_my_session(id: Annotated[str, Path(max_length=64)], who: Member, uow: Unit) -> None:
    """Signs out one of the member's own sessions; one that has ended is no error."""
    api.end_session(uow, who, id)


@public.get("/me/addresses")
def my_addresses(who: Member, uow: Unit) -> list[MemberAddress]:
    """The address book, the standard one first."""
    return [MemberAddress.of(one) for one in api.addresses(uow, who.me)]


@public.post("/me/addresses", status_code=201)
def add_my_address(body: MemberAddressFields, who: Member, uow: Unit, now: Now) -> MemberAddress:
    """A new entry of the address book."""
    return MemberAddress.of(api.put_address(uow, who.me, body.where(), now, standard=body.standard))


@public.put("/me/addresses/{address_id}")
def change_my_address(
    address_id: UUID, body: MemberAddressFields, who: Member, uow: Unit, now: Now
) -> MemberAddress:
    """Changes one's own entry; anybody else's is not there."""
    changed = api.put_address(uow, who.me, body.where(), now, address_id=address_id, standard=body.standard)
    return MemberAddress.of(changed)


@public.delete("/me/addresses/{address_id}", status_code=204)
def drop_my_address(address_id: UUID, who: Member, uow: Unit) -> None:
    """Removes one's own entry."""
    api.drop_address(uow, who.me, address_id)


@public.get("/me/consents")
def my_consents(who: Member, uow: Unit) -> list[MemberConsent]:
    """What the member said; nothing is ticked beforehand."""
    return consents_of(dict(api.allowed(uow, who.me)))


@public.post("/me/consents", status_code=201)
def say_consent(body: MyConsent, who: Member, uow: Unit, now: Now) -> list[MemberConsent]:
    """Allows or withdraws a purpose."""
    api.say(uow, who, body.purpose, body.granted, now, shown=body.shown, channel=body.channel)
    return consents_of(dict(api.allowed(uow, who.me)))


@public.post("/me/requests", status_code=202)
def ask_about_me(body: MyRequest, who: Member, uow: Unit, now: Now) -> MyRequestMade:
    """Asks the shop for a copy of everything about the member, or to forget them."""
    made = api.ask_privacy(uow, who, body.kind, now)
    return MyRequestMade(kind=made.kind, state=made.state, due_on=made.due_on.isoformat())


def _entered(https: bool, response: Response, entered: Entered, known: Known) -> MyAccount:
    keep_session(response, entered.secret, https=https)
    return _mine(known, entered.shopper.csrf)


def _mine(known: Known, csrf: str) -> MyAccount:
    return MyAccount(
        member_id=known.member_id,
        name=known.name,
        email=known.email,
        phone=known.phone,
        tier=known.tier,
        csrf=csrf,
    )

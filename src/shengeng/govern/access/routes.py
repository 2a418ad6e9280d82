"""/v1/session, /v1/me, /v1/operators, /v1/tokens."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from shengeng.govern.access import api
from shengeng.govern.access.contracts import TOKEN_DAYS_LONGEST
from shengeng.http import (
    Admin,
    Now,
    Role,
    Shop,
    Turn,
    Unit,
    Viewer,
    address_of,
    credentials_of,
    error_answers,
)
from shengeng.http.asking import COOKIE
from shengeng.kernel.errors import ShopError
from shengeng.kernel.roles import Principal
from shengeng.storage.stores import Stores

router = APIRouter(prefix="/v1", tags=["govern"], responses=error_answers(401, 403, 404, 409, 422, 429))

Name = Annotated[str, StringConstraints(max_length=64)]
Secret = Annotated[str, StringConstraints(max_length=1024)]
TeamKeys = Annotated[list[Annotated[str, StringConstraints(max_length=32)]], Field(max_length=100)]


class SignIn(BaseModel):
    """Name and password."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)
    name: Secret
    password: Secret


class Me(BaseModel):
    """Who is signed in; csrf goes into the header x-csrf-token of every write (empty for API tokens)."""

    name: str
    role: Role
    teams: list[str]
    csrf: str


class NewPassword(BaseModel):
    """The old password and the new one."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)
    old: Secret
    new: Secret


class Operator(BaseModel):
    """An account of the console."""

    model_config = ConfigDict(from_attributes=True)
    name: str
    role: Role
    teams: list[str]
    disabled: bool
    created_at: datetime
    last_seen_at: datetime | None


class NewOperator(BaseModel):
    """An account to make; its password is generated."""

    model_config = ConfigDict(extra="forbid")
    name: Name
    role: Role
    teams: TeamKeys = []


class OperatorSecret(BaseModel):
    """An account and its generated password, shown this once."""

    operator: Operator
    password: str


class OperatorChange(BaseModel):
    """What to change; absent fields stay."""

    model_config = ConfigDict(extra="forbid")
    role: Role | None = None
    teams: TeamKeys | None = None
    disabled: bool | None = None


class Token(BaseModel):
    """An API token without its secret."""

    model_config = ConfigDict(from_attributes=True)
    id: UUID
    operator: str
    name: str
    role: Role
    created_at: datetime
    last_used_at: datetime | None
    expires_at: datetime


class NewToken(BaseModel):
    """A token to make."""

    model_config = ConfigDict(extra="forbid")
    name: Annotated[str, StringConstraints(max_length=60, strip_whitespace=True)]
    role: Role
    days: Annotated[int, Field(ge=1, le=TOKEN_DAYS_LONGEST)] = 90


class TokenSecret(BaseModel):
    """A token and its secret, shown this once."""

    token: Token
    secret: str


# ------------------------------------------------------------------ session
@router.post("/session")
def sign_in(body: SignIn, _: Turn, request: Request, response: Response, shop: Shop, now: Now) -> Me:
    """Begins a session: sets its HttpOnly cookie and answers who came in. Public."""
    api.check_site(credentials_of(request).site)
    hours = shop.settings.session_hours
    entered = api.sign_in(
        shop.rows, now, name=body.name, password=body.password, address=address_of(request), hours=hours
    )
    _end_former(shop, request, now)
    response.set_cookie(
        COOKIE, entered.session, httponly=True, samesite="lax", secure=shop.settings.https, path="/"
    )
    return _me(entered.principal, entered.csrf)


@router.delete("/session", status_code=204)
def sign_out(_: Viewer, request: Request, response: Response, shop: Shop, uow: Unit, now: Now) -> None:
    """Ends the session of the cookie."""
    api.sign_out(uow, credentials_of(request).session, now)
    response.delete_cookie(COOKIE, path="/", httponly=True, samesite="lax", secure=shop.settings.https)


@router.get("/me")
def me(request: Request, shop: Shop, uow: Unit, now: Now) -> Me | None:
    """Who asks, or null: the console asks this before anybody has signed in. Public."""
    shown = credentials_of(request)
    try:
        who = api.authenticate(uow, shown, shop.settings.session_hours, now)
    except ShopError as error:
        if error.kind == "unauthenticated" and shown.bearer is None:
            return None
        raise
    return _me(who, "" if who.via == "token" else api.csrf_of(shown.session))


@router.post("/me/password", status_code=204)
def change_password(
    body: NewPassword, who: Viewer, request: Request, *, shop: Shop, uow: Unit, now: Now
) -> None:
    """One's own new password; other sessions of the account end."""
    session, address = credentials_of(request).session, address_of(request)
    api.change_password(
        uow, shop.rows, who, now, old=body.old, new=body.new, session=session, address=address
    )


# ------------------------------------------------------------------ operators
@router.get("/operators")
def list_operators(_: Admin, uow: Unit) -> list[Operator]:
    """Every account (admin)."""
    return [Operator.model_validate(found) for found in api.operators(uow)]


@router.post("/operators", status_code=201)
def create_operator(body: NewOperator, who: Admin, uow: Unit, now: Now) -> OperatorSecret:
    """A new account with a generated password (admin)."""
    return _secret(api.create_operator(uow, who, now, name=body.name, role=body.role, team_keys=body.teams))


@router.patch("/operators/{name}")
def change_operator(name: Name, body: OperatorChange, who: Admin, uow: Unit, now: Now) -> Operator:
    """Changes role, teams or whether the account is disabled (admin)."""
    changed = api.change_operator(
        uow, who, now, name, role=body.role, team_keys=body.teams, disabled=body.disabled
    )
    return Operator.model_validate(changed)


@router.post("/operators/{name}/password")
def reset_password(name: Name, who: Admin, uow: Unit, now: Now) -> OperatorSecret:
    """A newly generated password for somebody who lost theirs (admin)."""
    return _secret(api.reset_password(uow, who, name, now))


# ------------------------------------------------------------------ tokens
@router.get("/tokens")
def list_tokens(who: Viewer, uow: Unit) -> list[Token]:
    """One's own API tokens; an admin sees everybody's."""
    return [Token.model_validate(found) for found in api.tokens(uow, who)]


@router.post("/tokens", status_code=201)
def create_token(body: NewToken, who: Viewer, uow: Unit, now: Now) -> TokenSecret:
    """A new API token, not above one's own role."""
    made = api.create_token(uow, who, now, name=body.name, role=body.role, days=body.days)
    return TokenSecret(token=Token.model_validate(made.token), secret=made.secret)


@router.delete("/tokens/{id}", status_code=204)
def revoke_token(id: UUID, who: Viewer, uow: Unit, now: Now) -> None:
    """Revokes one's own token; an admin anybody's."""
    api.revoke_token(uow, who, id, now)


def _me(who: Principal, csrf: str) -> Me:
    return Me(name=who.name, role=who.role, teams=list(who.teams), csrf=csrf)


def _secret(made: api.NewOperator) -> OperatorSecret:
    return OperatorSecret(operator=Operator.model_validate(made.operator), password=made.password)


def _end_former(shop: Stores, request: Request, now: datetime) -> None:
    former = credentials_of(request).session
    if former:
        with shop.rows.unit() as uow:
            api.sign_out(uow, former, now)

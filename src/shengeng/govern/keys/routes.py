"""/v1/keys: write keys of senders of facts."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from shengeng.govern.keys import api
from shengeng.govern.keys.contracts import ORIGINS_MOST, Scope
from shengeng.http import Now, Operator, Unit, Viewer, error_answers

router = APIRouter(prefix="/v1/keys", tags=["govern"], responses=error_answers(401, 403, 404, 409, 422))
Origins = Annotated[list[Annotated[str, StringConstraints(max_length=200)]], Field(max_length=ORIGINS_MOST)]


class Key(BaseModel):
    """A write key without its secret; name is the source of what is sent with it."""

    model_config = ConfigDict(from_attributes=True)
    id: UUID
    name: str
    scopes: list[Scope]
    origins: list[str]
    created_at: datetime
    created_by: str
    last_used_at: datetime | None
    revoked_at: datetime | None


class NewKey(BaseModel):
    """A key to make. origins: pages that may use it, such as https://shop.example."""

    model_config = ConfigDict(extra="forbid")
    name: Annotated[str, StringConstraints(max_length=200)]
    scopes: Annotated[list[Scope], Field(min_length=1, max_length=2)]
    origins: Origins = []


class KeySecret(BaseModel):
    """A key and its secret, shown this once."""

    model_config = ConfigDict(from_attributes=True)
    key: Key
    secret: str


class KeyChange(BaseModel):
    """The pages that may use a key."""

    model_config = ConfigDict(extra="forbid")
    origins: Origins


class KeyList(BaseModel):
    """Every write key."""

    rows: list[Key]


@router.get("")
def list_write_keys(_: Viewer, uow: Unit) -> KeyList:
    """Every write key, revoked ones last."""
    return KeyList(rows=[Key.model_validate(key) for key in api.keys(uow)])


@router.post("", status_code=201)
def create_write_key(body: NewKey, who: Operator, uow: Unit, now: Now) -> KeySecret:
    """A key; its secret is in this answer and nowhere else."""
    made = api.create_key(uow, who, now, name=body.name, scopes=body.scopes, origins=body.origins)
    return KeySecret.model_validate(made, from_attributes=True)


@router.patch("/{key_id}")
def change_write_key(key_id: UUID, body: KeyChange, who: Operator, uow: Unit, now: Now) -> Key:
    """Which pages may use the key."""
    return Key.model_validate(api.change_key(uow, who, now, key_id, origins=body.origins))


@router.delete("/{key_id}", status_code=204)
def revoke_write_key(key_id: UUID, who: Operator, uow: Unit, now: Now) -> None:
    """Ends the key for good."""
    api.revoke_key(uow, who, now, key_id)

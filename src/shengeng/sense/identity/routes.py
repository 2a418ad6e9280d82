"""/v1/identity: who a customer is, why, and the links that somebody cut or restored."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Path
from pydantic import BaseModel, ConfigDict, StringConstraints

from shengeng.http import Now, Operator, Unit, Viewer, error_answers
from shengeng.sense.identity import api
from shengeng.sense.identity.contracts import Kind

router = APIRouter(prefix="/v1/identity", tags=["sense"], responses=error_answers(401, 403, 404, 409, 422))
PersonId = Annotated[str, Path(max_length=210)]


class Known(BaseModel):
    """One identifier of a person."""

    kind: Kind
    value: str


class Link(BaseModel):
    """Two identifiers that were seen together. id: by which it is cut or restored.

    blocked: why it merges nothing: shared (too many customers have the number), crowd (too many customers
    would become one), many (several people log in on the device), cut; null where it holds.
    """

    model_config = ConfigDict(from_attributes=True)
    id: int
    kind_a: Kind
    value_a: str
    kind_b: Kind
    value_b: str
    first_at: datetime
    sources: list[str]
    evidence: dict[str, str]
    blocked: Literal["shared", "crowd", "many", "cut"] | None
    cut_by: str | None
    cut_at: datetime | None
    cut_why: str | None


class IdentityCard(BaseModel):
    """Everything that is one person, and every link at one of their identifiers, the earliest first."""

    person_id: str
    identifiers: list[Known]
    links: list[Link]


class Why(BaseModel):
    """The reason, which the audit log keeps."""

    model_config = ConfigDict(extra="forbid")
    why: Annotated[str, StringConstraints(max_length=400)]


class Changed(BaseModel):
    """The persons whose history changed."""

    people: list[str]


@router.post("/links/{link_id}/cut")
def cut_link(uow: Unit, by: Operator, now: Now, link_id: int, asked: Why) -> Changed:
    """Let a link merge nothing from now on; what it merged falls apart again."""
    return Changed(people=sorted(api.cut(uow, by, link_id, asked.why, now)))


@router.post("/links/{link_id}/restore")
def restore_link(uow: Unit, by: Operator, now: Now, link_id: int, asked: Why) -> Changed:
    """Let a cut link count again."""
    return Changed(people=sorted(api.restore(uow, by, link_id, asked.why, now)))


@router.get("/people/{customer_id:path}")
def read_identity(uow: Unit, _: Viewer, customer_id: PersonId) -> IdentityCard:
    """Who a customer (or anon:<device>) is; whoever was merged into another answers as that one."""
    device = customer_id.startswith("anon:")
    kind: Kind = "anonymous" if device else "customer"
    person = api.person_of(uow, kind, customer_id.removeprefix("anon:") if device else customer_id)
    told = api.explain(uow, person)
    mine = told.identifiers
    kinds: tuple[tuple[Kind, frozenset[str]], ...] = (
        ("customer", mine.customer_ids),
        ("anonymous", mine.anonymous_ids),
        ("phone_hash", mine.phone_hashes),
        ("email_hash", mine.email_hashes),
        ("unionid", mine.unionids),
    )
    return IdentityCard(
        person_id=person,
        identifiers=[Known(kind=kind, value=value) for kind, values in kinds for value in sorted(values)],
        links=[Link.model_validate(seen) for seen in told.edges],
    )

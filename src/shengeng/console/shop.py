"""GET, POST and PATCH /v1/shop: the shop as every screen needs it, with what still waits to arrive."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from shengeng.govern.shop import api as shop_api
from shengeng.http import Admin, Approver, Now, Shop, Unit, Viewer, error_answers
from shengeng.sense.connect import api as connect
from shengeng.storage.lake import Lake
from shengeng.storage.rows import UnitOfWork

router = APIRouter(prefix="/v1/shop", tags=["govern"], responses=error_answers(401, 403, 409, 422))

Key = Annotated[str, StringConstraints(max_length=60)]


class Provenance(BaseModel):
    """Where the data come from and what its publishers say of its origin."""

    model_config = ConfigDict(from_attributes=True)
    title: str
    country: str
    year: str
    licence: str
    origin_note_zh: str
    origin_note_en: str
    source_url: str


class Assumption(BaseModel):
    """What decisions take for given; low and high are allowed; updated_at is null for our default."""

    key: str
    value: float
    default: float
    low: float
    high: float
    unit: str
    about_zh: str
    about_en: str
    updated_at: datetime | None
    updated_by: str | None


class ShopProfile(BaseModel):
    """The shop. Before the first import name, timezone and currency are empty and the days null."""

    name: str
    timezone: str
    currency: str
    today: date | None
    as_of: date | None
    simulated: bool
    provenance: Provenance | None
    assumptions: list[Assumption]
    waiting_days: int


class NewShop(BaseModel):
    """What a shop needs before anything arrives live: its name, IANA time zone and ISO 4217 currency."""

    model_config = ConfigDict(extra="forbid")
    name: Annotated[str, StringConstraints(max_length=80)]
    timezone: Annotated[str, StringConstraints(max_length=60)]
    currency: Annotated[str, StringConstraints(max_length=3)]


class ShopChange(BaseModel):
    """Assumptions to change, by key."""

    model_config = ConfigDict(extra="forbid")
    assumptions: Annotated[dict[Key, float], Field(max_length=50)]


@router.get("")
def read_shop(_: Viewer, shop: Shop, uow: Unit) -> ShopProfile:
    """The shop: its clock, provenance, assumptions, and the days whose orders wait to arrive."""
    return _shop(uow, shop.lake)


@router.post("")
def set_shop(body: NewShop, who: Admin, shop: Shop, uow: Unit, now: Now) -> ShopProfile:
    """Says what the shop is (admin), without an import; saying the same again changes nothing.

    What an import said of the data's origin stays.
    """
    old = shop_api.find_profile(uow)
    shop_api.set_profile(
        uow,
        who,
        now,
        name=body.name,
        timezone=body.timezone,
        currency=body.currency,
        simulated=old.simulated if old else False,
        provenance=old.provenance if old else None,
    )
    return _shop(uow, shop.lake)


@router.patch("")
def change_shop(body: ShopChange, who: Approver, shop: Shop, uow: Unit, now: Now) -> ShopProfile:
    """Changes assumptions (approver), all or none; each change is audited."""
    shop_api.set_assumption(uow, who, body.assumptions, now)
    return _shop(uow, shop.lake)


def _shop(uow: UnitOfWork, lake: Lake) -> ShopProfile:
    found = shop_api.find_profile(uow)
    return ShopProfile(
        name=found.name if found else "",
        timezone=found.timezone if found else "",
        currency=found.currency if found else "",
        today=found.today if found else None,
        as_of=found.as_of if found else None,
        simulated=found.simulated if found else False,
        provenance=Provenance.model_validate(found.provenance) if found and found.provenance else None,
        assumptions=[_assumption(each) for each in shop_api.assumption_list(uow)],
        waiting_days=len(connect.feed_days(lake)),
    )


def _assumption(found: shop_api.Assumption) -> Assumption:
    return Assumption(
        key=found.key,
        value=found.value,
        default=found.default,
        low=found.limits.low,
        high=found.limits.high,
        unit=found.limits.unit,
        about_zh=found.limits.about_zh,
        about_en=found.limits.about_en,
        updated_at=found.updated_at,
        updated_by=found.updated_by,
    )

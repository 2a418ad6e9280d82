"""POST /v1/trade/sample: fill an empty storefront with sample goods."""

from __future__ import annotations

from fastapi import APIRouter
from pydantic import BaseModel

from shengeng import sample
from shengeng.govern.audit import api as audit
from shengeng.govern.shop import api as shop
from shengeng.http import Now, Operator, Unit, error_answers

router = APIRouter(tags=["catalogue"], responses=error_answers(401, 403, 404))


class Loaded(BaseModel):
    """How many sample goods came; 0 where they stand already."""

    goods: int


@router.post("/v1/trade/sample")
def load_sample(who: Operator, uow: Unit, now: Now) -> Loaded:
    """Put the sample shop into the catalogue: goods, prices, stock and delivery, all marked as samples."""
    count = sample.load(uow, who, shop.profile(uow).currency, now)
    if count:
        audit.record(uow, at=now, actor=who.name, action="sample.loaded", target=str(count))
    return Loaded(goods=count)

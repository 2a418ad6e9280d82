"""GET /v1/recommendations/{id}: what to put before a customer, and what each place is made of."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel

from shengeng.decide.recommend import api
from shengeng.decide.recommend.contracts import MOST, MOST_NEW, REASONS, Recommendation
from shengeng.govern.shop import api as shop
from shengeng.http import Shop, Unit, Viewer, error_answers
from shengeng.understand.people import api as people
from shengeng.understand.people.contracts import NO_CUSTOMER

router = APIRouter(
    prefix="/v1/recommendations", tags=["recommendations"], responses=error_answers(401, 404, 422)
)

Reason = Literal["habit", "rhythm", "goes_with", "similar", "category", "season", "pace"]


class ReasonPart(BaseModel):
    """What a reason adds to the log-odds of standing in the next basket."""

    reason: Reason
    log_odds: float


class RecommendationRow(BaseModel):
    """A product for the next basket; score = base + the parts, probability = 1 / (1 + exp(-score))."""

    product_id: str
    title: str
    category: str | None
    place: int
    is_new: bool
    probability: float
    score: float
    base: float
    reasons: list[ReasonPart]


class Recommendations(BaseModel):
    """Best first; as_of is the day whose facts they rest on, null with method where there are none."""

    customer_id: str
    rows: list[RecommendationRow]
    as_of: date | None
    method: str | None


@router.get("/{customer_id:path}")
def read_recommendations(
    _: Viewer,
    uow: Unit,
    stores: Shop,
    customer_id: Annotated[str, Path(max_length=200)],
    *,
    k: Annotated[int, Query(ge=1, le=MOST)] = 10,
    new: Annotated[int, Query(ge=0, le=MOST_NEW, description="Products never bought, at least")] = 0,
) -> Recommendations:
    """The first k products for a customer's next basket, likeliest first, with what each score is made of."""
    profile = shop.find_profile(uow)
    if profile is None or profile.as_of is None:
        raise NO_CUSTOMER.error(customer=customer_id, as_of="-")
    lake = stores.lake.inside(uow)
    found = api.rank(lake, profile.as_of, [customer_id], k, new=new)
    if not found:
        _refuse_stranger(stores, uow, profile.as_of, customer_id)
    return Recommendations(
        customer_id=customer_id,
        rows=[_row(row) for row in found],
        as_of=found[0].as_of if found else None,
        method=found[0].method if found else None,
    )


def _refuse_stranger(stores: Shop, uow: Unit, as_of: date, customer_id: str) -> None:
    """A customer without a ranked product is an empty list, a stranger is not_found."""
    day = people.latest(stores, uow, as_of)
    if day is None:
        raise NO_CUSTOMER.error(customer=customer_id, as_of=as_of)
    people.person(stores.lake.inside(uow), day, customer_id)


def _row(row: Recommendation) -> RecommendationRow:
    parts = [ReasonPart(reason=reason, log_odds=row.reasons[reason]) for reason in REASONS]  # type: ignore[arg-type]  # REASONS are the literal's
    return RecommendationRow(
        product_id=row.product_id,
        title=row.title,
        category=row.category,
        place=row.place,
        is_new=row.is_new,
        probability=row.probability,
        score=row.score,
        base=row.base,
        reasons=parts,
    )

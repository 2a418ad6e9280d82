"""POST /v1/allocation/what-if: what other budgets, calls and shares would bring, before anybody decides."""

from __future__ import annotations

from typing import Annotated, Literal

import pyarrow as pa
from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from shengeng.decide.allocate import api as allocation
from shengeng.decide.allocate.contracts import MOST_MINOR, OFFERS, Limits, Plan
from shengeng.decide.treat import api as treat
from shengeng.govern.shop import api as shop
from shengeng.http import Shop, Unit, Viewer, error_answers
from shengeng.plays.win_back import treatments
from shengeng.understand.lifecycle.contracts import Tier

router = APIRouter(prefix="/v1/allocation", tags=["allocation"], responses=error_answers(401, 404, 422))

Way = Literal["message", "coupon", "call"]
Channel = Literal["message", "phone"]
_ATTRIBUTES = ConfigDict(from_attributes=True)
# Budgets of the curve, as shares of the one asked, or of what would be spent without one.
_CURVE = (0.0, 0.1, 0.25, 0.5, 0.75, 1.0, 1.25, 1.5, 2.0)


class WhatIf(BaseModel):
    """The limits to try: None or a missing key is no limit; shares are of the budget."""

    model_config = ConfigDict(extra="forbid")

    budget_minor: Annotated[int | None, Field(ge=0, le=MOST_MINOR)] = None
    capacity: dict[Channel, Annotated[int, Field(ge=0, le=10**9)]] = {}
    tier_share: dict[Tier, Annotated[float, Field(ge=0.0, le=1.0)]] = {}
    tiers: list[Tier] = ["high"]
    ways: list[Way] = ["message", "coupon", "call"]


class Span(BaseModel):
    """A middle with its 80% interval, in minor units."""

    model_config = _ATTRIBUTES

    low: float
    mid: float
    high: float


class LimitAnswer(BaseModel):
    """One limit: used, left, and what `step` more of it would bring at the margin."""

    model_config = _ATTRIBUTES

    kind: Literal["budget", "channel", "tier"]
    key: str
    limit: float
    used: float
    left: float
    step: float
    brings_minor: float | None


class Cell(BaseModel):
    """Customers of a tier reached in one way."""

    tier: str
    way: str
    customers: int
    spend_minor: int
    gain_minor: float


class CurvePointAnswer(BaseModel):
    """Gain and spending at a budget."""

    model_config = _ATTRIBUTES

    budget_minor: int
    gain_minor: float
    spend_minor: int


class WhatIfAnswer(BaseModel):
    """The plan that these limits allow, and the curve of gain over budget around it."""

    customers: int
    reached: int
    spend_minor: int
    gain_minor: Span
    bound_minor: float
    gap: float
    limits: list[LimitAnswer]
    cells: list[Cell]
    curve: list[CurvePointAnswer]


@router.post("/what-if")
def allocation_what_if(_: Viewer, body: WhatIf, stores: Shop, uow: Unit) -> WhatIfAnswer:
    """Spread a budget over the customers at risk and the ways to reach them; decides nothing."""
    given, profile = shop.assumptions(uow), shop.profile(uow)
    ways = [way for way in treatments(given) if way.key in body.ways]
    capacity = {str(channel): most for channel, most in body.capacity.items()}
    shares = {str(tier): share for tier, share in body.tier_share.items()}
    limits = Limits(body.budget_minor, capacity, shares)
    if profile.as_of is None:
        return _answer(allocation.allocate(OFFERS.empty_table(), limits), [])
    offered = treat.at_risk(
        stores.lake, profile.as_of, ways, margin_rate=given.margin_rate, tiers=set(body.tiers)
    )
    offers = offered.offers()
    plan = allocation.allocate(offers, limits)
    around = plan.spend_minor if body.budget_minor is None else body.budget_minor
    curve = allocation.curve(offers, limits, sorted({round(share * around) for share in _CURVE}))
    return _answer(plan, [CurvePointAnswer.model_validate(point) for point in curve])


def _answer(plan: Plan, curve: list[CurvePointAnswer]) -> WhatIfAnswer:
    return WhatIfAnswer(
        customers=plan.customers,
        reached=plan.choices.num_rows,
        spend_minor=plan.spend_minor,
        gain_minor=Span.model_validate(plan.gain),
        bound_minor=plan.bound_minor,
        gap=plan.gap,
        limits=[LimitAnswer.model_validate(use) for use in plan.uses],
        cells=_cells(plan.choices),
        curve=curve,
    )


def _cells(choices: pa.Table) -> list[Cell]:
    sums = choices.group_by(["tier", "treatment"]).aggregate(
        [("customer_id", "count"), ("cost_minor", "sum"), ("value_mid_minor", "sum")]
    )
    return [
        Cell(
            tier=row["tier"],
            way=row["treatment"],
            customers=row["customer_id_count"],
            spend_minor=row["cost_minor_sum"],
            gain_minor=row["value_mid_minor_sum"],
        )
        for row in sums.sort_by([("tier", "ascending"), ("treatment", "ascending")]).to_pylist()
    ]

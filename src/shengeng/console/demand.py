"""GET /v1/demand: what next week will want, product by product, and the decision that follows."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel, ConfigDict

from shengeng.decide.ledger import api as ledger
from shengeng.decide.ledger.contracts import DecisionRow as LedgerRow
from shengeng.decide.replenish import api as replenish
from shengeng.decide.replenish.contracts import Terms
from shengeng.govern.shop import api as shop
from shengeng.http import Cursor, Limit, Shop, Unit, Viewer, error_answers, from_cursor, to_cursor
from shengeng.storage.rows import UnitOfWork
from shengeng.storage.stores import Stores
from shengeng.understand.demand import api as demand
from shengeng.understand.demand.contracts import QUANTILES, ProductRow, Search, Sort

router = APIRouter(prefix="/v1/demand", tags=["demand"], responses=error_answers(401, 404, 422))

PLAY = "stock_up"
HISTORY_WEEKS = 52
_ATTRIBUTES = ConfigDict(from_attributes=True)


class StockDecision(BaseModel):
    """The stock-up whose window reaches the coming week."""

    id: UUID
    units: int
    state: str


class DemandRow(BaseModel):
    """A product's coming week as lists show it; spark: units of the last 13 weeks."""

    product_id: str
    title: str
    department: str | None
    category: str | None
    last_week: int
    mean: float
    p10: float
    p50: float
    p90: float
    spark: list[int]
    decision: StockDecision | None


class DemandPage(BaseModel):
    """A page of products; total counts all that match, next is the cursor of the following page."""

    rows: list[DemandRow]
    total: int
    next: str | None


class DemandWeek(BaseModel):
    """What a week sold."""

    week_start: date
    units: int


class DemandFan(BaseModel):
    """The quantiles of one week."""

    week_start: date
    p05: float
    p10: float
    p25: float
    p50: float
    p75: float
    p90: float
    p95: float


class StoreDemand(BaseModel):
    """The coming week of a heavy store."""

    store_id: str
    p10: float
    p50: float
    p90: float
    last_week: int


class StockPolicy(BaseModel):
    """The rates behind a stock-up: enough in a share critical_ratio of weeks."""

    critical_ratio: float
    margin_rate: float
    scrap_rate: float
    price_minor: int | None


class DemandBetween(BaseModel):
    """A central estimate with its 80% interval."""

    model_config = _ATTRIBUTES
    low: float
    mid: float
    high: float


class DemandSettlement(BaseModel):
    """What came of a stock-up."""

    model_config = _ATTRIBUTES
    kind: str
    settled_on: date
    forecast_observed: float
    gain_observed_minor: int | None
    inside: bool | None


class DemandDecision(BaseModel):
    """A stock-up as the ledger lists it."""

    model_config = _ATTRIBUTES
    id: UUID
    play: str
    subject_kind: str
    subject: str
    title: str
    subject_params: dict[str, Any]
    state: str
    version: int
    action: dict[str, Any]
    default_action: dict[str, Any]
    gain_minor: DemandBetween | None
    basis: str
    cost_minor: int | None
    forecast: DemandBetween
    forecast_unit: str
    window_start: date
    window_end: date
    team: str
    settlement: DemandSettlement | None


class DemandDetail(BaseModel):
    """One product: its weeks, what the coming one will want, what was said before, and what follows."""

    row: DemandRow
    weeks: list[DemandWeek]
    fan: list[DemandFan]
    past_fans: list[DemandFan]
    stores: list[StoreDemand]
    decision: DemandDecision | None
    policy: StockPolicy | None
    method: str
    as_of: date


@router.get("")
def list_demand(
    _: Viewer,
    uow: Unit,
    stores: Shop,
    *,
    q: Annotated[str, Query(max_length=100, description="Part of a product's id, title or category")] = "",
    department: Annotated[str, Query(max_length=200)] = "",
    sort: Sort = "mean",
    desc: bool = True,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> DemandPage:
    """The products of the newest estimate; empty before the first."""
    day = _day(stores, uow)
    if day is None:
        return DemandPage(rows=[], total=0, next=None)
    kind = {"title": str, "product_id": str, "last_week": int}.get(sort, float)
    seen = from_cursor(cursor, kind, str)
    after = None if seen is None else (seen[0], str(seen[1]))
    search = Search(q, department, sort, desc)
    rows, total = demand.products(stores.lake.inside(uow), day, search, after=after, limit=limit)
    last = rows[-1] if len(rows) == limit else None
    more = to_cursor(getattr(last, sort), last.product_id) if last else None
    return DemandPage(rows=_rows(uow, rows, day), total=total, next=more)


@router.get("/{product_id:path}")
def read_demand(
    _: Viewer,
    uow: Unit,
    stores: Shop,
    product_id: Annotated[str, Path(max_length=200)],
    store: Annotated[str, Query(max_length=200, description="One of the heavy stores")] = "",
) -> DemandDetail:
    """One product all round; not_found where it has no estimate, or not for that store."""
    day = _day(stores, uow)
    if day is None:
        raise demand.no_estimate(product_id, None)
    lake = stores.lake.inside(uow)
    row, estimates = demand.product(lake, day, product_id, store or None)
    units = demand.weekly(lake, day, [product_id], HISTORY_WEEKS, store_id=store or None)[0]
    said = demand.past_estimates(lake, uow, product_id, before=day, store_id=store or None)
    shown = next(e for e in estimates if e["store_id"] == (store or None))
    decisions = _decisions(uow, [product_id], day)
    return DemandDetail(
        row=_row(row, decisions),
        weeks=_weeks(units.astype(int).tolist(), day),
        fan=[_fan(shown)],
        past_fans=[_fan(fan) for fan in said.to_pylist()],
        stores=[StoreDemand(**_only(e, StoreDemand)) for e in estimates if e["store_id"] is not None],
        decision=_decision(decisions[product_id]) if product_id in decisions else None,
        policy=_policy(uow, row),
        method=shown["method"],
        as_of=day,
    )


def _day(stores: Stores, uow: UnitOfWork) -> date | None:
    """The day of the newest estimate that the shop clock has reached."""
    profile = shop.find_profile(uow)
    if profile is None or profile.as_of is None:
        return None
    days = [day for day in demand.estimated_days(stores.lake, uow) if day <= profile.as_of]
    return days[-1] if days else None


def _decisions(uow: UnitOfWork, product_ids: list[str], day: date) -> Mapping[str, LedgerRow]:
    return ledger.decisions_of_products(uow, product_ids, play=PLAY, on=day + timedelta(days=1))


def _rows(uow: UnitOfWork, rows: list[ProductRow], day: date) -> list[DemandRow]:
    decisions = _decisions(uow, [row.product_id for row in rows], day)
    return [_row(row, decisions) for row in rows]


def _row(row: ProductRow, decisions: Mapping[str, LedgerRow]) -> DemandRow:
    made = decisions.get(row.product_id)
    decision = StockDecision(id=made.id, units=made.action["units"], state=made.state) if made else None
    fields = {name: getattr(row, name) for name in DemandRow.model_fields if hasattr(row, name)}
    return DemandRow(**fields, spark=list(row.recent), decision=decision)


def _weeks(units: list[int], day: date) -> list[DemandWeek]:
    """Since the first week with a sale, oldest first."""
    first = next((i for i, sold in enumerate(units) if sold), len(units))
    starts = [day - timedelta(days=7 * (len(units) - i) - 1) for i in range(len(units))]
    pairs = list(zip(starts, units, strict=True))[first:]
    return [DemandWeek(week_start=start, units=sold) for start, sold in pairs]


def _only(row: Mapping[str, Any], model: type[BaseModel]) -> dict[str, Any]:
    return {name: row[name] for name in model.model_fields}


def _fan(row: Mapping[str, Any]) -> DemandFan:
    assert set(QUANTILES) < set(row)
    return DemandFan(**_only(row, DemandFan))


def _policy(uow: UnitOfWork, row: ProductRow) -> StockPolicy | None:
    given = shop.assumptions(uow)
    if given.margin_rate + given.scrap_rate <= 0:
        return None
    return StockPolicy(
        critical_ratio=replenish.stock_ratio(Terms(given.margin_rate, given.scrap_rate)),
        margin_rate=given.margin_rate,
        scrap_rate=given.scrap_rate,
        price_minor=row.unit_price_minor or None,
    )


def _decision(row: LedgerRow) -> DemandDecision:
    fields = {name: getattr(row, name) for name in DemandDecision.model_fields if name != "gain_minor"}
    return DemandDecision.model_validate(fields | {"gain_minor": row.gain})

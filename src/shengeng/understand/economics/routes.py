"""/v1/economics: acquisition cost, payback, existing value, repurchase, change explained, spend brought."""

from __future__ import annotations

import shutil
import tempfile
from datetime import date, timedelta
from pathlib import Path
from typing import Annotated, Literal

from fastapi import APIRouter, File, Query, Response, UploadFile
from pydantic import BaseModel, ConfigDict

from shengeng.govern.shop import api as shop
from shengeng.http import Now, Operator, Shop, Speaks, Unit, Viewer, error_answers
from shengeng.kernel.units import Interval
from shengeng.sense.connect.contracts import Brought
from shengeng.storage.rows import UnitOfWork
from shengeng.understand.economics import api
from shengeng.understand.economics.contracts import (
    ALL,
    Basis,
    CostKind,
    ExistingRow,
    Option,
    Payback,
    RepurchaseRow,
)

router = APIRouter(prefix="/v1/economics", tags=["economics"], responses=error_answers(401, 403, 404, 422))

_ATTRIBUTES = ConfigDict(from_attributes=True)
Channel = Annotated[str, Query(max_length=200, description="A channel; * for all, empty for unknown")]


class MarginBetween(BaseModel):
    """An amount with its 80% interval, in whole minor units."""

    low: int
    mid: int
    high: int


class ShareBetween(BaseModel):
    """A share or a ratio with its 80% interval."""

    model_config = _ATTRIBUTES
    low: float
    mid: float
    high: float


class AcquisitionRow(BaseModel):
    """A channel ("" when the first orders name none) in a month; cost_minor is null unless kind is known."""

    model_config = _ATTRIBUTES
    month: date
    channel: str
    spend_minor: int
    customers: int
    cost_minor: int | None
    kind: CostKind
    reported: int | None
    maybe_older: bool


class ExistingCell(BaseModel):
    """Customers of a stage and tier with the margin expected of them together."""

    stage: str
    tier: str
    customers: int
    margin_minor: MarginBetween


class OptionAssumed(BaseModel):
    """The assumption a cost rests on, by its key among the shop's; low and high are taken as given."""

    model_config = _ATTRIBUTES
    key: str
    response: ShareBetween
    contact_cost_minor: int


class SpendOption(BaseModel):
    """One way to spend the next unit of money; channel is null for keeping customers.

    per_unit: worth by unit spent with its 80% interval; where assumed is given it is no measurement.
    """

    key: Literal["acquire", "retain"]
    channel: str | None
    customers: int
    worth_minor: int
    cost_minor: int | None
    per_unit: ShareBetween | None
    within_days: int
    worth_basis: Basis
    cost_basis: Basis
    assumed: OptionAssumed | None


class Economics(BaseModel):
    """Cost by channel and month, value of the customers the shop has, and the next unit of money."""

    as_of: date | None
    has_spend: bool
    channels: list[str]
    acquisition: list[AcquisitionRow]
    existing: list[ExistingCell]
    options: list[SpendOption]


class CurvePoint(BaseModel):
    """Cumulative margin a customer after so many days, over n customers old enough."""

    days: int
    margin_minor: MarginBetween
    n: int


class PaybackCurve(BaseModel):
    """One cohort as far as it was observed; month is null for all months together."""

    channel: str
    month: date | None
    customers: int
    cost_minor: int | None
    points: list[CurvePoint]
    crosses_days: int | None
    crosses_early: int | None
    crosses_late: int | None
    maybe_older: bool


class RepurchaseMonth(BaseModel):
    """Buyers of a month and how many bought again; rate is null while nobody's days are over."""

    month: date
    buyers: int
    waiting: int
    again: int
    rate: ShareBetween | None
    orders: int
    order_minor: int | None


class EconomicsPart(BaseModel):
    """What one cause added to revenue."""

    model_config = _ATTRIBUTES
    key: str
    change_minor: int


class EconomicsChange(BaseModel):
    """Revenue of a period against another; the parts sum to the difference exactly."""

    since: date
    until: date
    before_since: date
    before_until: date
    revenue_minor: int
    previous_minor: int
    parts: list[EconomicsPart]


class SpendRejected(BaseModel):
    """A row that was not taken and why."""

    model_config = _ATTRIBUTES
    row: int
    column: str
    value: str
    reason: str


class SpendBrought(BaseModel):
    """What a file did: rows taken, and of the days x channels x campaigns how many are new or changed."""

    rows: int
    added: int
    changed: int
    unchanged: int
    rejected: int
    rejects: list[SpendRejected]


@router.get("")
def read_economics(_: Viewer, uow: Unit, stores: Shop) -> Economics:
    """Cost of new customers, value of those the shop has, and what the next unit of money brings where."""
    day = _known_day(uow)
    if day is None:
        return Economics(as_of=None, has_spend=False, channels=[], acquisition=[], existing=[], options=[])
    lake = stores.lake.inside(uow)
    found = api.economics(lake, day, shop.assumptions(uow))
    return Economics(
        as_of=day,
        has_spend=any(row.kind != "no_spend" for row in found.acquisition),
        channels=sorted({row.channel for row in found.acquisition}),
        acquisition=[AcquisitionRow.model_validate(row) for row in found.acquisition],
        existing=[_existing(row) for row in found.existing],
        options=[_option(row) for row in found.options],
    )


@router.get("/payback")
def read_payback(_: Viewer, uow: Unit, stores: Shop, channel: Channel = ALL) -> list[PaybackCurve]:
    """Cumulative margin a customer since the first order: all months first, then each month's cohort."""
    day = _known_day(uow)
    if day is None:
        return []
    curves = api.payback(stores.lake.inside(uow), day, shop.assumptions(uow).margin_rate, channel)
    return [_curve(curve) for curve in curves]


@router.get("/repurchase")
def read_repurchase(
    _: Viewer, uow: Unit, stores: Shop, days: Annotated[int, Query(ge=1, le=365)] = 30
) -> list[RepurchaseMonth]:
    """Per month: who bought again within so many days, orders and what one is worth."""
    day = _known_day(uow)
    if day is None:
        return []
    return [_repurchase(row) for row in api.repurchase(stores.lake.inside(uow), day, days)]


@router.get("/change")
def read_economics_change(
    _: Viewer,
    uow: Unit,
    stores: Shop,
    *,
    since: date | None = None,
    until: date | None = None,
    before_since: date | None = None,
    before_until: date | None = None,
) -> EconomicsChange | None:
    """Revenue of a period against another, in parts; without them the newest 28 days."""
    day = _known_day(uow)
    if day is None:
        return None
    last = until or day
    first = since or last - timedelta(days=27)
    before_last = before_until or first - timedelta(days=1)
    before = (before_since or before_last - (last - first), before_last)
    found = api.change(stores.lake.inside(uow), day, before, (first, last))
    return EconomicsChange(
        since=first,
        until=last,
        before_since=before[0],
        before_until=before[1],
        revenue_minor=found.revenue_minor,
        previous_minor=found.previous_minor,
        parts=[EconomicsPart.model_validate(part) for part in found.parts],
    )


@router.get("/spend/template", response_class=Response)
def download_spend_template(_: Viewer, uow: Unit) -> Response:
    """An example of a spend file, to be filled in."""
    text = api.template(shop.profile(uow).currency)
    headers = {"content-disposition": 'attachment; filename="spend.csv"'}
    return Response(text, media_type="text/csv; charset=utf-8", headers=headers)


@router.post("/spend")
def bring_spend(
    who: Operator, uow: Unit, stores: Shop, now: Now, lang: Speaks, *, file: Annotated[UploadFile, File()]
) -> SpendBrought:
    """Takes a CSV file of spend (operator); the same file again changes nothing."""
    with tempfile.TemporaryDirectory(prefix="shengeng-spend-") as folder:
        path = Path(folder) / "spend.csv"
        with path.open("wb") as copy:
            shutil.copyfileobj(file.file, copy)
        return _brought(api.bring_spend(stores, uow, who, path, now=now, lang=lang))


def _known_day(uow: UnitOfWork) -> date | None:
    profile = shop.find_profile(uow)
    return profile.as_of if profile else None


def _minor(amount: Interval) -> MarginBetween:
    return MarginBetween(low=round(amount.low), mid=round(amount.mid), high=round(amount.high))


def _existing(row: ExistingRow) -> ExistingCell:
    return ExistingCell(
        stage=row.stage, tier=row.tier, customers=row.customers, margin_minor=_minor(row.margin_minor)
    )


def _option(row: Option) -> SpendOption:
    return SpendOption(
        key=row.key,
        channel=row.channel,
        customers=row.customers,
        worth_minor=round(row.worth_minor),
        cost_minor=None if row.cost_minor is None else round(row.cost_minor),
        per_unit=None if row.per_unit is None else ShareBetween.model_validate(row.per_unit),
        within_days=row.within_days,
        worth_basis=row.worth_basis,
        cost_basis=row.cost_basis,
        assumed=None if row.assumed is None else OptionAssumed.model_validate(row.assumed),
    )


def _curve(curve: Payback) -> PaybackCurve:
    points = [CurvePoint(days=p.days, margin_minor=_minor(p.margin_minor), n=p.n) for p in curve.points]
    return PaybackCurve(
        channel=curve.channel,
        month=curve.month,
        customers=curve.customers,
        cost_minor=curve.cost_minor,
        points=points,
        crosses_days=curve.crosses_days,
        crosses_early=curve.crosses_early,
        crosses_late=curve.crosses_late,
        maybe_older=curve.maybe_older,
    )


def _repurchase(row: RepurchaseRow) -> RepurchaseMonth:
    return RepurchaseMonth(
        month=row.month,
        buyers=row.buyers,
        waiting=row.waiting,
        again=row.again,
        rate=None if row.rate is None else ShareBetween.model_validate(row.rate),
        orders=row.orders,
        order_minor=None if row.order_minor is None else round(row.order_minor),
    )


def _brought(found: Brought) -> SpendBrought:
    return SpendBrought(
        rows=found.rows - found.rejected,
        added=found.added,
        changed=found.changed,
        unchanged=found.unchanged,
        rejected=found.rejected,
        rejects=[SpendRejected.model_validate(reject) for reject in found.rejects],
    )

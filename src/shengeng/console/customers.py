"""GET /v1/customers and /v1/timelines: the list, one customer all round, and what they did."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel, ConfigDict

from shengeng.decide.ledger import api as ledger
from shengeng.decide.ledger.contracts import DecisionRow as LedgerRow
from shengeng.govern.privacy import api as privacy
from shengeng.govern.shop import api as shop
from shengeng.http import (
    BAD_CURSOR,
    Cursor,
    Limit,
    Now,
    Shop,
    Unit,
    Viewer,
    error_answers,
    from_cursor,
    to_cursor,
)
from shengeng.kernel.units import Interval
from shengeng.sense.identity import api as identity
from shengeng.storage.lake import Lake
from shengeng.storage.rows import UnitOfWork
from shengeng.storage.stores import Stores
from shengeng.understand.affinity import api as affinity
from shengeng.understand.lifecycle import api as lifecycle
from shengeng.understand.lifecycle.contracts import Stage, Tier
from shengeng.understand.people import api as people
from shengeng.understand.people.contracts import NO_CUSTOMER, Happening, TimelineKind
from shengeng.understand.personas import api as personas
from shengeng.understand.value import api as value
from shengeng.understand.value.contracts import CustomerRow as Row
from shengeng.understand.value.contracts import Search, Sort, State

router = APIRouter(prefix="/v1", tags=["customers"], responses=error_answers(401, 404, 422))

CustomerId = Annotated[str, Path(max_length=200)]
_ATTRIBUTES = ConfigDict(from_attributes=True)


class Between(BaseModel):
    """A central estimate with its 80% interval."""

    model_config = _ATTRIBUTES
    low: float
    mid: float
    high: float


class MoneyBetween(BaseModel):
    """The same for money, in whole minor units."""

    model_config = _ATTRIBUTES
    low: int
    mid: int
    high: int


class CustomerPersona(BaseModel):
    """The one scene that a customer clearly belongs to."""

    persona_id: str
    name_zh: str
    name_en: str


class CustomerRow(BaseModel):
    """A customer as lists show them; value_minor is contribution margin over the horizon."""

    model_config = _ATTRIBUTES
    customer_id: str
    orders: int
    spend_minor: int
    value_minor: MoneyBetween
    p_alive: float | None
    last_on: date
    first_on: date
    rhythm_days: float | None
    months: list[int]
    stage: Stage | None
    tier: Tier | None
    persona: CustomerPersona | None


class CustomerPage(BaseModel):
    """A page of customers; total counts all that match, next is the cursor of the following page."""

    rows: list[CustomerRow]
    total: int
    next: str | None


class DepartmentShare(BaseModel):
    """How much of a customer's money a department takes; the name is the shop's own."""

    name: str
    share: float
    spend_minor: int


class WhyNext(BaseModel):
    """A reason as a code with its figures; the screen has the words."""

    model_config = _ATTRIBUTES
    code: str
    params: dict[str, float]


class NextPurchaseRow(BaseModel):
    """What a customer probably buys again within the week."""

    product_id: str
    title: str
    category: str | None
    probability: float
    due_on: date
    last_on: date
    rhythm_days: float
    orders: int
    why: WhyNext


class CustomerSettlement(BaseModel):
    """What came of a decision."""

    model_config = _ATTRIBUTES
    kind: str
    settled_on: date
    forecast_observed: float
    gain_observed_minor: int | None
    inside: bool | None


class CustomerDecision(BaseModel):
    """A decision about this customer, as the ledger lists it."""

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
    gain_minor: MoneyBetween | None
    basis: str
    cost_minor: int | None
    forecast: Between
    forecast_unit: str
    window_start: date
    window_end: date
    team: str
    settlement: CustomerSettlement | None


class Customer360(BaseModel):
    """One customer all round, as of the day of the newest estimate.

    fresh_on: the running day, where orders, spend and rhythm already count what happened on it.
    """

    row: CustomerRow
    expected_orders: Between | None
    horizon_days: int | None
    attributes: dict[str, str | int | float | bool]
    departments: list[DepartmentShare]
    hours: list[int]
    weekdays: list[int]
    next_purchases: list[NextPurchaseRow]
    decisions: list[CustomerDecision]
    method: str | None
    as_of: date
    fresh_on: date | None


class TimelineItem(BaseModel):
    """A product in an order."""

    model_config = _ATTRIBUTES
    product_id: str
    title: str
    quantity: int
    total_minor: int


class TimelineRow(BaseModel):
    """An order, a touch or a redemption; at is null where only the local day is known."""

    model_config = _ATTRIBUTES
    at: datetime | None
    local_at: datetime
    kind: TimelineKind
    order_id: str | None
    lines: int | None
    total_minor: int | None
    store_id: str | None
    title: str | None
    items: list[TimelineItem]


class TimelinePage(BaseModel):
    """Newest first; next is the cursor of the following page."""

    rows: list[TimelineRow]
    next: str | None


@router.get("/customers")
def list_customers(
    _: Viewer,
    uow: Unit,
    stores: Shop,
    *,
    q: Annotated[str, Query(max_length=100, description="Part of a customer's id")] = "",
    sort: Sort = "value",
    desc: bool = True,
    state: State = "all",
    stage: Stage | None = None,
    tier: Tier | None = None,
    persona: Annotated[str | None, Query(max_length=20, description="Only who belongs to this scene")] = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> CustomerPage:
    """The shop's customers on the day of the newest estimate; empty before the first."""
    day = _day(stores, uow)
    if day is None:
        return CustomerPage(rows=[], total=0, next=None)
    lake = stores.lake.inside(uow)
    search = Search(q.strip(), sort, desc, state, stage, tier, persona)
    kind = {"value": int, "orders": int, "p_alive": float}.get(sort, str)
    after = from_cursor(cursor, kind, str)
    if after is not None and sort == "last_on":
        _as_day(cursor, after[0])
    seen = None if after is None else (after[0], str(after[1]))
    learnt = personas.latest(stores, uow, day)
    scenes = personas.belonging(lake, learnt) if learnt else None
    standing = lifecycle.stages(lake, day)
    rows, total = value.customers(
        lake, day, search, standing=standing, scenes=scenes, after=seen, limit=limit
    )
    named = _personas(lake, learnt)
    more = to_cursor(_sort_value(rows[-1], sort), rows[-1].customer_id) if len(rows) == limit else None
    return CustomerPage(rows=[_listed(row, named) for row in rows], total=total, next=more)


# A list of its own: a customer_id may hold any sign, a slash too, and end in any word.
@router.get("/timelines/{customer_id:path}")
def read_timeline(
    _: Viewer,
    uow: Unit,
    stores: Shop,
    customer_id: CustomerId,
    cursor: Cursor = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 30,
) -> TimelinePage:
    """What the customer did and received up to the shop's day, newest first."""
    day = _day(stores, uow)
    if day is None:
        raise NO_CUSTOMER.error(customer=customer_id, as_of="-")
    lake = stores.lake.inside(uow)
    customer_id = identity.person_of(uow, "customer", customer_id)
    after = from_cursor(cursor, str, str)
    before = (_as_moment(cursor, after[0]), str(after[1])) if after else None
    fresh = people.fresh_day(stores, uow, day)
    found = people.timeline(lake, customer_id, fresh or day, before=before, limit=limit)
    if not found and not (fresh and people.fresh_person(lake, fresh, customer_id)):
        people.person(lake, day, customer_id)  # a stranger is not_found, the end of a timeline is empty
    last = found[-1] if len(found) == limit else None
    more = to_cursor(last.local_at.isoformat(), last.key) if last else None
    return TimelinePage(rows=[_happening(row) for row in found], next=more)


@router.get("/customers/{customer_id:path}")
def read_customer(who: Viewer, uow: Unit, stores: Shop, now: Now, customer_id: CustomerId) -> Customer360:
    """One customer all round; not_found where nobody of that id had ordered.

    A customer who was merged into another answers as that person, under that person's id.
    """
    day = _day(stores, uow)
    if day is None:
        raise NO_CUSTOMER.error(customer=customer_id, as_of="-")
    lake = stores.lake.inside(uow)
    customer_id = identity.person_of(uow, "customer", customer_id)
    fresh = people.fresh_day(stores, uow, day)
    known = people.fresh_person(lake, fresh, customer_id) if fresh else None
    known = known or people.person(lake, day, customer_id)
    privacy.look(uow, who, customer_id, "page", now)
    row, outlook = value.customer(lake, day, known, fresh_on=fresh)
    learnt = personas.latest(stores, uow, day)
    scene = personas.scene_of(lake, learnt, customer_id) if learnt else None
    return Customer360(
        row=_listed(replace(row, persona=scene), _personas(lake, learnt)),
        expected_orders=Between.model_validate(outlook.expected_orders) if outlook else None,
        horizon_days=outlook.horizon_days if outlook else None,
        attributes=people.attributes(lake, customer_id),
        departments=[DepartmentShare(**department) for department in known["departments"] or []],
        hours=known["hours"],
        weekdays=known["weekdays"],
        next_purchases=_next_purchases(lake, day, customer_id),
        decisions=[_decision(row) for row in ledger.decisions_of_customer(uow, customer_id)],
        method=outlook.method if outlook else None,
        as_of=day,
        fresh_on=fresh,
    )


def _day(stores: Stores, uow: UnitOfWork) -> date | None:
    """The day of the newest estimate that the shop clock has reached."""
    profile = shop.find_profile(uow)
    return people.latest(stores, uow, profile.as_of) if profile and profile.as_of else None


def _personas(lake: Lake, day: date | None) -> dict[str, CustomerPersona]:
    """The scenes of a day by id."""
    cards = personas.catalogue(lake, day) if day else []
    names = [{name: card[name] for name in CustomerPersona.model_fields} for card in cards]
    return {name["persona_id"]: CustomerPersona(**name) for name in names}


def _listed(row: Row, named: dict[str, CustomerPersona]) -> CustomerRow:
    own = {name: getattr(row, name) for name in CustomerRow.model_fields if name != "persona"}
    return CustomerRow.model_validate(own | {"persona": named.get(row.persona or "")})


def _sort_value(row: Row, sort: Sort) -> str | int | float | None:
    values: dict[Sort, str | int | float | None] = {
        "value": int(row.value_minor.mid),
        "orders": row.orders,
        "p_alive": row.p_alive,
        "last_on": row.last_on.isoformat(),
        "customer_id": row.customer_id,
    }
    return values[sort]


def _as_day(cursor: str | None, text: object) -> None:
    try:
        date.fromisoformat(str(text))
    except ValueError:
        raise BAD_CURSOR.error(value=cursor) from None


def _as_moment(cursor: str | None, text: object) -> datetime:
    try:
        moment = datetime.fromisoformat(str(text))
    except ValueError:
        raise BAD_CURSOR.error(value=cursor) from None
    if moment.tzinfo is not None:
        raise BAD_CURSOR.error(value=cursor)
    return moment


def _next_purchases(lake: Lake, day: date, customer_id: str) -> list[NextPurchaseRow]:
    found = affinity.for_customer(lake, day, customer_id)
    names = people.titles(lake, [n.product_id for n in found])
    rows = []
    for purchase in found:
        title, category = names.get(purchase.product_id, (purchase.product_id, None))
        fields = {name: getattr(purchase, name) for name in _PURCHASE}
        why = WhyNext(code=purchase.why.code, params=dict(purchase.why.params))
        rows.append(NextPurchaseRow(title=title, category=category, why=why, **fields))
    return rows


_PURCHASE = ("product_id", "probability", "due_on", "last_on", "rhythm_days", "orders")


def _decision(row: LedgerRow) -> CustomerDecision:
    fields = {name: getattr(row, name) for name in CustomerDecision.model_fields if name != "gain_minor"}
    gain = row.gain and MoneyBetween(
        low=round(row.gain.low), mid=round(row.gain.mid), high=round(row.gain.high)
    )
    return CustomerDecision.model_validate(fields | {"gain_minor": gain})


def _money(gain: Interval | None) -> MoneyBetween | None:
    if gain is None:
        return None
    return MoneyBetween(low=round(gain.low), mid=round(gain.mid), high=round(gain.high))


def _happening(row: Happening) -> TimelineRow:
    return TimelineRow.model_validate(row)

"""/v1/trade/stock: places, levels, movements, quotas; what operators book."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, TypeVar, cast, get_args
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from shengeng.http import Cursor, Limit, Now, Operator, Unit, Viewer, error_answers, from_cursor, to_cursor
from shengeng.kernel.words import Words
from shengeng.trade.catalogue import api as catalogue
from shengeng.trade.catalogue.contracts import Browse, State
from shengeng.trade.stock import api
from shengeng.trade.stock.contracts import (
    ENTRIES_MOST,
    TEXT_LONGEST,
    UNITS_MOST,
    Entry,
    HoldState,
    LocationKind,
    Movement,
    MovementKind,
    Supply,
)
from shengeng.trade.stock.contracts import Location as Place

router = APIRouter(
    prefix="/v1/trade/stock", tags=["trade"], responses=error_answers(401, 403, 404, 409, 413, 422)
)
Text = Annotated[str, StringConstraints(max_length=TEXT_LONGEST)]
Sku = Annotated[str, StringConstraints(min_length=1, max_length=TEXT_LONGEST)]
Key = Annotated[str, StringConstraints(max_length=60)]
Units = Annotated[int, Field(ge=-UNITS_MOST, le=UNITS_MOST)]


class StockLocation(BaseModel):
    """A place with goods. sells: its goods may be sold online; position: in what order places are emptied."""

    model_config = ConfigDict(from_attributes=True)
    location_id: str
    name: Words
    kind: LocationKind
    sells: bool
    position: int


class StockLocations(BaseModel):
    """Every place, in the order of emptying."""

    rows: list[StockLocation]


class StockLocationDraft(BaseModel):
    """What a place shall be."""

    model_config = ConfigDict(extra="forbid")
    name: Words
    kind: LocationKind
    sells: bool = True
    position: Annotated[int, Field(ge=0, le=10_000)] = 0


class StockGoods(BaseModel):
    """What a variant is called in the catalogue, and its choices; null where the catalogue has none."""

    title: Words | None = None
    choices: list[Words] = []


class StockVariant(StockGoods):
    """A variant that may be booked, by what it is called."""

    sku: str
    supply: Supply


class StockVariants(BaseModel):
    """Variants whose sku is as asked, or whose product is called so."""

    rows: list[StockVariant]


class StockLevel(StockGoods):
    """Units of a variant in a place: on hand, held for buyers who have not paid, committed to paid orders."""

    model_config = ConfigDict(from_attributes=True)
    sku: str
    location_id: str
    on_hand: int
    held: int
    committed: int
    free: int


class StockLevels(BaseModel):
    """One page of levels by variant and place."""

    rows: list[StockLevel]
    next: str | None


class StockMovement(StockGoods):
    """Units that came, went or were counted; entry_id is shared by the lines of one booking."""

    model_config = ConfigDict(from_attributes=True)
    id: int
    at: datetime
    kind: MovementKind
    sku: str
    location_id: str
    change: int
    on_hand_after: int
    entry_id: UUID
    order_id: str | None
    note: str
    by: str


class StockMovements(BaseModel):
    """One page of movements, the newest first."""

    rows: list[StockMovement]
    next: str | None


class StockEntry(BaseModel):
    """Units of a variant in a place."""

    model_config = ConfigDict(extra="forbid")
    sku: Sku
    location_id: Key
    quantity: Units


class StockBooking(BaseModel):
    """What is booked. entry_id: the sender's own id; the same one again books nothing twice."""

    model_config = ConfigDict(extra="forbid")
    lines: Annotated[list[StockEntry], Field(min_length=1, max_length=ENTRIES_MOST)]
    note: Text = ""
    entry_id: UUID | None = None


class StockTransfer(StockBooking):
    """Units that move from their places to another one."""

    to_location_id: Key


class StockQuota(StockGoods):
    """How many units may be promised before they exist."""

    model_config = ConfigDict(from_attributes=True)
    sku: str
    supply: Supply
    quota: int
    held: int
    taken: int
    left: int


class StockQuotas(BaseModel):
    """One page of quotas by variant and supply."""

    rows: list[StockQuota]
    next: str | None


class StockQuotaDraft(BaseModel):
    """A quota as it shall be."""

    model_config = ConfigDict(extra="forbid")
    sku: Sku
    supply: Supply
    quota: Annotated[int, Field(ge=0, le=UNITS_MOST)]


class StockPiece(BaseModel):
    """Units of one line of an order and what became of them; location_id "": in no place yet."""

    model_config = ConfigDict(from_attributes=True)
    line_no: int
    sku: str
    supply: Supply
    location_id: str
    quantity: int
    shipped: int
    returned: int
    still_open: int


class StockReservation(BaseModel):
    """What stands aside for an order. until: how long it is held unless it is paid."""

    model_config = ConfigDict(from_attributes=True)
    order_id: str
    state: HoldState
    until: datetime
    changed_at: datetime
    pieces: list[StockPiece]


class StockReservations(BaseModel):
    """The orders for which units of a variant stand aside, the oldest first."""

    rows: list[StockReservation]


class StockFault(BaseModel):
    """A figure that is not what its movements and promises add up to."""

    model_config = ConfigDict(from_attributes=True)
    sku: str
    place: str
    what: str
    stands: int
    adds_up: int


class StockFaults(BaseModel):
    """Every such figure; there should be none."""

    rows: list[StockFault]


@router.get("/locations")
def list_stock_locations(_: Viewer, uow: Unit) -> StockLocations:
    """Every place, in the order in which places are emptied."""
    return StockLocations(rows=[StockLocation.model_validate(place) for place in api.locations(uow)])


@router.put("/locations/{location_id}")
def put_stock_location(
    location_id: Key, body: StockLocationDraft, who: Operator, uow: Unit, now: Now
) -> StockLocation:
    """Make a place or say anew what it is."""
    place = Place(location_id, body.name, body.kind, body.sells, body.position)
    return StockLocation.model_validate(api.put_location(uow, who, place, now))


@router.get("/variants")
def list_stock_variants(_: Viewer, uow: Unit, search: Sku, limit: Limit = 20) -> StockVariants:
    """Variants of the catalogue by sku or by what they are called."""
    found = catalogue.variants(uow, [search.strip(), *_called(uow, search)[:limit]])
    shown = list(found.values())[:limit]
    rows = [StockVariant(sku=v.sku, title=v.title, choices=list(v.choices), supply=v.supply) for v in shown]
    return StockVariants(rows=rows)


@router.get("/levels")
def list_stock_levels(
    _: Viewer,
    uow: Unit,
    *,
    search: Annotated[Text, Query(description="Part of a sku, or words of a product")] = "",
    sku: Annotated[Text | None, Query(description="The levels of one variant")] = None,
    location: Key | None = None,
    short: Annotated[bool, Query(description="Only where nothing is free")] = False,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> StockLevels:
    """Levels by variant and place."""
    after = cast("tuple[str, str] | None", from_cursor(cursor, str, str))
    page = api.levels(
        uow,
        search="" if sku else search,
        skus=[sku] if sku else _called(uow, search),
        location_id=location,
        short=short,
        after=after,
        limit=limit,
    )
    rows = [StockLevel.model_validate(one) for one in page.rows]
    return StockLevels(rows=_titled(uow, rows), next=to_cursor(*page.after) if page.after else None)


@router.get("/movements")
def list_stock_movements(
    _: Viewer,
    uow: Unit,
    *,
    sku: Text | None = None,
    location: Key | None = None,
    kind: MovementKind | None = None,
    order: Text | None = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> StockMovements:
    """What came, went and was counted, the newest first."""
    at = from_cursor(cursor, int)
    before = cast("int | None", at[0]) if at else None
    page = api.movements(
        uow, sku=sku, location_id=location, kind=kind, order_id=order, before=before, limit=limit
    )
    rows = [StockMovement.model_validate(one) for one in page.rows]
    return StockMovements(rows=_titled(uow, rows), next=to_cursor(page.before) if page.before else None)


@router.post("/receipts")
def receive_stock(body: StockBooking, who: Operator, uow: Unit, now: Now) -> StockMovements:
    """Goods came in; paid orders that wait for them are served first."""
    return _booked(api.receive(uow, who, _entries(body), now, note=body.note, entry_id=body.entry_id))


@router.post("/adjustments")
def adjust_stock(body: StockBooking, who: Operator, uow: Unit, now: Now) -> StockMovements:
    """Units were found (positive) or lost (negative)."""
    return _booked(api.adjust(uow, who, _entries(body), now, note=body.note, entry_id=body.entry_id))


@router.post("/counts")
def count_stock(body: StockBooking, who: Operator, uow: Unit, now: Now) -> StockMovements:
    """So many units were counted; the difference is the movement."""
    return _booked(api.count(uow, who, _entries(body), now, note=body.note, entry_id=body.entry_id))


@router.post("/transfers")
def transfer_stock(body: StockTransfer, who: Operator, uow: Unit, now: Now) -> StockMovements:
    """Free units move from their places to another one."""
    done = api.transfer(
        uow, who, _entries(body), body.to_location_id, now, note=body.note, entry_id=body.entry_id
    )
    return _booked(done)


@router.get("/quotas")
def list_stock_quotas(
    _: Viewer, uow: Unit, sku: Text | None = None, cursor: Cursor = None, limit: Limit = 50
) -> StockQuotas:
    """Quotas of goods that are promised before they exist, by variant and supply."""
    after = cast("tuple[str, str] | None", from_cursor(cursor, str, str))
    found = api.quotas(uow, [sku] if sku else None, after=after, limit=limit + 1)
    rows = [StockQuota.model_validate(one) for one in found[:limit]]
    more = to_cursor(rows[-1].sku, rows[-1].supply) if len(found) > limit else None
    return StockQuotas(rows=_titled(uow, rows), next=more)


@router.put("/quotas")
def put_stock_quota(body: StockQuotaDraft, who: Operator, uow: Unit, now: Now) -> StockQuota:
    """How many units of a variant may be promised; never fewer than are promised already."""
    api.set_quota(uow, who, now, sku=body.sku, supply=body.supply, quota=body.quota)
    [found] = [one for one in api.quotas(uow, [body.sku]) if one.supply == body.supply]
    return _titled(uow, [StockQuota.model_validate(found)])[0]


@router.get("/reservations")
def list_stock_reservations(_: Viewer, uow: Unit, sku: Sku, limit: Limit = 50) -> StockReservations:
    """For which orders units of a variant stand aside."""
    found = api.orders_of(uow, sku, limit)
    return StockReservations(rows=[StockReservation.model_validate(one) for one in found])


@router.get("/faults")
def list_stock_faults(_: Viewer, uow: Unit) -> StockFaults:
    """Figures that are not what their movements and promises add up to."""
    return StockFaults(rows=[StockFault.model_validate(one) for one in api.faults(uow)])


G = TypeVar("G", StockLevel, StockQuota, StockMovement)
_CALLED_MOST = 100


def _called(uow: Unit, search: str) -> list[str]:
    """Variants of products that are called so."""
    if not search.strip():
        return []
    asked = Browse(query=search, limit=_CALLED_MOST, states=get_args(State), priced_only=False)
    return [sku for card in catalogue.browse(uow, asked).cards for sku in card.skus]


def _titled(uow: Unit, rows: list[G]) -> list[G]:
    """The same rows with what the catalogue calls them, in one question."""
    known = catalogue.variants(uow, {row.sku for row in rows})
    for row in rows:
        if row.sku in known:
            row.title, row.choices = known[row.sku].title, list(known[row.sku].choices)
    return rows


def _entries(body: StockBooking) -> list[Entry]:
    return [Entry(line.sku, line.location_id, line.quantity) for line in body.lines]


def _booked(done: Sequence[Movement]) -> StockMovements:
    return StockMovements(rows=[StockMovement.model_validate(one) for one in done], next=None)

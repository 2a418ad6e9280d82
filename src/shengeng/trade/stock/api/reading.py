"""What lies where, what is left to sell, what moved, what stands aside for whom."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from shengeng.storage.rows import UnitOfWork
from shengeng.trade.stock.contracts import (
    Fault,
    Level,
    LevelPage,
    Location,
    MovementKind,
    MovementPage,
    Quota,
    Reservation,
    Supply,
)
from shengeng.trade.stock.store import books, promises


def available(
    uow: UnitOfWork, skus: Collection[str], supplies: Mapping[str, Supply] | None = None
) -> dict[str, int]:
    """Units that can be had now of each variant, 0 for what nobody knows; two queries for any number.

    supplies: out of which supply each is sold. Where it says nothing: what lies in places that sell, and
    for a variant of which nothing is free there, what its quotas leave. Where it says stock for all of
    them, quotas are not asked about.
    """
    if not skus:
        return {}
    stocked = dict.fromkeys(skus, 0)
    for sku, _, units in promises.free_places(uow, skus):
        stocked[sku] += units
    promised: dict[str, dict[str, int]] = {}
    told: Mapping[str, Supply] = supplies or {}
    quoted = [sku for sku in skus if told.get(sku) != "stock"]
    for (sku, supply), left in (promises.quota_left(uow, quoted) if quoted else {}).items():
        promised.setdefault(sku, {})[supply] = left
    return {sku: _had(stocked[sku], promised.get(sku, {}), told.get(sku)) for sku in skus}


def on_hand(uow: UnitOfWork, skus: Collection[str]) -> Mapping[str, int]:
    """Units of each variant that lie in all places together; what lies nowhere is left out."""
    return books.on_hand(uow, skus) if skus else {}


def _had(stocked: int, promised: Mapping[str, int], supply: Supply | None) -> int:
    if supply is None:
        return stocked or sum(promised.values())
    return stocked if supply == "stock" else promised.get(supply, 0)


def locations(uow: UnitOfWork) -> Sequence[Location]:
    """Every place, in the order in which places are emptied."""
    return books.all_locations(uow)


def levels(
    uow: UnitOfWork,
    *,
    search: str = "",
    skus: Collection[str] | None = None,
    location_id: str | None = None,
    short: bool = False,
    after: tuple[str, str] | None = None,
    limit: int = 100,
) -> LevelPage:
    """Levels by variant and place, paged. search: part of a sku, or one of skus; short: nothing free."""
    rows = books.page_of_levels(
        uow, search=search, skus=skus, location_id=location_id, short=short, after=after, limit=limit + 1
    )
    shown = tuple(rows[:limit])
    more = len(rows) > limit
    return LevelPage(shown, (shown[-1].sku, shown[-1].location_id) if more else None)


def levels_at(
    uow: UnitOfWork, places: Collection[tuple[str, str]], *, held: bool = False
) -> Mapping[tuple[str, str], Level]:
    """Levels by (sku, place), those that there are; held: nobody changes them until the transaction ends."""
    return books.levels_of(uow, places, held=held) if places else {}


def movements(
    uow: UnitOfWork,
    *,
    sku: str | None = None,
    location_id: str | None = None,
    order_id: str | None = None,
    kind: MovementKind | None = None,
    before: int | None = None,
    limit: int = 100,
) -> MovementPage:
    """What came, went and was counted, the newest first, paged."""
    rows = books.page_of_movements(
        uow,
        sku=sku,
        location_id=location_id,
        order_id=order_id,
        kind=kind,
        before=before,
        limit=limit + 1,
    )
    shown = tuple(rows[:limit])
    return MovementPage(shown, shown[-1].id if len(rows) > limit else None)


def quotas(
    uow: UnitOfWork,
    skus: Collection[str] | None = None,
    *,
    after: tuple[str, str] | None = None,
    limit: int = 1000,
) -> list[Quota]:
    """Quotas by variant and supply; of some variants, or all, paged by key."""
    return books.all_quotas(uow, skus, after, limit)


def reservations(uow: UnitOfWork, order_ids: Collection[str]) -> Mapping[str, Reservation]:
    """What stands aside for some orders, by order; an order without goods is missing."""
    return promises.reservations(uow, order_ids) if order_ids else {}


def orders_of(uow: UnitOfWork, sku: str, limit: int = 100) -> Sequence[Reservation]:
    """The orders for which units of a variant stand aside, the oldest first."""
    ids = promises.of_variant(uow, sku, limit)
    found = reservations(uow, ids)
    return [found[order_id] for order_id in ids]


def faults(uow: UnitOfWork) -> list[Fault]:
    """Every level and quota that does not say what its movements and promises add up to; none is the law."""
    sums, quota_sums = books.sums(uow), books.quota_sums(uow)
    found = []
    for level in books.every_level(uow):
        adds_up = sums.pop((level.sku, level.location_id), (0, 0, 0))
        stands = (level.on_hand, level.held, level.committed)
        found += _differences(level.sku, level.location_id, ("on_hand", "held", "committed"), stands, adds_up)
    for quota in books.every_quota(uow):
        due = quota_sums.pop((quota.sku, quota.supply), (0, 0))
        found += _differences(quota.sku, quota.supply, ("held", "taken"), (quota.held, quota.taken), due)
    found += [Fault(sku, place, "no level", 0, on_hand) for (sku, place), (on_hand, *_) in sums.items()]
    found += [Fault(sku, supply, "no quota", 0, sum(due)) for (sku, supply), due in quota_sums.items()]
    return found


def _differences(
    sku: str, place: str, names: Sequence[str], stands: Sequence[int], adds_up: Sequence[int]
) -> list[Fault]:
    told = zip(names, stands, adds_up, strict=True)
    return [Fault(sku, place, name, is_, due) for name, is_, due in told if is_ != due]

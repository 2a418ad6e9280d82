"""Stages and value tiers as of a day, the changes between days, and the thresholds behind them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, cast

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from shengeng.govern.audit import api as audit
from shengeng.govern.privacy.api import of_lake
from shengeng.govern.shop import api as shop
from shengeng.kernel.roles import Principal, Role, require
from shengeng.kernel.units import Floats, Ints
from shengeng.storage.lake import Lake
from shengeng.storage.progress import Progress
from shengeng.storage.rows import UnitOfWork
from shengeng.storage.stores import Stores
from shengeng.understand.lifecycle import methods
from shengeng.understand.lifecycle.contracts import (
    BAD_THRESHOLD,
    CROSSED,
    LIMITS,
    NO_THRESHOLD,
    NOT_STAGED,
    PERIOD_BACKWARDS,
    REASON_NAMES,
    REASON_PARAMS,
    STAGE_NAMES,
    STAGES,
    TIER_NAMES,
    UNDONE_DAYS,
    By,
    Cell,
    Flow,
    Move,
    Mover,
    Standing,
    Step,
    Stretch,
    Threshold,
    Thresholds,
)
from shengeng.understand.lifecycle.store import changes as changes_store
from shengeng.understand.lifecycle.store import stages as stages_store
from shengeng.understand.lifecycle.store import thresholds as thresholds_store
from shengeng.understand.people import api as people
from shengeng.understand.value import api as value

if TYPE_CHECKING:
    import ibis.expr.types as ir

__all__ = [
    "changes",
    "erase_person",
    "estimate",
    "export_person",
    "flow",
    "history",
    "latest",
    "matrix",
    "movers",
    "placed",
    "preview",
    "recorded_since",
    "renew",
    "set_thresholds",
    "stages",
    "standing",
    "threshold_list",
    "thresholds",
]
export_person, erase_person = of_lake({"stages": "customer_id", "stage_changes": "customer_id"})

_LOCK = "understand.lifecycle"
_ORDERED = (
    ("tier_high_share", "tier_mid_share"),
    ("at_risk_lateness", "dormant_lateness"),
    ("dormant_alive", "at_risk_alive"),
)


def estimate(stores: Stores, uow: UnitOfWork, as_of: date, progress: Progress) -> int:
    """Publish everybody's stage and tier as of a day and record who changed. Returns the rows written.

    Rests on that day's people and value, and on where everybody stood before. Done twice it changes nothing.
    """
    progress.check()
    uow.lock(_LOCK)
    return _publish(stores.lake, uow, as_of, _as_of(stores.lake, uow, as_of, thresholds(uow)))


def renew(stores: Stores, uow: UnitOfWork, as_of: date) -> bool:
    """Place everybody of a published day again after people or values changed; says whether anybody moved.

    Nothing is written where nobody did, nor for a day that has no stages yet.
    """
    uow.lock(_LOCK)
    lake = stores.lake.inside(uow)
    if as_of not in stages_store.days(lake, uow):
        return False
    rows = _as_of(lake, uow, as_of, thresholds(uow))
    if rows.equals(stages_store.published(lake, as_of).order_by("customer_id").to_pyarrow().cast(STAGES)):
        return False
    _publish(lake, uow, as_of, rows)
    return True


def stages(lake: Lake, as_of: date) -> ir.Table:
    """The published stages of one day (contracts.STAGES); empty when that day was not estimated."""
    return stages_store.published(lake, as_of)


def changes(lake: Lake, since: date, until: date) -> ir.Table:
    """Changes (contracts.CHANGES) on days after since, up to and including until."""
    return changes_store.within(lake, since, until)


def latest(stores: Stores, uow: UnitOfWork, as_of: date) -> date | None:
    """The newest day on or before as_of that has stages; None before the first."""
    return max((day for day in stages_store.days(stores.lake, uow) if day <= as_of), default=None)


def newest(stores: Stores, uow: UnitOfWork) -> date | None:
    """The day of the newest estimate that the shop clock has reached; None before the first."""
    profile = shop.find_profile(uow)
    return latest(stores, uow, profile.as_of) if profile and profile.as_of else None


def staged_day(stores: Stores, uow: UnitOfWork) -> date:
    """The day of the newest estimate; raises not_staged before the first."""
    day = newest(stores, uow)
    if day is None:
        raise NOT_STAGED.error()
    return day


def matrix(lake: Lake, as_of: date) -> list[Cell]:
    """Every stage and tier, in order, with its customers and their expected margin."""
    return _cells(stages_store.matrix(stages(lake, as_of)))


def flow(lake: Lake, since: date, until: date, by: By) -> Flow:
    """Who stood where after both days, from recorded changes alone; the balance is exact."""
    if since > until:
        raise PERIOD_BACKWARDS.error(since=since, until=until)
    names: tuple[str, ...] = STAGE_NAMES if by == "stage" else TIER_NAMES
    found = changes_store.moves(lake, since, until, by)
    opening = {name: sum(n for was, _, n in found if was == name) for name in names}
    closing = {name: sum(n for _, now, n in found if now == name) for name in names}
    place: dict[str | None, int] = {None: -1} | {name: at for at, name in enumerate(names)}
    moved = sorted(
        (Move(was, now, n) for was, now, n in found if was != now),
        key=lambda move: (place[move.from_], place[move.to]),
    )
    count, undone = changes_store.unrest(lake, since, until, UNDONE_DAYS)
    return Flow(since, until, by, opening, closing, tuple(moved), count, undone)


def movers(
    lake: Lake, flow: Stretch, as_of: date, *, after: tuple[int, str] | None = None, limit: int = 50
) -> tuple[list[Mover], int]:
    """Who makes up one move of `flow`, the most valuable first, and how many: where they stand on a day.

    after: value and id of the last one seen.
    """
    if flow.since > flow.until:
        raise PERIOD_BACKWARDS.error(since=flow.since, until=flow.until)
    rows, total = stages_store.among(stages(lake, as_of), changes_store.between(lake, flow), after, limit)
    return [Mover(**cast("dict[str, Any]", row)) for row in rows], total


def recorded_since(lake: Lake) -> date | None:
    """The first day whose changes were recorded; whoever was a customer then counts as first seen on it."""
    return changes_store.first_day(lake)


def standing(lake: Lake, as_of: date, customer_id: str) -> Standing | None:
    """Where one customer stands and why; None where nobody of that id was known."""
    row = stages_store.one(stages(lake, as_of), customer_id)
    if row is None:
        return None
    figures: dict[str, Any] = row | {
        "purchases_since": cast("int", row["purchase_days"]) - cast("int", row["purchases_at"])
    }
    params = {name: figures[name] for name in REASON_PARAMS[str(row["reason"])] if figures[name] is not None}
    kept = {name: row[name] for name in Standing.__slots__ if name in row}
    return Standing(params=params, **cast("dict[str, Any]", kept))


def history(lake: Lake, customer_id: str) -> list[Step]:
    """One customer's changes, newest first."""
    names = Step.__slots__
    return [
        Step(**cast("dict[str, Any]", {name: row[name] for name in names}))
        for row in changes_store.history(lake, customer_id)
    ]


def thresholds(uow: UnitOfWork) -> Thresholds:
    """The thresholds that hold now: our defaults with what people changed."""
    stored = thresholds_store.values(uow)
    changed: dict[str, Any] = {key: checked(key, number) for key, (number, _, _) in stored.items()}
    return replace(Thresholds(), **changed)


def threshold_list(uow: UnitOfWork) -> list[Threshold]:
    """Every threshold with its default, bounds and last change, in a fixed order."""
    changed = thresholds_store.values(uow)
    found = []
    for key, default in asdict(Thresholds()).items():
        number, at, by = changed.get(key, (default, None, None))
        found.append(Threshold(key, number, default, LIMITS[key], at, by))
    return found


def preview(
    stores: Stores, uow: UnitOfWork, as_of: date, wanted: Mapping[str, float]
) -> tuple[list[Cell], list[Move]]:
    """What `set_thresholds` would make of a day: the matrix then, and who would move from today's place.

    A place is "stage/tier". Nothing is written.
    """
    lake = stores.lake.inside(uow)
    rows = _as_of(lake, uow, as_of, _changed(uow, wanted))
    now = stages_store.published(lake, as_of).order_by("customer_id").to_pyarrow()
    return _cells(_counted(rows)), _moves(now, rows)


def set_thresholds(
    stores: Stores, uow: UnitOfWork, by: Principal, wanted: Mapping[str, float], *, now: datetime, as_of: date
) -> Thresholds:
    """Change thresholds (approver), all or none, each audited; the stages of as_of follow at once.

    Refuses an unknown key, a value out of bounds, boundaries that cross (invalid).
    """
    require(by, Role.APPROVER)
    uow.lock(_LOCK)
    old, new = asdict(thresholds(uow)), _changed(uow, wanted)
    for key, number in asdict(new).items():
        if number != old[key]:
            thresholds_store.put(uow, key, number, now, by.name)
            detail: dict[str, audit.Plain] = {"from": old[key], "to": number}
            audit.record(uow, at=now, actor=by.name, action="lifecycle.threshold", target=key, detail=detail)
    _publish(stores.lake, uow, as_of, _as_of(stores.lake.inside(uow), uow, as_of, new))
    return new


def checked(key: str, number: float) -> float:
    """The number within the threshold's bounds, whole where it counts something."""
    if key not in LIMITS:
        raise NO_THRESHOLD.error(key=key[:60], known=", ".join(LIMITS))
    limits = LIMITS[key]
    fit = limits.fit(number)
    if fit is None:
        raise BAD_THRESHOLD.error(key=key, value=str(number), low=limits.low, high=limits.high)
    return fit


def placed(known: pa.Table, before: pa.Table, limits: Thresholds, as_of: date) -> pa.Table:
    """Stages (schema STAGES) of customers, given what is known of them and where they stood.

    known: customer_id and the columns of `methods.Known`; before: rows of STAGES of an earlier day. Nobody is
    held by boundaries that were drawn elsewhere then: whoever moves one sees what it does.
    """
    ids = known["customer_id"].combine_chunks()
    at = pc.index_in(ids, before["customer_id"].combine_chunks())
    was = {name: pc.take(before[name], at) for name in ("stage", "tier", "since", "tier_since")}
    old = methods.Before(
        _codes(was["stage"], STAGE_NAMES),
        _codes(was["tier"], TIER_NAMES),
        _ints(pc.take(before["purchases_at"], at)),
    )
    figures = _known(known)
    drawn_anew = bool(len(before)) and before["boundaries"][0].as_py() != limits.name
    found = methods.place(figures, old, replace(limits, steadiness=0.0) if drawn_anew else limits)
    today = pa.scalar(as_of, pa.date32())
    columns = {
        "customer_id": ids,
        "stage": _names(found.stage, STAGE_NAMES),
        "tier": _names(found.tier, TIER_NAMES),
        "since": pc.if_else(pa.array(found.stage == old.stage), was["since"], today),
        "tier_since": pc.if_else(pa.array(found.tier == old.tier), was["tier_since"], today),
        "reason": _names(found.reason, REASON_NAMES),
        "p_alive": figures.p_alive,
        "value_minor": figures.value_minor,
        "lateness": found.lateness,
        "silent_days": figures.silent_days,
        "rhythm_days": pa.array(found.rhythm, from_pandas=True),
        "purchase_days": figures.purchase_days,
        "purchases_at": found.purchases_at,
        "recent": found.pace.recent,
        "recent_days": found.pace.days,
        "recent_expected": found.pace.expected,
        "evidence": found.pace.evidence,
        "boundaries": pa.repeat(pa.scalar(limits.name), len(ids)),
    }
    return pa.table({name: columns[name] for name in STAGES.names}, schema=STAGES)


def _as_of(lake: Lake, uow: UnitOfWork, as_of: date, limits: Thresholds) -> pa.Table:
    known = stages_store.known(people.people(lake, as_of), value.value(lake, as_of))
    earlier = [day for day in stages_store.days(lake, uow) if day < as_of]
    before = stages(lake, earlier[-1]).to_pyarrow() if earlier else STAGES.empty_table()
    return placed(known, before, limits, as_of)


def _publish(lake: Lake, uow: UnitOfWork, as_of: date, rows: pa.Table) -> int:
    written = stages_store.write(lake, uow, as_of, rows)
    changes_store.record(lake, uow, as_of, stages_store.days(lake, uow))
    return written


def _known(table: pa.Table) -> methods.Known:
    return methods.Known(
        purchase_days=_ints(table["purchase_days"]),
        gap_mean=_floats(table["gap_mean_days"]),
        gap_spread=_floats(table["gap_spread_days"]),
        silent_days=_ints(table["silent_days"]),
        age_days=_ints(table["age_days"]),
        orders=_ints(table["orders"]),
        orders_28=_ints(table["orders_28"]),
        orders_90=_ints(table["orders_90"]),
        p_alive=_floats(table["p_alive"]),
        value_minor=_ints(table["value_minor"]),
    )


def _ints(column: pa.ChunkedArray) -> Ints:
    numbers: Ints = pc.fill_null(column, 0).to_numpy().astype(np.int64)
    return numbers


def _floats(column: pa.ChunkedArray) -> Floats:
    numbers: Floats = pc.fill_null(column, 0.0).to_numpy().astype(np.float64)
    return numbers


def _codes(names: pa.ChunkedArray, known: tuple[str, ...]) -> Ints:
    codes: Ints = (
        pc.fill_null(pc.index_in(names, pa.array(known)), methods.UNKNOWN).to_numpy().astype(np.int64)
    )
    return codes


def _names(codes: Ints, known: tuple[str, ...]) -> pa.Array:
    return pa.array(known).take(pa.array(codes))


def _changed(uow: UnitOfWork, wanted: Mapping[str, float]) -> Thresholds:
    """The thresholds with some of them changed, checked together."""
    given: dict[str, Any] = {key: checked(key, number) for key, number in wanted.items()}
    new = replace(thresholds(uow), **given)
    for lower, upper in _ORDERED:
        low, high = getattr(new, lower), getattr(new, upper)
        if low >= high:
            raise CROSSED.error(lower=lower, upper=upper, low=low, high=high)
    return new


def _counted(rows: pa.Table) -> list[tuple[str, str, int, int]]:
    sums = rows.group_by(["stage", "tier"]).aggregate([("customer_id", "count"), ("value_minor", "sum")])
    return [(r["stage"], r["tier"], r["customer_id_count"], r["value_minor_sum"]) for r in sums.to_pylist()]


def _cells(counted: list[tuple[str, str, int, int]]) -> list[Cell]:
    found = {(stage, tier): (customers, minor) for stage, tier, customers, minor in counted}
    return [
        Cell(stage, tier, *found.get((stage, tier), (0, 0))) for stage in STAGE_NAMES for tier in TIER_NAMES
    ]


def _moves(now: pa.Table, then: pa.Table) -> list[Move]:
    """Who would stand elsewhere; both sorted by customer, of the same customers."""
    pairs = [pc.binary_join_element_wise(t["stage"], t["tier"], "/").combine_chunks() for t in (now, then)]
    if len(pairs[0]) != len(pairs[1]):
        raise NOT_STAGED.error()
    counted = (
        pa.table({"was": pairs[0], "now": pairs[1]}).group_by(["was", "now"]).aggregate([([], "count_all")])
    )
    rows = sorted(counted.to_pylist(), key=lambda row: -row["count_all"])
    return [Move(row["was"], row["now"], row["count_all"]) for row in rows if row["was"] != row["now"]]

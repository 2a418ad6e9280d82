"""How many units of each product the coming week will want: one distribution for every use of it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray

from shengeng.kernel.errors import ShopError
from shengeng.kernel.units import Floats, Ints
from shengeng.sense.connect import api as connect
from shengeng.sense.connect.contracts import Folder
from shengeng.storage.lake import Lake
from shengeng.storage.progress import Progress
from shengeng.storage.rows import UnitOfWork
from shengeng.storage.stores import Stores
from shengeng.understand.demand import store
from shengeng.understand.demand.contracts import (
    DEAD_AFTER_WEEKS,
    DRAWS,
    LEARNED_EVERY_DAYS,
    METHOD,
    NO_FORECAST,
    NOT_HEAVY,
    YOUNG_WEEKS,
    Draws,
    ProductRow,
    Search,
)
from shengeng.understand.demand.methods.daily import Days, forecast_days
from shengeng.understand.demand.methods.draws import (
    band_quantiles,
    joint_draws,
    negbin_quantiles,
    outcomes,
    published_quantiles,
)
from shengeng.understand.demand.methods.features import Shop
from shengeng.understand.demand.methods.kept import Taught, as_row, from_row
from shengeng.understand.demand.methods.level import Forecast, ahead, forecast, learn, own_spread
from shengeng.understand.demand.methods.record import Learned
from shengeng.understand.demand.methods.trailing import (
    Trailing,
    heaviest,
    lists,
    living,
    main_kinds,
    only,
    plan,
    published,
    shares,
    shop_of,
    teachers,
    trailing,
    unit_price_minor,
)
from shengeng.understand.demand.methods.weeks import spread_weekly

if TYPE_CHECKING:
    import ibis.expr.types as ir

__all__ = [
    "Days",
    "Forecast",
    "Learned",
    "Shop",
    "ahead",
    "band_quantiles",
    "demand",
    "draws",
    "estimate",
    "estimated_days",
    "forecast",
    "forecast_days",
    "joint_draws",
    "joint_outcomes",
    "learn",
    "learned_on",
    "living",
    "negbin_quantiles",
    "no_estimate",
    "past_estimates",
    "plan",
    "product",
    "products",
    "published_quantiles",
    "sold",
    "spread_weekly",
    "teachers",
    "unit_price_minor",
    "weekly",
    "weeks_of",
]

_DRAWS_AT_LEAST = 100
# A product and store pair is heavy when it sold in half of its last weeks, at least this many.
HEAVY_WEEKS, _HEAVY_LEAST = 26, 4


def estimate(stores: Stores, uow: UnitOfWork, as_of: date, progress: Progress) -> int:
    """Estimate the week after as_of for every living product and publish it. Returns the rows written.

    What the level learns and the plan without its stores are put away: the next days need not do it again,
    and come out the same as if they had.
    """
    progress.check()
    lake = stores.lake.inside(uow)
    lines, products = connect.lines(lake, as_of), connect.products(lake)
    plan_key = store.promotions_known(connect.promotions(lake))
    kept_plan = store.kept_plan(lake, uow, plan_key)
    fresh_plan = None if kept_plan is not None else store.planned(connect.promotions(lake)).to_pyarrow()
    planned_runs = lake.memtable(fresh_plan) if kept_plan is None else kept_plan
    progress.check()
    taught, lesson = _taught(lake, uow, Facts(lines, products, planned_runs), as_of, plan_key)
    progress.check()
    rows, joint = _estimated(Facts(lines, products, planned_runs), as_of, taught)
    if fresh_plan is not None:
        store.keep_plan(stores.lake, uow, plan_key, fresh_plan)
    if lesson is not None:
        store.keep_lesson(stores.lake, uow, learned_on(as_of), lesson)
    store.write(stores.lake, uow, as_of, rows, joint)
    written: int = rows.num_rows
    return written


@dataclass(frozen=True, slots=True)
class Facts:
    """What an estimate is made of: lines and products as published, the plan as in PLANNED."""

    lines: ir.Table
    products: ir.Table
    planned: ir.Table


def learned_on(as_of: date) -> date:
    """The day whose lessons an estimate rests on: every fourth Sunday.

    On Complete Journey levels that were three weeks old erred as much as fresh ones (WAPE .4124 and .4122).
    """
    return as_of - timedelta(days=as_of.toordinal() % LEARNED_EVERY_DAYS)


def _taught(
    lake: Lake, uow: UnitOfWork, facts: Facts, as_of: date, plan_key: str
) -> tuple[Taught, pa.Table | None]:
    """What the level has learned, and its row if it was learned just now to be put away."""
    day = learned_on(as_of)
    if store.full_weeks(facts.lines, day) < YOUNG_WEEKS:
        return _learn(facts, as_of), None
    key = f"{METHOD} {plan_key} {store.facts_known(facts.lines, facts.products, day)}"
    kept = store.kept_lesson(lake, uow, day)
    if kept is not None and kept["fingerprint"] == key:
        return from_row(kept), None
    taught = _learn(facts, day)
    if taught.learned is None:
        return _learn(facts, as_of), None
    row = as_row(taught, key)
    return from_row(row.to_pylist()[0]), row


def _learn(facts: Facts, day: date) -> Taught:
    every, promoted = _weeks(facts, day)
    kinds, rng = main_kinds(promoted), np.random.default_rng(day.toordinal())
    shop = shop_of(every, promoted, store.kin(facts.products), 1, kinds)
    return Taught(learn(shop, 1, learn_from=teachers(every.units, rng), seed=day.toordinal()), kinds)


def _weeks(facts: Facts, day: date) -> tuple[Trailing, pd.DataFrame]:
    weeks = store.full_weeks(facts.lines, day)
    every = trailing(store.sold_by_week(facts.lines, day), ["product_id"], weeks)
    return every, store.promoted_by_week(facts.planned, day, max(weeks, 1), 1)


def _estimated(facts: Facts, as_of: date, taught: Taught) -> tuple[pa.Table, pa.Table]:
    """The estimate (schema DEMAND) and the joint draws (schema DRAWS).

    Products unsold for DEAD_AFTER_WEEKS are left out; an empty shop gives empty tables.
    """
    every, promoted = _weeks(facts, as_of)
    shop = shop_of(every, promoted, store.kin(facts.products), 1, taught.kinds)
    alive, rng = living(every.units), np.random.default_rng(as_of.toordinal())
    found = ahead(shop, 1, taught.learned, of=alive)
    whole, mean, dispersion = only(every, alive), found.mean[:, 0], found.dispersion[:, 0]
    units = joint_outcomes(found, whole.units, rng)
    rows = published(whole, mean, dispersion, as_of)
    joint = pa.table({"product_id": rows["product_id"], "units": lists(units)}, schema=DRAWS)
    return pa.concat_tables([rows, _in_stores(facts.lines, as_of, whole, mean)]), joint


def joint_outcomes(found: Forecast, past: Floats, rng: np.random.Generator) -> Ints:
    """(series, draw) equally likely joint outcomes of the first week forecast; past: (series, week) units."""
    count = -(-_DRAWS_AT_LEAST // past.shape[1]) * past.shape[1]
    each = outcomes(found.mean[:, 0], found.dispersion[:, 0], past[:, -1], found.reading, count)
    return joint_draws(each, past, rng)


def weeks_of(
    facts: Folder, *, as_of: date, weeks: int, horizon: int, keep: Callable[[Floats], Ints]
) -> tuple[NDArray[np.object_], Shop]:
    """Product ids and what the level model may look at: `weeks` weeks to as_of, the plan `horizon` further.

    keep: the places of the products wanted, ascending, from their weekly units (product, week).
    """
    sold_weeks = trailing(store.sold_by_week(facts.lines, as_of, weeks), ["product_id"], weeks)
    wanted = only(sold_weeks, keep(sold_weeks.units))
    promotions = store.of_products(facts.promotions, wanted.product_ids.tolist())
    promoted = store.promoted_by_week(store.planned(promotions), as_of, weeks, horizon)
    return wanted.product_ids, shop_of(wanted, promoted, store.kin(facts.products), horizon)


def _in_stores(lines: ir.Table, as_of: date, whole: Trailing, mean: Floats) -> pa.Table:
    """The heavy product and store pairs: their share of the product's mean, their own spread."""
    weeks = whole.units.shape[1]
    last = min(HEAVY_WEEKS, weeks)
    sold = store.sold_by_week_in_stores(lines, as_of, last, max(last // 2, _HEAVY_LEAST))
    pairs = heaviest(trailing(sold, ["product_id", "store_id"], weeks))
    place, share = shares(pairs, whole)
    return published(pairs, np.maximum(share * mean[place], 0.01), own_spread(pairs.units), as_of)


def demand(lake: Lake, as_of: date) -> ir.Table:
    """The published estimate as of a day: schema DEMAND, rows with store_id null are all stores together."""
    return store.estimated(lake, as_of)


def draws(lake: Lake, as_of: date, product_ids: Collection[str] | None = None) -> Draws:
    """Joint draws of the week after as_of, ordered by product id; unknown products are absent."""
    return store.read_draws(lake, as_of, product_ids)


def products(
    lake: Lake, as_of: date, search: Search, *, after: tuple[object, str] | None = None, limit: int = 50
) -> tuple[list[ProductRow], int]:
    """A page of the products of one day's estimate, and how many match in all.

    after: sort value and product id of the last one seen. Text looks into id, title and category.
    """
    return store.page(lake, as_of, search, after, limit)


def product(
    lake: Lake, as_of: date, product_id: str, store_id: str | None = None
) -> tuple[ProductRow, list[dict[str, Any]]]:
    """One product and its estimates (rows of DEMAND: all stores first, then the heavy stores by mean).

    not_found when the product has no estimate on that day, or none for the asked store.
    """
    row, estimates = store.one(lake, as_of, product_id), store.estimates_of(lake, as_of, product_id)
    if row is None:
        raise no_estimate(product_id, as_of)
    if all(estimate["store_id"] != store_id for estimate in estimates):
        raise NOT_HEAVY.error(product_id=product_id, store_id=store_id)
    return row, estimates


def estimated_days(lake: Lake, uow: UnitOfWork) -> list[date]:
    """Days with a published estimate, oldest first."""
    return store.estimated_days(lake, uow)


def past_estimates(
    lake: Lake, uow: UnitOfWork, product_id: str, *, before: date, store_id: str | None = None
) -> pa.Table:
    """What estimates of earlier days said of one product, oldest first (schema DEMAND)."""
    days = [day for day in store.estimated_days(lake, uow) if day < before]
    return store.estimated_for(lake, days, product_id, store_id)


def sold(lake: Lake, first: date, last: date) -> pa.Table:
    """What was wanted: product_id, units sold on the local days first..last. Unsold products are absent."""
    return store.sold_between(connect.lines(lake, last), first, last)


def weekly(
    lake: Lake, as_of: date, product_ids: Sequence[str], weeks: int, *, store_id: str | None = None
) -> Floats:
    """Units sold by week, (product, week) in the order asked, oldest first; the last week ends on as_of."""
    lines = connect.lines(lake, as_of)
    if store_id is not None:
        lines = lines.filter(lines.store_id == store_id)
    found = store.sold_weekly(lines, as_of, weeks, product_ids)
    place = pd.Index(list(product_ids)).get_indexer(pd.Index(found["product_id"])).astype(np.int64)
    ago, units = found["weeks_ago"].to_numpy(np.int64), found["units"].to_numpy(np.float64)
    return spread_weekly(place, ago, units, (len(product_ids), weeks))


def no_estimate(product_id: str, as_of: date | None) -> ShopError:
    """The refusal for a product without an estimate."""
    return NO_FORECAST.error(product_id=product_id, as_of=as_of or "-", weeks=DEAD_AFTER_WEEKS)

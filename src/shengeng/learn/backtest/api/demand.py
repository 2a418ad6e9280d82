"""Backtest of demand from order lines: units of each product over the weeks or days after rolling origins."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from shengeng.kernel.units import Floats
from shengeng.learn.backtest.api.frame import Trial, trial
from shengeng.learn.backtest.api.rolling import DAILY, MOST_SERIES, WEEKLY, Notes, rolled, sides
from shengeng.learn.backtest.contracts import NOTHING_TO_SCORE, Report
from shengeng.learn.backtest.methods.demand import Known, steady
from shengeng.learn.backtest.store.series import promoted_by_day, sold_by_day
from shengeng.sense.connect.contracts import Folder
from shengeng.understand.demand import api as demand


def run_demand(
    folder: Folder, cut: date | None = None, seed: int = 1, frequency: str | None = None
) -> Report:
    """Forecast units after the cut from two or three origins; shengeng beside four baselines.

    frequency: "weekly" (four weeks ahead, the default) or "daily" (14 days ahead). Weeks have seven days and
    are aligned to the cut. The products are those that sold steadily by week before the cut. The promotion
    plan of the scored periods is known to shengeng and lightgbm alike. Refused when the days do not hold two
    origins.
    """
    split = trial("demand", folder, cut, seed)
    protocol = DAILY if frequency == "daily" else WEEKLY
    days = (split.cut - split.first).days, (split.last - split.cut).days + 1
    before, after = sides(split, folder, protocol, *(count // protocol.step for count in days))
    known = _daily if protocol is DAILY else _weekly
    whole, notes = known(folder, split, before, after)
    return rolled(split, whole, before, protocol, notes)


def _weekly(folder: Folder, split: Trial, before: int, after: int) -> tuple[Known, Notes]:
    end = split.as_of + timedelta(days=7 * after)
    _, shop = _steady(folder, split, end, before + after, before)
    known = Known(shop.units, shop.paid_minor, shop.plan, shop.kin, split.cut.weekday())
    weeks: Notes = {"weeks_before_cut": before}
    return known, _notes(shop, before) | weeks


def _daily(folder: Folder, split: Trial, before: int, after: int) -> tuple[Known, Notes]:
    """The same products as by week, their days from the first one on."""
    ids, shop = _steady(folder, split, split.as_of, before // 7, before // 7)
    first, days = split.cut - timedelta(days=before), before + after
    sold = sold_by_day(folder.lines, ids.tolist(), first, first + timedelta(days=days - 1))
    place = np.searchsorted(ids.astype(str), sold["product_id"].to_numpy(dtype=str))
    units, paid = (np.zeros((len(ids), days)) for _ in range(2))
    units[place, sold["day"]], paid[place, sold["day"]] = sold["units"], sold["paid_minor"]
    planned = demand.plan(promoted_by_day(folder.promotions, ids.tolist(), first, days), ids, days)
    told: Notes = {"known_in_advance": _plan(planned), "days_before_cut": before}
    return Known(units, paid, planned, shop.kin, first.weekday()), _notes(shop, before // 7) | told


def _steady(
    folder: Folder, split: Trial, end: date, weeks: int, before: int
) -> tuple[NDArray[np.object_], demand.Shop]:
    ids, shop = demand.weeks_of(
        folder,
        as_of=end,
        weeks=weeks,
        horizon=0,
        keep=lambda units: steady(units[:, :before], MOST_SERIES, split.seed),
    )
    if not len(ids):
        raise NOTHING_TO_SCORE.error(cut=split.cut, data=folder.name)
    return ids, shop


def _notes(shop: demand.Shop, before: int) -> Notes:
    sold = (shop.units[:, :before] > 0).mean(axis=1)
    return {
        "source": "orders",
        "sold_in_share_of_weeks_before_cut": round(float(sold.min()), 3),
        "known_in_advance": _plan(shop.plan),
    }


def _plan(plan: Floats) -> str:
    return f"promotion plan, {len(plan)} kinds" if plan.any() else "nothing"

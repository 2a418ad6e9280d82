"""Proposes what to have in stock next week, and settles it by the same formula."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa

from shengeng.decide.replenish import store
from shengeng.decide.replenish.contracts import (
    BAD_TERMS,
    BAD_UNITS,
    COMMON_MISS,
    METHOD,
    MOST_UNITS,
    PROPOSALS,
    Proposals,
    Terms,
)
from shengeng.decide.replenish.methods import (
    critical_ratio,
    gain_minor,
    intervals,
    order_up_to,
    sum_interval,
)
from shengeng.kernel.units import Floats, Interval, Ints
from shengeng.storage.lake import Lake
from shengeng.understand.demand import api as demand

__all__ = [
    "critical_ratio",
    "gain_interval",
    "gain_minor",
    "group_interval",
    "order_up_to",
    "proposals",
    "realised",
    "regain",
    "stock_ratio",
]


def stock_ratio(terms: Terms) -> float:
    """The critical ratio of the terms; refuses rates that are no shares."""
    for name in ("margin_rate", "scrap_rate"):
        value = getattr(terms, name)
        if not 0 <= value <= 1:
            raise BAD_TERMS.error(name=name, value=value)
    if terms.margin_rate + terms.scrap_rate <= 0:
        raise BAD_TERMS.error(name="margin_rate + scrap_rate", value=0)
    return critical_ratio(terms.margin_rate, terms.scrap_rate)


def proposals(lake: Lake, as_of: date, terms: Terms) -> Proposals:
    """Newsvendor levels for the week after as_of that gain at least min_gain_minor over last week's sales.

    Best gain first. Empty where there is no estimate for the day; products without a paid price are left out.
    """
    ratio = stock_ratio(terms)
    known = store.candidates(lake, as_of)
    joint = demand.draws(lake, as_of)
    assert known.num_rows == len(joint.product_ids), (known.num_rows, len(joint.product_ids))
    last, price = _ints(known, "last_week"), _ints(known, "unit_price_minor")
    units = order_up_to(joint.units, ratio)
    gains = gain_minor(
        units, last, joint.units, price, margin_rate=terms.margin_rate, scrap_rate=terms.scrap_rate
    )
    worth = intervals(gains)
    good = (units != last) & (price > 0) & (worth[:, 1] >= max(terms.min_gain_minor, 1))
    rows = np.flatnonzero(good)
    rows = rows[np.argsort(-worth[rows, 1], kind="stable")]
    table = _rows(known.take(rows), units[rows], np.rint(worth[rows]).astype(np.int64), terms)
    return Proposals(table, gains[rows], joint.units[rows])


def _ints(table: pa.Table, name: str) -> Ints:
    return np.asarray(table[name].to_numpy(), dtype=np.int64)


def _rows(known: pa.Table, units: Ints, worth: Ints, terms: Terms) -> pa.Table:
    price = _ints(known, "unit_price_minor")
    columns: dict[str, Any] = {
        name: known[name] for name in ("product_id", "title", "department", "category")
    }
    columns |= {
        "units": units,
        "default_units": known["last_week"],
        "unit_price_minor": price,
        "unit_margin_minor": np.rint(price * terms.margin_rate).astype(np.int64),
        "unit_scrap_minor": np.rint(price * terms.scrap_rate).astype(np.int64),
        "gain_low_minor": worth[:, 0],
        "gain_mid_minor": worth[:, 1],
        "gain_high_minor": worth[:, 2],
        "forecast_low": known["p10"],
        "forecast_mid": known["p50"],
        "forecast_high": known["p90"],
        "evidence_weeks": known["weeks"],
        "method": pa.array([METHOD] * len(units), pa.string()),
    }
    return pa.table(columns, schema=PROPOSALS)


def group_interval(outcomes: Floats | Ints) -> Interval:
    """The 80% interval of a sum over products, from joint draws (row, draw): gains_minor or units rows.

    A column is one imagined week of the whole shop, so weeks that are good or bad for all stay so in the sum.
    """
    return sum_interval(np.asarray(outcomes, dtype=np.float64))


def gain_interval(gains_minor: Floats) -> Interval:
    """The 80% interval of the gain of many stock-ups, from joint draws (row, draw).

    Weeks that miss together miss a little more than the draws know: COMMON_MISS of the mean on top.
    """
    return sum_interval(gains_minor, COMMON_MISS)


def regain(
    lake: Lake,
    as_of: date,
    product_id: str,
    *,
    units: int | float,
    default_units: int,
    price_minor: int,
    terms: Terms,
) -> Interval:
    """The gain interval of an edited number of units, on the draws that the decision was made with.

    Refused when units is not a whole number from 0 to MOST_UNITS, or when the draws of that day are gone.
    """
    if isinstance(units, bool) or int(units) != units or not 0 <= units <= MOST_UNITS:
        raise BAD_UNITS.error(units=units, most=MOST_UNITS)
    stock_ratio(terms)
    joint = demand.draws(lake, as_of, [product_id])
    if not len(joint.product_ids):
        raise demand.no_estimate(product_id, as_of)
    return group_interval(
        gain_minor(
            np.array([int(units)]),
            np.array([default_units]),
            joint.units,
            np.array([price_minor]),
            margin_rate=terms.margin_rate,
            scrap_rate=terms.scrap_rate,
        )
    )


def realised(
    units: Sequence[int] | Ints,
    default_units: Sequence[int] | Ints,
    wanted: Sequence[int] | Ints,
    price_minor: Sequence[int] | Ints,
    terms: Terms,
) -> Ints:
    """What the chosen units really earned beyond the default ones, in minor units, once demand is known.

    All (product,); wanted is what was sold in the window (demand.sold). The formula of the proposals.
    """
    chosen, default, actual, price = (
        np.asarray(column, dtype=np.int64) for column in (units, default_units, wanted, price_minor)
    )
    gains = gain_minor(
        chosen, default, actual[:, None], price, margin_rate=terms.margin_rate, scrap_rate=terms.scrap_rate
    )
    return np.rint(gains[:, 0]).astype(np.int64)

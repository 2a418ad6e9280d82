"""Stock proposals as the ledger's groups: one a department, with evidence for the screen."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from typing import Any

import numpy as np
import pyarrow as pa

from shengeng.decide.ledger.contracts import GroupProposal, Proposal, Reason, Worth
from shengeng.decide.replenish import api as replenish
from shengeng.decide.replenish.contracts import Proposals, Terms
from shengeng.decide.treat import api as treat
from shengeng.kernel.units import Floats, Interval, Ints
from shengeng.plays.morning import Morning
from shengeng.understand.demand import api as demand

OTHERS = "*"
SPARK_WEEKS = 14


def without(found: Proposals, taken: Collection[str]) -> Proposals:
    """The proposals whose product has no window yet."""
    keys = found.rows["product_id"].to_pylist()
    free = np.array([row for row, key in enumerate(keys) if key not in taken], dtype=np.int64)
    return Proposals(found.rows.take(pa.array(free)), found.gains_minor[free], found.units[free])


def outlay_minor(units: int, default_units: int, price_minor: int, margin_rate: float) -> int:
    """Cost of the goods bought beyond the default's, in minor units; buying less costs nothing."""
    return round(max(units - default_units, 0) * price_minor * (1.0 - margin_rate))


def groups_of(morning: Morning, found: Proposals, *, team: str, terms: Terms) -> list[GroupProposal]:
    """The proposals by department, the department of the best one first."""
    members: dict[str, list[int]] = defaultdict(list)
    for row, department in enumerate(found.rows["department"].to_pylist()):
        members[department or OTHERS].append(row)
    keys = found.rows["product_id"].to_pylist()
    sold = demand.weekly(morning.lake, morning.as_of, keys, SPARK_WEEKS)
    groups = {key: np.array(rows) for key, rows in members.items()}
    return [
        _group(key, rows, found, sold=sold[rows].sum(axis=0), team=team, terms=terms)
        for key, rows in groups.items()
    ]


def nothing_because(morning: Morning, found: Proposals) -> Reason | None:
    """Why there is nothing to propose; None when there is something."""
    if found.rows.num_rows:
        return None
    lines, _ = treat.identified(morning.lake, morning.as_of)
    return Reason("none_better_than_last_week") if lines else Reason("no_orders")


def _group(key: str, rows: Ints, found: Proposals, *, sold: Floats, team: str, terms: Terms) -> GroupProposal:
    records = found.rows.take(pa.array(rows)).to_pylist()
    units, default = (sum(r[name] for r in records) for name in ("units", "default_units"))
    more = sum(r["units"] > r["default_units"] for r in records)
    return GroupProposal(
        group_key=key,
        team=team,
        gain=in_order(replenish.gain_interval(found.gains_minor[rows])),
        forecast=in_order(replenish.group_interval(found.units[rows])),
        reason=Reason(
            "newsvendor_level",
            {
                "critical_ratio": round(replenish.stock_ratio(terms), 4),
                "units": units,
                "default_units": default,
            },
        ),
        proposals=[_proposal(record, terms) for record in records],
        spark=[float(week) for week in sold],
        title_params={"products": len(records), "more": more, "less": len(records) - more},
        evidence={"estimate": "demand", "units": units, "default_units": default},
    )


def _proposal(record: Mapping[str, Any], terms: Terms) -> Proposal:
    units, default, price = record["units"], record["default_units"], record["unit_price_minor"]
    gain = Interval(*(float(record[f"gain_{end}_minor"]) for end in ("low", "mid", "high")))
    forecast = Interval(*(float(record[f"forecast_{end}"]) for end in ("low", "mid", "high")))
    return Proposal(
        subject=record["product_id"],
        title=record["title"],
        action={"units": units},
        default_action={"units": default},
        worth=Worth(
            in_order(gain), outlay_minor(units, default, price, terms.margin_rate), in_order(forecast)
        ),
        evidence={
            "last_week": default,
            "weeks": record["evidence_weeks"],
            "unit_price_minor": price,
            "unit_margin_minor": record["unit_margin_minor"],
            "unit_scrap_minor": record["unit_scrap_minor"],
            "category": record["category"],
        },
        product_id=record["product_id"],
    )


def in_order(found: Interval) -> Interval:
    """A mean may stand outside the 80% of a skewed quantity; the interval then reaches to it."""
    return Interval(min(found.low, found.mid), found.mid, max(found.high, found.mid))

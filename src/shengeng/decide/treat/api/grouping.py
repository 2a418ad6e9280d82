"""Reminders as the ledger's groups: one a product category, with evidence for the screen."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from shengeng.decide.ledger.contracts import GroupProposal, Json, Proposal, Reason, Worth, customer_product
from shengeng.decide.treat.api.choosing import Reminders
from shengeng.decide.treat.methods import buyers
from shengeng.kernel.units import Interval, Ints


def groups_of(chosen: Reminders, *, team: str, default_action: Json) -> list[GroupProposal]:
    """The reminders by group, the group of the best reminder first."""
    members: dict[str, list[int]] = defaultdict(list)
    for row, key in enumerate(chosen.group_keys):
        members[key].append(row)
    return [_group(chosen, key, np.array(rows), team, default_action) for key, rows in members.items()]


def nothing_because(chosen: Reminders) -> Reason | None:
    """Why there is nothing to propose; None when there is something."""
    if len(chosen.group_keys):
        return None
    if not chosen.lines:
        return Reason("no_orders")
    if not chosen.identified:
        return Reason("all_guests", {"lines": chosen.lines})
    if not chosen.due:
        return Reason("nobody_due")
    return Reason("none_worth_a_contact" if chosen.free else "all_in_hand", {"due": chosen.due})


def _group(chosen: Reminders, key: str, rows: Ints, team: str, default_action: Json) -> GroupProposal:
    table = chosen.rows.take(rows).to_pandas()
    found = zip(rows, table.to_dict("records"), strict=True)
    return GroupProposal(
        group_key=key,
        team=team,
        gain=chosen.gain_of(rows),
        forecast=chosen.buyers_of(rows),
        reason=Reason(
            "due_by_rhythm",
            {"rhythm_days": _typical(table.rhythm_days), "orders": _typical(table.orders), "due": len(rows)},
        ),
        proposals=[_proposal(chosen, int(row), record, default_action) for row, record in found],
        spark=_due_by_day(table.due_on),
        title_params={
            "customers": int(table.customer_id.nunique()),
            "products": int(table.product_id.nunique()),
        },
        evidence={"estimate": "affinity", "due": chosen.due, "lines": chosen.lines},
    )


def _typical(values: pd.Series[Any]) -> float | None:
    return round(float(values.median()), 1) if values.notna().any() else None


def _due_by_day(due_on: pd.Series[Any]) -> list[float]:
    """How many are due on each day of the window."""
    return [float(n) for n in pd.to_datetime(due_on).value_counts().sort_index()]


def _proposal(chosen: Reminders, row: int, found: Mapping[Any, Any], default_action: Json) -> Proposal:
    low, mid, high = chosen.gains[row]
    chance = float(found["probability"])
    rhythm = found["rhythm_days"]
    return Proposal(
        subject=customer_product(found["customer_id"], found["product_id"]),
        title=found["title"],
        action={"reminder": True, "channel": None},
        default_action=default_action,
        worth=Worth(Interval(low, mid, high), chosen.terms.contact_cost_minor, buyers(np.array([chance]))),
        evidence={
            "probability": round(chance, 4),
            "due_on": found["due_on"].isoformat(),
            "last_on": found["last_on"].isoformat(),
            "rhythm_days": None if pd.isna(rhythm) else round(float(rhythm), 1),
            "orders": int(found["orders"]),
            "spend_minor": round(float(found["spend_minor"])),
            "margin_minor": round(float(chosen.margin_minor[row]), 1),
        },
        customer_id=found["customer_id"],
        product_id=found["product_id"],
    )

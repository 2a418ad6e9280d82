"""Win back: reach customers of the high tier who are at risk, each in the way that is worth most.

Customers of the middle tier too, as far as `winback_mid_share` of the week's budget goes (none by default).

Needs `lifecycle` (who is at risk) and `value` (what they bring). Ways: a message, a message with a coupon, a
call. The gain is assumed: of those who would not come in the window, a share comes because of it (editable
by way, 80% between half and twice of it) and saves the margin at stake: an order, and over the horizon what
those gone for good would have brought. Contact and coupon come off. The week's budget and calls are spread
over customers and ways by `allocate`, which says what more of them would bring. What facts can check is the
forecast: how many would have come anyway.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from shengeng.decide.allocate.contracts import Limits, Plan
from shengeng.decide.ledger.contracts import (
    GroupProposal,
    Json,
    Proposal,
    Reason,
    Slate,
    SubjectKind,
    Worth,
)
from shengeng.decide.treat import api as treat
from shengeng.decide.treat.contracts import WIN_BACK_METHOD, Treatment
from shengeng.govern.shop.contracts import Assumptions
from shengeng.kernel.units import Interval
from shengeng.plays.morning import Morning
from shengeng.plays.untreated import Untreated, nobody_known

NOT_REACHED: Json = {"treatment": None, "channel": None}
# Nobody knows how much weeks of coming back differ until some have been seen: a little more than others.
SHOCK = 0.2
_SHOWN = (
    "margin_rate",
    "horizon_days",
    "contact_cost_minor",
    "winback_response",
    "winback_coupon_response",
    "winback_coupon_rate",
    "winback_call_response",
    "call_cost_minor",
    "calls_per_week",
    "winback_mid_share",
)


def treatments(given: Assumptions) -> tuple[Treatment, ...]:
    """The ways to win a customer back, as assumed."""
    contact = given.contact_cost_minor
    return (
        Treatment("message", "message", given.winback_response, contact),
        Treatment(
            "coupon", "message", given.winback_coupon_response, contact, coupon_rate=given.winback_coupon_rate
        ),
        Treatment("call", "phone", given.winback_call_response, given.call_cost_minor),
    )


@dataclass(frozen=True, slots=True)
class WinBack(Untreated):
    """Customer at risk, reached in one of three ways or left alone."""

    key: str = "win_back"
    subject_kind: SubjectKind = "customer"
    forecast_unit: str = "customers"
    default_policy: str = "no_contact"
    default_action: Json = field(default_factory=lambda: NOT_REACHED)

    def propose(self, morning: Morning) -> Slate:
        """The best plan within the week's budget and calls, in a group for each way."""
        given = morning.assumptions
        limits = limits_of(morning)
        offered = treat.at_risk(
            morning.lake,
            morning.as_of,
            treatments(given),
            margin_rate=given.margin_rate,
            tiers=("high", *limits.tier_share),
            leave=morning.taken | morning.left_alone(self.key),
        )
        plan, chosen = treat.winning_back(offered, limits)
        groups = [
            self._group(offered, plan, way, chosen[way.key])
            for way in offered.treatments
            if way.key in chosen
        ]
        everybody = [row for rows in chosen.values() for row in rows]
        return morning.slate(
            method=WIN_BACK_METHOD,
            assumptions={name: getattr(given, name) for name in _SHOWN},
            groups=groups,
            # The ways' responses are doubted together: ends are added.
            gain=_sum([group.gain for group in groups]),
            forecast=offered.buyers_of(everybody, SHOCK),
            nothing_because=None if everybody else _nothing_because(morning, offered),
        )

    def _group(
        self, offered: treat.Offered, plan: Plan, way: Treatment, rows: Sequence[int]
    ) -> GroupProposal:
        silent = offered.people["silent_days"].to_numpy()[list(rows)]
        rhythm = offered.people["rhythm_days"].to_numpy(zero_copy_only=False)[list(rows)]
        return GroupProposal(
            group_key=way.key,
            team=self.team,
            gain=offered.gain_of(way, rows),
            forecast=offered.buyers_of(rows, SHOCK),
            reason=Reason(
                "at_risk",
                {
                    "silent_days": float(np.median(silent)),
                    "rhythm_days": None if np.isnan(rhythm).all() else round(float(np.nanmedian(rhythm)), 1),
                },
            ),
            proposals=[_proposal(offered, way, row) for row in rows],
            title_params={"customers": len(rows)},
            evidence={"estimate": "lifecycle", "at_risk": offered.people.num_rows, **_prices(plan)},
        )


def limits_of(morning: Morning) -> Limits:
    """What is left of the week: the play's budget, and calls that no live decision needs."""
    planned = sum(contact.channel == "phone" for contact in morning.contacts)
    calls = max(morning.assumptions.calls_per_week - planned, 0)
    return Limits(
        morning.budget_minor, {"phone": calls}, tier_shares(morning.assumptions, morning.budget_minor)
    )


def tier_shares(given: Assumptions, budget_minor: int | None) -> Mapping[str, float]:
    """Tiers below the high one that are reached too, each with its share of the budget; none without one."""
    share = given.winback_mid_share
    return {"mid": share} if share > 0.0 and budget_minor is not None else {}


def _proposal(offered: treat.Offered, way: Treatment, row: int) -> Proposal:
    who = offered.people.slice(row, 1).to_pylist()[0]
    low, mid, high = sorted(offered.gains(way)[row].tolist())
    return Proposal(
        subject=who["customer_id"],
        title=who["customer_id"],
        action={"treatment": way.key, "channel": way.channel},
        default_action=NOT_REACHED,
        worth=Worth(
            Interval(low, mid, high), int(offered.cost_minor(way)[row]), offered.buyers_of([row], 0.0)
        ),
        evidence=_evidence(offered, way, row, who),
        customer_id=who["customer_id"],
    )


def _evidence(offered: treat.Offered, way: Treatment, row: int, who: Mapping[str, Any]) -> Json:
    return {
        "tier": who["tier"],
        "since": who["since"].isoformat(),
        "silent_days": who["silent_days"],
        "rhythm_days": None if who["rhythm_days"] is None else round(who["rhythm_days"], 1),
        "p_alive": round(who["p_alive"], 4),
        "probability": round(float(offered.probability[row]), 4),
        "value_minor": who["value_minor"],
        "stake_minor": round(float(offered.stake_minor[row])),
        "coupon_minor": round(way.coupon_rate * float(offered.order_minor[row])),
    }


def _prices(plan: Plan) -> Json:
    """What more of each limit would bring, and how near the plan is to the best there can be."""
    found: dict[str, float | None] = {"gap": round(plan.gap, 6)}
    for use in plan.uses:
        digits = 4 if use.kind == "tier" else 0
        found[f"left_{use.key or use.kind}"] = round(use.left, digits)
        found[f"price_{use.key or use.kind}"] = None if use.brings_minor is None else round(use.brings_minor)
    return found


def _sum(gains: Sequence[Interval]) -> Interval:
    return Interval(sum(g.low for g in gains), sum(g.mid for g in gains), sum(g.high for g in gains))


def _nothing_because(morning: Morning, offered: treat.Offered) -> Reason:
    count = offered.people.num_rows
    found = Reason("none_worth_a_contact", {"due": count}) if count else Reason("nobody_at_risk")
    return nobody_known(morning) or found

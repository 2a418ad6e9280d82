"""Stock up: have the units of a product that next week will want, instead of as many as last week sold.

Needs `demand`: joint draws of next week's units. The level is the newsvendor's: enough in a share of weeks
equal to margin / (margin + scrap), both rates editable. The basis is policy: two levels on the same demand
at stated rates, so the week's sales settle the very gain that was expected. What is sold stands for what
was wanted. The cost is the goods bought beyond those of the default.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from shengeng.decide.ledger.contracts import (
    BAD_ACTION,
    Basis,
    DecisionDetail,
    Json,
    SettlementKind,
    Slate,
    SubjectKind,
    Worth,
)
from shengeng.decide.replenish import api as replenish
from shengeng.decide.replenish.contracts import DEFAULT_POLICY, METHOD, MOST_UNITS, Terms
from shengeng.plays.morning import Morning
from shengeng.plays.shelves import groups_of, in_order, nothing_because, outlay_minor, without
from shengeng.storage.lake import Lake


@dataclass(frozen=True, slots=True)
class StockUp:
    """Product, units to have for the next seven days."""

    key: str = "stock_up"
    team: str = "supply"
    basis: Basis = "policy"
    subject_kind: SubjectKind = "product"
    settlement: SettlementKind = "policy_replay"
    forecast_unit: str = "units"
    default_policy: str = DEFAULT_POLICY

    def propose(self, morning: Morning) -> Slate:
        """Levels that should earn at least min_gain_minor more than last week's sales, by department."""
        given = morning.assumptions
        terms = Terms(given.margin_rate, given.scrap_rate, given.min_gain_minor)
        found = without(replenish.proposals(morning.lake, morning.as_of, terms), morning.taken)
        return morning.slate(
            method=METHOD,
            assumptions={
                "margin_rate": terms.margin_rate,
                "scrap_rate": terms.scrap_rate,
                "min_gain_minor": terms.min_gain_minor,
                "critical_ratio": round(replenish.stock_ratio(terms), 4),
            },
            groups=groups_of(morning, found, team=self.team, terms=terms),
            gain=in_order(replenish.gain_interval(found.gains_minor)),
            forecast=in_order(replenish.group_interval(found.units)),
            nothing_because=nothing_because(morning, found),
        )

    def edited(self, decision: DecisionDetail, action: Json, lake: Lake) -> tuple[Json, Worth]:
        """Another number of units, worth what it earns on the draws that the decision was made with."""
        units = action.get("units")
        if set(action) != {"units"} or isinstance(units, bool) or not isinstance(units, int):
            value = str(dict(action))[:80]
            raise BAD_ACTION.error(
                play=self.key, field="action", value=value, limit=f"units: 0..{MOST_UNITS}"
            )
        default, price = decision.row.default_action["units"], decision.evidence["unit_price_minor"]
        gain = replenish.regain(
            lake,
            decision.row.proposed_on,
            decision.row.subject,
            units=units,
            default_units=default,
            price_minor=price,
            terms=_terms(decision),
        )
        cost = outlay_minor(units, default, price, _terms(decision).margin_rate)
        return {"units": units}, Worth(in_order(gain), cost, decision.row.forecast)

    def realised(
        self, decisions: Sequence[DecisionDetail], observed: Sequence[float]
    ) -> Sequence[float | None]:
        """What the chosen units earned beyond the default ones at the units that were really sold."""
        if not decisions:
            return []
        gains = replenish.realised(
            [d.row.action["units"] for d in decisions],
            [d.row.default_action["units"] for d in decisions],
            [round(units) for units in observed],
            [d.evidence["unit_price_minor"] for d in decisions],
            _terms(decisions[0]),
        )
        return [float(gain) for gain in gains]


def _terms(decision: DecisionDetail) -> Terms:
    return Terms(decision.assumptions["margin_rate"], decision.assumptions["scrap_rate"])

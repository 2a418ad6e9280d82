"""What plays share that reach customers and whose gain is assumed.

As long as no channel sends anything, everybody is left untreated: the facts settle the forecast (who buys
unasked) and say nothing of the gain.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from shengeng.decide.ledger.contracts import (
    BAD_ACTION,
    Basis,
    DecisionDetail,
    Json,
    Reason,
    SettlementKind,
    SubjectKind,
    Worth,
)
from shengeng.decide.treat import api as treat
from shengeng.kernel.units import Interval
from shengeng.plays.morning import Morning
from shengeng.storage.lake import Lake


@dataclass(frozen=True, slots=True)
class Untreated:
    """A play about customers; default_action: what the shop does without it."""

    key: str
    subject_kind: SubjectKind
    forecast_unit: str
    default_policy: str
    default_action: Json
    team: str = "growth"
    basis: Basis = "assumed"
    settlement: SettlementKind = "observed_untreated"

    def edited(self, decision: DecisionDetail, action: Json, _: Lake) -> tuple[Json, Worth]:
        """A customer can be left alone; anything else is a question for the whole plan."""
        wanted = {**decision.row.action, **action}
        if wanted == self.default_action:
            return wanted, left_alone(decision)
        limit = ", ".join(f"{name}: {_plain(value)}" for name, value in self.default_action.items())
        raise BAD_ACTION.error(play=self.key, field="action", value=str(dict(action))[:80], limit=limit)

    def realised(self, decisions: Sequence[DecisionDetail], _: Sequence[float]) -> Sequence[float | None]:
        """Nobody was reached, so the facts say nothing of the gain; it stays assumed until a trial."""
        return [None] * len(decisions)


def left_alone(decision: DecisionDetail) -> Worth:
    """What a decision is worth that does nothing; its forecast stays."""
    return Worth(Interval(0.0, 0.0, 0.0), 0, decision.row.forecast)


def nobody_known(morning: Morning) -> Reason | None:
    """Why a shop has nobody to reach: no orders at all, or all of guests."""
    lines, known = treat.identified(morning.lake, morning.as_of)
    if not lines:
        return Reason("no_orders")
    return None if known else Reason("all_guests", {"lines": lines})


def _plain(value: object) -> str:
    return "null" if value is None else str(value).lower()

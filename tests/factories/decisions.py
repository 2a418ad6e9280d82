"""A made-up play and its slates, for tests of the ledger that need no shop behind them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from shengeng.decide.ledger import api as ledger
from shengeng.decide.ledger.contracts import (
    BAD_ACTION,
    Basis,
    DecisionDetail,
    GroupProposal,
    Json,
    Proposal,
    Reason,
    SettlementKind,
    Slate,
    SubjectKind,
    Worth,
)
from shengeng.kernel.roles import Principal, Role
from shengeng.kernel.units import Interval
from shengeng.storage.lake import Lake
from shengeng.storage.rows import UnitOfWork

DAY = date(2025, 3, 2)  # a Sunday, so that windows begin on a Monday
NOW = datetime(2025, 3, 3, 1, 0, tzinfo=UTC)
OPERATOR = Principal("lin", Role.OPERATOR)
APPROVER = Principal("zhao", Role.APPROVER)
ADMIN = Principal("root", Role.ADMIN)


@dataclass(frozen=True, slots=True)
class Shelf:
    """A play that fills shelves: every unit brings 100 and costs 10 (minor units), give or take a fifth."""

    key: str = "shelf"
    team: str = "supply"
    basis: Basis = "policy"
    subject_kind: SubjectKind = "product"
    settlement: SettlementKind = "policy_replay"
    forecast_unit: str = "units"
    default_policy: str = "empty_shelf"

    def edited(self, decision: DecisionDetail, action: Json, lake: Lake) -> tuple[Json, Worth]:
        units = action.get("units")
        if set(action) != {"units"} or type(units) is not int or not 0 <= units <= 1000:
            raise BAD_ACTION.error(play=self.key, field="units", value=units, limit="0 to 1000")
        return {"units": units}, worth_of(units)

    def realised(
        self, decisions: Sequence[DecisionDetail], observed: Sequence[float]
    ) -> Sequence[float | None]:
        return [100 * min(d.row.action["units"], seen) for d, seen in zip(decisions, observed, strict=True)]


def worth_of(units: int) -> Worth:
    return Worth(Interval(80 * units, 100 * units, 120 * units), 10 * units, Interval(0, units, 2 * units))


def proposal(subject: str, units: int = 10, *, known: bool = True) -> Proposal:
    worth = worth_of(units)
    return Proposal(
        subject=subject,
        title=f"Product {subject}",
        action={"units": units},
        default_action={"units": 0},
        worth=worth if known else Worth(None, None, worth.forecast),
        evidence={"last_week": units},
        product_id=subject,
    )


def slate(
    subjects: Sequence[str],
    *,
    day: date = DAY,
    units: int = 10,
    team: str = "supply",
    groups: int = 1,
    known: bool = True,
) -> Slate:
    """One proposal for each subject, dealt in turn to the groups g0, g1, ..."""
    made = [
        _group(f"g{n}", team, [proposal(s, units, known=known) for s in subjects[n::groups]])
        for n in range(min(groups, len(subjects)))
    ]
    count = len(subjects)
    return Slate(
        proposed_on=day,
        window_start=day + timedelta(days=1),
        window_end=day + timedelta(days=7),
        horizon_days=7,
        method="shelf-1",
        assumptions={"margin_rate": 0.3},
        groups=made,
        gain=Interval(80 * units * count, 100 * units * count, 120 * units * count),
        forecast=Interval(0, units * count, 2 * units * count),
        nothing_because=None if subjects else Reason("no_products"),
    )


def _group(key: str, team: str, proposals: Sequence[Proposal]) -> GroupProposal:
    units = sum(p.action["units"] for p in proposals)
    worth = worth_of(units)
    assert worth.gain is not None
    return GroupProposal(
        group_key=key,
        team=team,
        gain=worth.gain,
        forecast=worth.forecast,
        reason=Reason("made_up"),
        proposals=proposals,
        spark=[1.0, 2.0],
        title_params={"customers": 0},
    )


def propose(uow: UnitOfWork, offered: Slate, play: Shelf | None = None, now: datetime = NOW) -> int:
    """Enrol the play and propose; how many decisions are new."""
    play = play or Shelf()
    ledger.enrol(uow, play)
    return ledger.propose(uow, play, offered, now).decisions

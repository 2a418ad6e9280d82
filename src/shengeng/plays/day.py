"""The day: what is known is estimated, what is over is settled, what is worth doing is proposed.

Every step is one transaction and doing it twice changes nothing, so a day that was cut off anywhere is
simply run again.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date, datetime

from shengeng.decide.ledger import api as ledger
from shengeng.decide.ledger.contracts import Proposed, Reason, Slate
from shengeng.govern.shop import api as shop
from shengeng.kernel.errors import Refusal
from shengeng.kernel.units import Interval
from shengeng.learn.scorecard import api as scorecard
from shengeng.learn.scorecard.contracts import Settled
from shengeng.plays.complement import Complement
from shengeng.plays.consenting import not_to_be_reached
from shengeng.plays.morning import Morning, Tactic, window_after
from shengeng.plays.repeat_reminder import RepeatReminder
from shengeng.plays.stock_up import StockUp
from shengeng.plays.win_back import WinBack
from shengeng.sense.arrivals import api as arrivals
from shengeng.storage.progress import Progress
from shengeng.storage.rows import UnitOfWork
from shengeng.storage.stores import Stores
from shengeng.understand.affinity import api as affinity
from shengeng.understand.demand import api as demand
from shengeng.understand.lifecycle import api as lifecycle
from shengeng.understand.people import api as people
from shengeng.understand.value import api as value

# Whoever comes first reaches a customer first: later plays leave alone whom as many others reach as may.
PLAYS: Sequence[Tactic] = (WinBack(), RepeatReminder(), Complement(), StockUp())
BY_KEY: Mapping[str, Tactic] = {play.key: play for play in PLAYS}
# Share of the day's time that is over when a step begins, as measured on Complete Journey.
_STEPS = {
    "cycle.people": 0.0,
    "cycle.value": 0.15,
    "cycle.lifecycle": 0.33,
    "cycle.affinity": 0.35,
    "cycle.demand": 0.6,
    "cycle.settle": 0.8,
    "cycle.expire": 0.88,
    "cycle.propose": 0.9,
    "cycle.done": 1.0,
}

NOTHING_KNOWN = Refusal(
    "nothing_known",
    "refused",
    en="The shop knows no day yet: import orders first (shengeng import FOLDER), then run the cycle.",
    zh="店铺还没有任何已知的日期：请先导入订单（shengeng import FOLDER），再运行周期。",
)


@dataclass(frozen=True, slots=True)
class DayReport:
    """What one day's cycle did. estimated: rows by estimate."""

    as_of: date
    estimated: Mapping[str, int]
    settled: Settled
    expired: int
    proposed: Sequence[Proposed]


def run_day(
    stores: Stores,
    as_of: date,
    progress: Progress,
    now: datetime,
    *,
    touched: Collection[str] | None = None,
    since: date | None = None,
) -> DayReport:
    """Run the cycle of one local day, from what was known at its end; done twice it changes nothing.

    touched, since: customers with new lines since the estimate of an earlier day; only they are computed
    again. A shop without orders, or of guests only, proposes nothing and says why.
    """
    estimated = _estimate(stores, as_of, progress, touched=touched, since=since)
    _step(progress, "cycle.settle")
    with stores.rows.unit() as uow:
        settled = scorecard.settle(uow, stores.lake, as_of, PLAYS)
    _step(progress, "cycle.expire")
    with stores.rows.unit() as uow:
        expired = ledger.expire(uow, as_of, now)
    _step(progress, "cycle.propose")
    proposed = _proposals(stores, as_of, now)
    with stores.rows.unit() as uow:
        arrivals.note_all(uow, now)
    progress.step("cycle.done", 1.0)
    return DayReport(as_of, estimated, settled, expired, proposed)


def _estimate(
    stores: Stores,
    as_of: date,
    progress: Progress,
    *,
    touched: Collection[str] | None,
    since: date | None,
) -> dict[str, int]:
    steps: Mapping[str, Callable[[UnitOfWork], int]] = {
        "people": lambda uow: people.estimate(stores, uow, as_of, progress, touched=touched, since=since),
        "value": lambda uow: value.estimate(stores, uow, as_of, progress),
        "lifecycle": lambda uow: lifecycle.estimate(stores, uow, as_of, progress),
        "affinity": lambda uow: affinity.estimate(stores, uow, as_of, progress),
    }
    rows = {}
    # Demand rests on nothing that the others find: it takes the second core meanwhile.
    with ThreadPoolExecutor(1, "demand") as beside:
        wanted = beside.submit(_in_one, stores, lambda uow: demand.estimate(stores, uow, as_of, progress))
        for name, estimate in steps.items():
            _step(progress, f"cycle.{name}")
            rows[name] = _in_one(stores, estimate)
        _step(progress, "cycle.demand")
        return rows | {"demand": wanted.result()}


def _in_one(stores: Stores, estimate: Callable[[UnitOfWork], int]) -> int:
    """One estimate in one transaction."""
    with stores.rows.unit() as uow:
        return estimate(uow)


def _step(progress: Progress, name: str) -> None:
    progress.check()
    progress.step(name, _STEPS[name])


def _proposals(stores: Stores, as_of: date, now: datetime) -> list[Proposed]:
    """What every play proposes; those of products need not wait for those that reach customers."""

    def propose(play: Tactic) -> Proposed:
        return _propose(stores, play, as_of, now)

    with ThreadPoolExecutor(1, "supply") as beside:
        products = {
            play.key: beside.submit(propose, play) for play in PLAYS if play.subject_kind == "product"
        }
        reached = {play.key: propose(play) for play in PLAYS if play.key not in products}
        return [reached[play.key] if play.key in reached else products[play.key].result() for play in PLAYS]


def _propose(stores: Stores, play: Tactic, as_of: date, now: datetime) -> Proposed:
    with stores.rows.unit() as uow:
        ledger.enrol(uow, play)
        # Held until the end of the transaction: what is taken now stays so while the play thinks.
        window = window_after(as_of)
        taken = ledger.open_subjects(uow, play.key, *window)
        morning = Morning(
            stores.lake,
            as_of,
            shop.assumptions(uow),
            taken,
            ledger.contacts(uow, *window),
            ledger.budget_left(uow, play.key, window[0]),
            lambda day: ledger.contacts(uow, *[window_after(day)[0]] * 2, over=True),
            not_to_be_reached(uow, stores.lake, as_of) if play.subject_kind != "product" else frozenset(),
        )
        off = not ledger.rule_of(uow, play.key).enabled
        slate = _silent(morning) if off else play.propose(morning)
        return ledger.propose(uow, play, slate, now)


def _silent(morning: Morning) -> Slate:
    nothing = Interval(0.0, 0.0, 0.0)
    return morning.slate(
        method="",
        assumptions={},
        groups=[],
        gain=nothing,
        forecast=nothing,
        nothing_because=Reason("play_off"),
    )


def finished(uow: UnitOfWork, as_of: date) -> bool:
    """Whether the day's cycle came to its end: every play has spoken for it."""
    spoken = {slate.play for slate in ledger.slates_of(uow, day=as_of)}
    return spoken >= set(BY_KEY)

"""What a play knows when it proposes: the shop as of last night, the window, and what is decided already."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Protocol

from shengeng.decide.ledger.contracts import (
    WINDOW_DAYS,
    Contact,
    GroupProposal,
    Json,
    Play,
    Reason,
    Slate,
)
from shengeng.govern.shop.contracts import Assumptions
from shengeng.kernel.units import Interval
from shengeng.storage.lake import Lake


def window_after(as_of: date) -> tuple[date, date]:
    """First and last day (both included) of the window that decisions of the morning after as_of are for."""
    return as_of + timedelta(days=1), as_of + timedelta(days=WINDOW_DAYS)


@dataclass(frozen=True, slots=True)
class Morning:
    """The shop on the morning after as_of.

    taken: subjects that have a window in this one already. contacts: who is reached in this window by a
    live decision of any play. budget_minor: what is left of the play's budget for the week; None: no budget.
    contacts_then: who was on an earlier day, whatever became of it. refused: who may not be reached at all.
    """

    lake: Lake
    as_of: date
    assumptions: Assumptions
    taken: frozenset[str]
    contacts: Sequence[Contact] = ()
    budget_minor: int | None = None
    contacts_then: Callable[[date], Sequence[Contact]] = lambda _: ()
    refused: frozenset[str] = frozenset()

    def left_alone(self, play: str) -> frozenset[str]:
        """Customers whom a play leaves alone: who refused, and whom as many others reach as may."""
        return self.refused | self.reached_by_others(play)

    @property
    def counted(self) -> Json:
        """What a slate about customers says of who refused; nothing where nobody did."""
        return {"refused_marketing": len(self.refused)} if self.refused else {}

    def reached_by_others(self, play: str, *, weeks_ago: int = 0) -> frozenset[str]:
        """Customers whom as many other plays reach in this window as may: no further play contacts them.

        weeks_ago: those whom they were going to reach on the morning so many weeks before.
        """
        then = self.as_of - timedelta(weeks=weeks_ago)
        contacts = self.contacts_then(then) if weeks_ago else self.contacts
        plays = {(contact.customer_id, contact.play) for contact in contacts if contact.play != play}
        counted = Counter(customer for customer, _ in plays)
        most = self.assumptions.plays_per_customer
        return frozenset(customer for customer, count in counted.items() if count >= most)

    @property
    def window(self) -> tuple[date, date]:
        """First and last day of the window: the WINDOW_DAYS days after as_of."""
        return window_after(self.as_of)

    def slate(
        self,
        *,
        method: str,
        assumptions: Json,
        groups: Sequence[GroupProposal],
        gain: Interval,
        forecast: Interval,
        nothing_because: Reason | None,
    ) -> Slate:
        """A slate over this morning's window; the gain counts within the window."""
        return Slate(
            proposed_on=self.as_of,
            window_start=self.window[0],
            window_end=self.window[1],
            horizon_days=WINDOW_DAYS,
            method=method,
            assumptions={**assumptions, **self.counted},
            groups=groups,
            gain=gain,
            forecast=forecast,
            nothing_because=nothing_because,
        )


class Tactic(Play, Protocol):
    """A play that proposes."""

    def propose(self, morning: Morning) -> Slate:
        """The decisions of a morning, in groups, with the intervals of their sums."""
        ...

"""What the scorecard publishes: points of calibration, and each play's score."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal
from uuid import UUID

from shengeng.decide.ledger.contracts import SettlementKind
from shengeng.kernel.units import Interval

Level = Literal["decision", "group", "day"]
Measure = Literal["forecast", "gain"]
MINOR = "minor"
# A line that arrives late still settles anew when its window ended so many days ago.
LATE_DAYS = 21


@dataclass(frozen=True, slots=True)
class Point:
    """One stated interval of a sum beside what came: a play's group or whole day.

    measure: the forecast in the play's unit, or the gain in minor units. group_key is empty for a day.
    """

    slate_id: UUID
    play: str
    kind: SettlementKind
    level: Level
    measure: Measure
    group_key: str
    day: date
    window_end: date
    n: int
    unit: str
    expected: Interval
    observed: float

    @property
    def inside(self) -> bool:
        """Whether the 80% interval held; its ends belong to it."""
        return self.expected.low <= self.observed <= self.expected.high


@dataclass(frozen=True, slots=True)
class Held:
    """How often 80% intervals of one level held. se: standard error, clustered by day; None without any."""

    level: Level
    measure: Measure
    n: int
    days: int
    coverage: float | None
    se: float | None


@dataclass(frozen=True, slots=True)
class Score:
    """A play's expectations beside what came, over all settled days.

    n: decisions; unit: of expected and observed (the gain's where facts can settle it, else the forecast's);
    in_calibration: whether the play's gains enter gain calibration (assumed ones never do).
    held: of the groups, in that unit; levels: every level and measure.
    """

    play: str
    kind: SettlementKind
    n: int
    days: int
    expected: Interval
    observed: float
    unit: str
    held: Held
    in_calibration: bool
    levels: Sequence[Held] = field(default_factory=tuple)

    @property
    def coverage(self) -> float | None:
        """Share of the groups' 80% intervals that held; None before any is settled."""
        return self.held.coverage

    @property
    def coverage_se(self) -> float | None:
        """Its standard error."""
        return self.held.se


@dataclass(frozen=True, slots=True)
class Scorecard:
    """How well earlier expectations came true; since, until: first and last day of the settled windows."""

    plays: Sequence[Score]
    points: Sequence[Point]
    since: date | None
    until: date | None


@dataclass(frozen=True, slots=True)
class Settled:
    """What one run of settling did: decisions settled for the first time, and anew because of late facts."""

    first: int
    again: int

"""What a decision is: subject, action, worth, forecast, evidence, states and outcomes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal, Protocol, get_args
from urllib.parse import quote, unquote
from uuid import UUID

from shengeng.kernel.errors import Refusal
from shengeng.kernel.units import Interval
from shengeng.storage.lake import Lake

State = Literal["proposed", "approved", "rejected", "expired", "executing", "executed", "failed", "cancelled"]
Basis = Literal["measured", "policy", "assumed"]
SubjectKind = Literal["customer", "customer_product", "product"]
SettlementKind = Literal["trial", "policy_replay", "observed_untreated"]
Json = Mapping[str, Any]

STATES: tuple[State, ...] = get_args(State)
# From -> to. The database refuses everything else too (migration 0004).
MOVES: Mapping[State, tuple[State, ...]] = {
    "proposed": ("approved", "rejected", "expired"),
    "approved": ("proposed", "executing", "expired", "cancelled"),
    "rejected": ("proposed",),
    "executing": ("executed", "failed", "cancelled"),
    "expired": (),
    "executed": (),
    "failed": (),
    "cancelled": (),
}
# States in which the expected gain can still be had.
LIVE: tuple[State, ...] = ("proposed", "approved", "executing", "executed")
# States that use up the week's budget.
SPENT: tuple[State, ...] = ("approved", "executing", "executed", "failed")
WINDOW_DAYS = 7


@dataclass(frozen=True, slots=True)
class Reason:
    """Why, as a code that the screen words in two languages, with the figures it names."""

    code: str
    params: Json = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Worth:
    """What one decision is expected to bring, beside the forecast that facts can check.

    gain: incremental contribution margin over the horizon against the default action, in minor units,
    net of cost_minor; None when it is not known (such a decision cannot be approved).
    forecast: what the facts will show, in the play's forecast unit.
    """

    gain: Interval | None
    cost_minor: int | None
    forecast: Interval


@dataclass(frozen=True, slots=True)
class Proposal:
    """One decision as a play proposes it."""

    subject: str
    title: str
    action: Json
    default_action: Json
    worth: Worth
    evidence: Json
    customer_id: str | None = None
    product_id: str | None = None


@dataclass(frozen=True, slots=True)
class GroupProposal:
    """Decisions that people judge together, with the intervals of their sums."""

    group_key: str
    team: str
    gain: Interval
    forecast: Interval
    reason: Reason
    proposals: Sequence[Proposal]
    spark: Sequence[float] = ()
    title_params: Json = field(default_factory=dict)
    evidence: Json = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Slate:
    """Everything one play proposes on one local day, under one window and one set of assumptions.

    gain, forecast: intervals of the whole day's sums, which are not the sums of the groups' intervals.
    nothing_because: why there is no group, when there is none.
    """

    proposed_on: date
    window_start: date
    window_end: date
    horizon_days: int
    method: str
    assumptions: Json
    groups: Sequence[GroupProposal]
    gain: Interval
    forecast: Interval
    nothing_because: Reason | None = None


@dataclass(frozen=True, slots=True)
class Proposed:
    """What became of a slate: decisions and groups that are new, and subjects whose window was taken."""

    play: str
    decisions: int
    groups: int
    skipped: int
    nothing_because: Reason | None = None


@dataclass(frozen=True, slots=True)
class Settlement:
    """What came of a decision, by one way of knowing it; a later, better knowledge is a new row."""

    kind: SettlementKind
    settled_on: date
    forecast_observed: float
    gain_observed_minor: int | None
    inside: bool | None
    version: int = 1


@dataclass(frozen=True, slots=True)
class DecisionRow:
    """A decision as lists show it."""

    id: UUID
    group_id: UUID
    play: str
    subject_kind: SubjectKind
    subject: str
    title: str
    subject_params: Json
    state: State
    version: int
    action: Json
    default_action: Json
    gain: Interval | None
    basis: Basis
    cost_minor: int | None
    forecast: Interval
    forecast_unit: str
    window_start: date
    window_end: date
    proposed_on: date
    team: str
    group_key: str
    settlement: Settlement | None = None


@dataclass(frozen=True, slots=True)
class Transition:
    """One step of a decision: who moved it, when, from where to where, why, and what they changed."""

    at: datetime
    actor: str
    before: State | None
    after: State
    why: str | None
    diff: Json | None


@dataclass(frozen=True, slots=True)
class DecisionDetail:
    """A decision with everything that was behind it and everything that happened to it."""

    row: DecisionRow
    evidence: Json
    assumptions: Json
    method: str
    horizon_days: int
    propensity: float
    holdout: bool
    transitions: Sequence[Transition]
    settlements: Sequence[Settlement]


@dataclass(frozen=True, slots=True)
class Group:
    """A play's decisions of one day and one group key, as people judge them."""

    id: UUID
    play: str
    group_key: str
    title_params: Json
    team: str
    proposed_on: date
    window_start: date
    window_end: date
    count: int
    state_counts: Mapping[State, int]
    gain: Interval
    basis: Basis
    cost_minor: int
    forecast: Interval
    forecast_unit: str
    reason: Reason
    spark: Sequence[float]
    state: str
    version_sum: int
    method: str = ""
    assumptions: Json = field(default_factory=dict)
    evidence: Json = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SlateSums:
    """A play's day: the intervals of its sums, or why it proposed nothing."""

    id: UUID
    play: str
    proposed_on: date
    window_start: date
    window_end: date
    count: int
    basis: Basis
    gain: Interval
    forecast: Interval
    forecast_unit: str
    nothing_because: Reason | None


@dataclass(frozen=True, slots=True)
class Outcome:
    """A settled group: what was expected of it beside what came, and how many own intervals held.

    forecast_inside, gain_inside: None where single decisions state no such interval, or no gain is known.
    """

    slate_id: UUID
    group_key: str
    kind: SettlementKind
    n: int
    gain: Interval
    forecast: Interval
    forecast_observed: float
    gain_observed_minor: float | None
    forecast_inside: int | None
    gain_inside: int | None


@dataclass(frozen=True, slots=True)
class Expected:
    """What waits and what is under way may bring, by what the gains rest on; never added together."""

    policy: Interval
    assumed: Interval
    measured: Interval
    cost_minor: int
    groups: int
    decisions: int


@dataclass(frozen=True, slots=True)
class Contact:
    """A play means to reach a customer, or has: on a channel, where one is chosen already."""

    customer_id: str
    play: str
    channel: str | None


@dataclass(frozen=True, slots=True)
class PlayRule:
    """How a play may be used: its team, weekly budget, and above which cost whose approval it needs."""

    play: str
    team: str
    budget_minor: int | None
    approve_limit_minor: int | None
    approve_role: str
    enabled: bool
    basis: Basis
    default_policy: str


class Play(Protocol):
    """A tactic of the strategy, as the ledger and the scorecard see it; plays/*.py implement it."""

    @property
    def key(self) -> str:
        """The name in the ledger, such as stock_up."""
        ...

    @property
    def team(self) -> str:
        """The team that owns the play unless its rule says otherwise."""
        ...

    @property
    def basis(self) -> Basis:
        """What the gain rests on."""
        ...

    @property
    def subject_kind(self) -> SubjectKind:
        """What is decided about; also what the scorecard observes."""
        ...

    @property
    def settlement(self) -> SettlementKind:
        """How the outcome becomes known."""
        ...

    @property
    def forecast_unit(self) -> str:
        """Unit of the forecast: buyers, units."""
        ...

    @property
    def default_policy(self) -> str:
        """What the shop does without the play, as a code that the screen words: last_week, no_reminder."""
        ...

    def edited(self, decision: DecisionDetail, action: Json, lake: Lake) -> tuple[Json, Worth]:
        """The checked action and its worth when an operator wants this action instead."""
        ...

    def realised(
        self, decisions: Sequence[DecisionDetail], observed: Sequence[float]
    ) -> Sequence[float | None]:
        """Gain in minor units that each decision's action had over its default at the observed outcome."""
        ...


def customer_product(customer_id: str, product_id: str) -> str:
    """The subject key of a customer x product: both parts percent-encoded around a slash."""
    return f"{quote(customer_id, safe='')}/{quote(product_id, safe='')}"


def customer_and_product(subject: str) -> tuple[str, str]:
    """The two ids inside a customer x product subject key."""
    customer, _, product = subject.partition("/")
    return unquote(customer), unquote(product)


NO_DECISION = Refusal(
    "no_decision",
    "not_found",
    en="There is no decision {id}: open the list of decisions and choose one.",
    zh="没有编号为 {id} 的决策：请打开决策列表重新选择。",
)
NO_GROUP = Refusal(
    "no_group",
    "not_found",
    en="There is no group of decisions {id}: open the list of decisions and choose one.",
    zh="没有编号为 {id} 的决策组：请打开决策列表重新选择。",
)
STALE_DECISION = Refusal(
    "stale_decision",
    "conflict",
    en="Decision {id} is at version {version}, you saw {seen}: somebody changed it meanwhile; look again.",
    zh="决策 {id} 已是第 {version} 版，您看到的是第 {seen} 版：其间有人改动过，请刷新后再试。",
)
STALE_GROUP = Refusal(
    "stale_group",
    "conflict",
    en="Group {id} changed since you opened it ({version} against {seen}): look again.",
    zh="决策组 {id} 在您打开之后有改动（{version} 对 {seen}）：请刷新后再试。",
)
NO_SUCH_MOVE = Refusal(
    "no_such_move",
    "refused",
    en="Decision {id} is {state} and cannot become {wanted}: from {state} it can become {allowed}.",
    zh="决策 {id} 目前为 {state}，不能变为 {wanted}：可变为 {allowed}。",
)
NOTHING_TO_MOVE = Refusal(
    "nothing_to_move",
    "refused",
    en="No decision of group {id} can become {wanted}: {count} decisions are in other states ({states}).",
    zh="决策组 {id} 中没有可变为 {wanted} 的决策：{count} 条处于其他状态（{states}）。",
)
BAD_ACTION = Refusal(
    "bad_action",
    "invalid",
    en="{field} = {value} is not a possible action of {play}: {limit}.",
    zh="{field} = {value} 不是打法 {play} 的可行动作：{limit}。",
)

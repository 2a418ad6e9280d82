"""What `lifecycle` publishes: a row a customer and day, a row a change, and the thresholds behind both."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, get_args

import pyarrow as pa

from shengeng.govern.shop.contracts import Limits
from shengeng.kernel.errors import Refusal

Stage = Literal["new", "growing", "settled", "at_risk", "dormant"]
Tier = Literal["high", "mid", "low"]
Reason = Literal["first_purchases", "faster", "on_rhythm", "late", "unlikely_active", "returning"]
By = Literal["stage", "tier"]
STAGE_NAMES: tuple[Stage, ...] = get_args(Stage)
TIER_NAMES: tuple[Tier, ...] = get_args(Tier)
REASON_NAMES: tuple[Reason, ...] = get_args(Reason)

# Partition = the day of the estimate (as_of).
STAGES = pa.schema(
    [
        pa.field("customer_id", pa.string(), nullable=False),
        pa.field("stage", pa.string(), nullable=False),
        pa.field("tier", pa.string(), nullable=False),
        pa.field("since", pa.date32(), nullable=False),  # the day of the estimate that first said this stage
        pa.field("tier_since", pa.date32(), nullable=False),
        pa.field("reason", pa.string(), nullable=False),
        pa.field("p_alive", pa.float64(), nullable=False),
        pa.field("value_minor", pa.int64(), nullable=False),  # expected margin over the horizon
        pa.field(
            "lateness", pa.float64(), nullable=False
        ),  # chance of a gap shorter than the present silence
        pa.field("silent_days", pa.int64(), nullable=False),
        pa.field(
            "rhythm_days", pa.float64()
        ),  # usual gap, leaning on the shop's; null where nobody came twice
        pa.field("purchase_days", pa.int64(), nullable=False),
        pa.field("purchases_at", pa.int64(), nullable=False),  # purchase days known when the stage began
        pa.field("recent", pa.int64(), nullable=False),  # orders in the newest recent_days
        pa.field("recent_days", pa.int64(), nullable=False),
        pa.field("recent_expected", pa.float64(), nullable=False),  # at the customer's own earlier pace
        pa.field("evidence", pa.float64(), nullable=False),  # that the pace rose
        pa.field("boundaries", pa.string(), nullable=False),  # which thresholds drew them (Thresholds.name)
    ]
)
# Partition = day. Facts: never forgotten. No from: the customer is known for the first time; no to: a later
# import took away everything they had bought.
CHANGES = pa.schema(
    [
        pa.field("customer_id", pa.string(), nullable=False),
        pa.field("day", pa.date32(), nullable=False),
        pa.field("from_stage", pa.string()),
        pa.field("from_tier", pa.string()),
        pa.field("to_stage", pa.string()),
        pa.field("to_tier", pa.string()),
        pa.field("reason", pa.string()),
    ]
)
# The figures that a reason names.
REASON_PARAMS: Mapping[str, tuple[str, ...]] = {
    "first_purchases": ("purchase_days",),
    "faster": ("recent", "recent_days", "recent_expected", "evidence"),
    "on_rhythm": ("silent_days", "rhythm_days"),
    "late": ("silent_days", "rhythm_days", "lateness"),
    "unlikely_active": ("p_alive", "silent_days"),
    "returning": ("silent_days", "purchases_since"),
}


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Where one stage or tier ends and the next begins; people edit them, every change is audited."""

    tier_high_share: float = 0.5
    tier_mid_share: float = 0.8
    new_purchases: int = 3
    growing_evidence: float = 0.95
    at_risk_lateness: float = 0.97
    at_risk_alive: float = 0.6
    dormant_lateness: float = 0.998
    dormant_alive: float = 0.3
    steadiness: float = 0.4
    return_purchases: int = 2

    @property
    def name(self) -> str:
        """A short name of exactly these values."""
        return hashlib.sha256(repr(self).encode()).hexdigest()[:12]


LIMITS: Mapping[str, Limits] = {
    "tier_high_share": Limits(
        0.05,
        0.9,
        "share",
        "按预期贡献从高到低，累计达到全店此占比的顾客为高价值",
        "High tier: the fewest customers who together bring this share of all expected margin",
    ),
    "tier_mid_share": Limits(
        0.1,
        0.99,
        "share",
        "累计达到此占比的其余顾客为中价值，剩下的为低价值",
        "Mid tier: those who bring the margin from there up to this share; the rest is the low tier",
    ),
    "new_purchases": Limits(
        2,
        10,
        "count",
        "购买天数少于此值、且未失约的顾客算新客",
        "New: fewer purchase days than this, and not late",
    ),
    "growing_evidence": Limits(
        0.55,
        0.999,
        "share",
        "近期比自己以往更勤（已扣除全店的变化）的把握达到此值，算成长",
        "Growing: at least this sure that the customer buys more often than before, "
        "the whole shop's change taken off",
    ),
    "at_risk_lateness": Limits(
        0.5,
        0.999,
        "share",
        "沉默已长于自己以往间隔的这一占比，算有流失风险",
        "At risk: silent for longer than this share of the customer's own gaps between purchases",
    ),
    "at_risk_alive": Limits(
        0.01,
        0.99,
        "share",
        "活跃概率低于此值，算有流失风险",
        "At risk: probability of still being active below this",
    ),
    "dormant_lateness": Limits(
        0.6,
        0.9999,
        "share",
        "沉默已长于自己以往间隔的这一占比，算沉睡",
        "Dormant: silent for longer than this share of the customer's own gaps between purchases",
    ),
    "dormant_alive": Limits(
        0.0,
        0.95,
        "share",
        "活跃概率低于此值，算沉睡",
        "Dormant: probability of still being active below this",
    ),
    "steadiness": Limits(
        0.0,
        0.9,
        "share",
        "离开一个阶段或层级前，须越过界线这么多（占界线的比例），以免来回跳动",
        "How far past a boundary, as a share of it, a customer must be before leaving a stage or tier again",
    ),
    "return_purchases": Limits(
        1,
        10,
        "count",
        "有流失风险或沉睡的顾客，回来购买这么多天后才算恢复",
        "Purchase days after which a customer at risk or dormant counts as back",
    ),
}


@dataclass(frozen=True, slots=True)
class Threshold:
    """One threshold as the screen shows it; updated_at and updated_by are None while it is our default."""

    key: str
    value: float
    default: float
    limits: Limits
    updated_at: datetime | None
    updated_by: str | None


@dataclass(frozen=True, slots=True)
class Cell:
    """Customers of one stage and tier, with their expected margin."""

    stage: Stage
    tier: Tier
    customers: int
    value_minor: int


@dataclass(frozen=True, slots=True)
class Move:
    """How many customers went from one place to another; no place: not known then."""

    from_: str | None
    to: str | None
    customers: int


@dataclass(frozen=True, slots=True)
class Flow:
    """Where customers stood after `since`, where they stood after `until`, and who went where between.

    Net of detours: a customer who left and came back did not move. Opening plus arrivals minus departures is
    closing, exactly.
    """

    since: date
    until: date
    by: By
    opening: Mapping[str, int]
    closing: Mapping[str, int]
    moves: tuple[Move, ...]
    changes: int  # recorded in the period, detours included
    undone: int  # of the changes of stage, those that went back within UNDONE_DAYS


UNDONE_DAYS = 14


@dataclass(frozen=True, slots=True)
class Stretch:
    """One move of a flow: who stood at `was` after since and stands at `now` after until.

    Two stages or two tiers; the same one twice are those who stayed. was None: not known then.
    """

    since: date
    until: date
    was: Stage | Tier | None
    now: Stage | Tier

    @property
    def by(self) -> By:
        """What the places are."""
        return "stage" if self.now in STAGE_NAMES else "tier"


@dataclass(frozen=True, slots=True)
class Mover:
    """One customer of a move, as they stand on the day of the newest estimate."""

    customer_id: str
    stage: Stage
    tier: Tier
    value_minor: int
    p_alive: float
    silent_days: int
    rhythm_days: float | None


@dataclass(frozen=True, slots=True)
class Standing:
    """Where one customer stands on the day of an estimate, and why."""

    customer_id: str
    stage: Stage
    tier: Tier
    since: date
    tier_since: date
    reason: Reason
    params: Mapping[str, float]
    p_alive: float
    value_minor: int


@dataclass(frozen=True, slots=True)
class Step:
    """One change in a customer's history."""

    day: date
    from_stage: Stage | None
    from_tier: Tier | None
    to_stage: Stage | None
    to_tier: Tier | None
    reason: Reason | None


NO_THRESHOLD = Refusal(
    "no_threshold",
    "invalid",
    en="There is no threshold {key}: use one of {known}.",
    zh="没有名为“{key}”的阈值：请使用 {known} 之一。",
)
BAD_THRESHOLD = Refusal(
    "bad_threshold",
    "invalid",
    en="{key} cannot be {value}: use a number from {low} to {high}, whole where it counts something.",
    zh="{key} 不能是 {value}：请用 {low} 到 {high} 之间的数，计数类为整数。",
)
CROSSED = Refusal(
    "thresholds_crossed",
    "invalid",
    en="{lower} ({low}) has to stay below {upper} ({high}): move the other one first, or both at once.",
    zh="{lower}（{low}）须小于 {upper}（{high}）：请先改另一个，或同时修改两者。",
)
NOT_STAGED = Refusal(
    "not_staged",
    "not_found",
    en="Nobody's stage is known yet: run the day's cycle first (shengeng cycle).",
    zh="还没有任何顾客的阶段：请先运行日循环（shengeng cycle）。",
)
PERIOD_BACKWARDS = Refusal(
    "period_backwards",
    "invalid",
    en="A period cannot end on {until} before it begins on {since}: swap the two days.",
    zh="时段不能在 {since} 开始却在 {until} 结束：请交换两个日期。",
)

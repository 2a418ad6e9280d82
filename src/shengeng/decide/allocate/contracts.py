"""What is offered to whom, what limits it, and the plan that comes of both."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

import pyarrow as pa

from shengeng.kernel.errors import Refusal
from shengeng.kernel.units import Interval, Minor, Rate

# One row an option: a customer gets one of theirs or none. value_*: expected gain net of cost_minor, with its
# 80% range; losses may stand here and are never chosen.
OFFERS = pa.schema(
    [
        pa.field("customer_id", pa.string(), nullable=False),
        pa.field("treatment", pa.string(), nullable=False),
        pa.field("channel", pa.string(), nullable=False),
        pa.field("cost_minor", pa.int64(), nullable=False),
        pa.field("value_low_minor", pa.float64(), nullable=False),
        pa.field("value_mid_minor", pa.float64(), nullable=False),
        pa.field("value_high_minor", pa.float64(), nullable=False),
        pa.field("tier", pa.string(), nullable=False),
    ]
)
MOST_OFFERS = 1_000_000
MOST_MINOR = 10**13
Kind = Literal["budget", "channel", "tier"]


@dataclass(frozen=True, slots=True)
class Limits:
    """What a plan may take; None or a missing key is no limit.

    budget_minor: of all costs. capacity: contacts by channel. tier_share: greatest share of the budget that
    customers of a tier may cost; it needs a budget.
    """

    budget_minor: Minor | None = None
    capacity: Mapping[str, int] = field(default_factory=dict)
    tier_share: Mapping[str, Rate] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class LimitUse:
    """One limit: how much there is, how much is used, and what more of it would bring.

    step, brings_minor: so much more of the limit (minor units, contacts, a share) brings so much at the
    margin; None where the limit is 0, as nothing is known of a first step then. More of the budget counts
    with the tiers' shares of it growing alike.
    """

    kind: Kind
    key: str
    limit: float
    used: float
    step: float
    brings_minor: float | None

    @property
    def left(self) -> float:
        """How much of the limit is unused."""
        return self.limit - self.used


@dataclass(frozen=True, slots=True)
class Plan:
    """One choice or none for each customer, within every limit.

    choices: rows of OFFERS. gain: sum over the choices; its ends are the sums of theirs, because what is in
    doubt (a treatment's response) is in doubt for everybody at once. bound_minor: no plan within the limits
    is worth more in the middle; gap: share of it that is missing.
    """

    choices: pa.Table
    spend_minor: Minor
    gain: Interval
    uses: Sequence[LimitUse]
    bound_minor: float
    gap: float
    customers: int


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """What a budget would bring, and what it would spend."""

    budget_minor: Minor
    gain_minor: float
    spend_minor: Minor


BAD_OFFER = Refusal(
    "bad_offer",
    "invalid",
    en="{column} of offer {row} ({customer}, {treatment}) is {value}: use {limit}.",
    zh="第 {row} 个选项（{customer}，{treatment}）的 {column} 为 {value}：请用 {limit}。",
)
TOO_MANY_OFFERS = Refusal(
    "too_many_offers",
    "refused",
    en="{count} offers are more than one plan can weigh ({most}): leave out treatments or customers.",
    zh="{count} 个选项超过一次分配的上限（{most}）：请减少触达方式或顾客。",
)
BAD_LIMIT = Refusal(
    "bad_limit",
    "invalid",
    en="{name} cannot be {value}: use {limit}.",
    zh="{name} 不能是 {value}：请用 {limit}。",
)
SHARE_OF_NOTHING = Refusal(
    "share_of_nothing",
    "invalid",
    en="The greatest share of tier {tier} is one of the budget, and there is none: set one, or drop this.",
    zh="层级（{tier}）的最高占比是预算的占比，但没有设定预算：请设定预算，或去掉占比。",
)

"""What a repeat reminder rests on, and what `treat` chooses."""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow as pa

from shengeng.kernel.units import Minor, Rate

METHOD = "reminder-1"
# The response to a reminder is an assumption until a trial measures it: 80% between half and twice of it.
RESPONSE_FACTOR = 2.0
# A group of fewer reminders is shown with its department's, a smaller department's with the others.
LEAST_IN_GROUP = 12
OTHERS = "*"
# What one order of a product brings is averaged over this many days before the cut.
SPEND_DAYS = 182

# One row a customer and product that is due in the window, before any choice.
CANDIDATES = pa.schema(
    [
        pa.field("customer_id", pa.string(), nullable=False),
        pa.field("product_id", pa.string(), nullable=False),
        pa.field("title", pa.string(), nullable=False),
        pa.field("department", pa.string()),
        pa.field("category", pa.string()),  # the second level where there is one
        pa.field("probability", pa.float64(), nullable=False),  # buys in the window unasked
        pa.field("due_on", pa.date32(), nullable=False),
        pa.field("last_on", pa.date32(), nullable=False),
        pa.field("rhythm_days", pa.float64()),
        pa.field("orders", pa.int64(), nullable=False),
        pa.field("spend_minor", pa.float64(), nullable=False),  # paid for it in an order that has it
    ]
)


@dataclass(frozen=True, slots=True)
class ReminderTerms:
    """What a reminder is assumed to do and to cost.

    response: share who buy because of it, among those who would not have bought in the window unasked.
    """

    response: Rate
    margin_rate: Rate
    contact_cost_minor: Minor
    reminders_per_customer: int

    @property
    def response_low(self) -> float:
        """The low end of the 80% range of the assumed response."""
        return self.response / RESPONSE_FACTOR

    @property
    def response_high(self) -> float:
        """The high end of the 80% range of the assumed response."""
        return self.response * RESPONSE_FACTOR


WIN_BACK_METHOD = "win-back-1"
# Where the tactic looks: customers who are at this stage.
WIN_BACK_STAGE = "at_risk"
# Days over which the chance of coming unasked is told: the window's.
AHEAD_DAYS = 7

# One row a customer at risk, before any choice.
AT_RISK = pa.schema(
    [
        pa.field("customer_id", pa.string(), nullable=False),
        pa.field("tier", pa.string(), nullable=False),
        pa.field("p_alive", pa.float64(), nullable=False),
        pa.field("value_minor", pa.int64(), nullable=False),  # expected margin over the horizon
        pa.field("orders", pa.float64(), nullable=False),  # expected purchase days within the horizon
        pa.field("horizon_days", pa.int64(), nullable=False),
        pa.field("silent_days", pa.int64(), nullable=False),
        pa.field("rhythm_days", pa.float64()),
        pa.field("since", pa.date32(), nullable=False),
    ]
)


@dataclass(frozen=True, slots=True)
class Treatment:
    """One way to reach a customer: what it costs, what share of an order it gives away, whom it moves."""

    key: str
    channel: str
    response: Rate
    contact_cost_minor: Minor
    coupon_rate: Rate = 0.0

    @property
    def response_low(self) -> float:
        """The low end of the 80% range of the assumed response."""
        return self.response / RESPONSE_FACTOR

    @property
    def response_high(self) -> float:
        """The high end of the 80% range of the assumed response."""
        return self.response * RESPONSE_FACTOR


COMPLEMENT_METHOD = "complement-2"
# The last basket counts for so many days, and a complement bought in the last so many days is not suggested.
BASKET_DAYS = 7
HAD_DAYS = 28
# Others of a product that are looked at, best first.
MOST_OTHERS = 3
# The response to a suggestion is stated for a product in one of ten baskets, and grows with that share.
USUAL_LIKELIHOOD = 0.1
# Earlier weeks on which the chance of buying a complement unasked is learnt, with pairs known before them.
PAST_WEEKS = 4
# How regularly a customer comes is counted over so many weeks.
PACE_WEEKS = 12

# One row a customer and complement to their last basket, before any choice.
COMPLEMENTS = pa.schema(
    [
        pa.field("customer_id", pa.string(), nullable=False),
        pa.field("product_id", pa.string(), nullable=False),
        pa.field("title", pa.string(), nullable=False),
        pa.field("department", pa.string()),
        pa.field("category", pa.string()),
        pa.field("to_id", pa.string(), nullable=False),  # what was bought
        pa.field("to_title", pa.string(), nullable=False),
        pa.field("together", pa.int64(), nullable=False),
        pa.field("lift", pa.float64(), nullable=False),
        pa.field("likelihood", pa.float64(), nullable=False),  # of the other in this basket or the next one
        pa.field("bought_on", pa.date32(), nullable=False),
        pa.field("times", pa.int64(), nullable=False),  # days on which they ever bought it
        pa.field("weeks", pa.int64(), nullable=False),  # of the last PACE_WEEKS in which they came
        pa.field("spend_minor", pa.float64(), nullable=False),
    ]
)
# The same on an earlier day, with what became of it.
BECAME = pa.schema(
    [
        pa.field("customer_id", pa.string(), nullable=False),
        pa.field("product_id", pa.string(), nullable=False),
        pa.field("likelihood", pa.float64(), nullable=False),
        pa.field("times", pa.int64(), nullable=False),
        pa.field("weeks", pa.int64(), nullable=False),
        pa.field("spend_minor", pa.float64(), nullable=False),
        pa.field("ago", pa.int64(), nullable=False),  # weeks
        pa.field("bought", pa.float64(), nullable=False),  # 1 or 0, in the week after
    ]
)

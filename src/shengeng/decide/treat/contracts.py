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

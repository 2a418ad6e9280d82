"""The price that may be struck through: what was truly asked before, not what somebody claims."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

# Directive 98/6/EC, article 6a: the lowest price of the 30 days before a reduction.
BEFORE = timedelta(days=30)


def proven(
    unit_minor: int,
    claimed_minor: int | None,
    moves: Sequence[tuple[datetime, int | None]],
    now: datetime,
) -> int | None:
    """The claimed price, at most the lowest that everybody was asked in the 30 days before the reduction.

    moves: (from when on, price or None while not on sale), the oldest first. The reduction began with the
    last move where that is today's price, else (a price for some) it begins now. None where nothing was asked
    before, or nothing more than now.
    """
    if claimed_minor is None:
        return None
    began, before = now, list(moves)
    if before and before[-1][1] == unit_minor:
        began = before.pop()[0]
    ends = [since for since, _ in before[1:]] + [began]
    asked = [
        minor
        for (since, minor), end in zip(before, ends, strict=False)
        if minor is not None and end > max(since, began - BEFORE)
    ]
    lowest = min([claimed_minor, *asked]) if asked else unit_minor
    return lowest if lowest > unit_minor else None

"""How much a promotion would take off the goods in its scope, before floors and caps.

Every cut is rounded down to whole minor units, so that a cut never grows by rounding.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from shengeng.kernel.money import split
from shengeng.trade.pricing.contracts import WHOLE_BP, Benefit, Tier


def by_line(benefit: Benefit, left: Sequence[int], quantities: Sequence[int]) -> list[int]:
    """The cut of each line in scope, for the kinds that look at single units.

    left: (line,) minor units still to pay; quantities: (line,). Returns (line,) cuts.
    """
    assert len(left) == len(quantities)
    if benefit.kind == "fixed_price":
        return [
            max(0, now - benefit.amount_minor * count) for now, count in zip(left, quantities, strict=True)
        ]
    assert benefit.kind == "buy_get", benefit.kind
    return _cheapest(benefit, left, quantities)


def whole(benefit: Benefit, base: int) -> int:
    """The cut of the whole of what is in scope, base minor units of it left to pay."""
    if benefit.kind == "percent":
        return base * benefit.bp // WHOLE_BP
    if benefit.kind == "amount":
        return min(benefit.amount_minor, base)
    assert benefit.kind == "threshold", benefit.kind
    cut = _reached(benefit, base)
    return cut if benefit.cliff else base - _softened(benefit, base, base - cut)


def missing(benefit: Benefit, base: int) -> int:
    """How much more must be in scope before the promotion gives anything; 0 when it does."""
    first = min((tier.at_minor for tier in benefit.tiers), default=benefit.at_minor)
    return max(0, first - base)


def delivery(benefit: Benefit, base: int, fee: int) -> int:
    """What free delivery takes off the fee for goods of base minor units."""
    if base < benefit.at_minor:
        return 0
    return fee if benefit.cliff else min(fee, base - benefit.at_minor)


def spread(amount: int, weights: Sequence[int], rooms: Sequence[int]) -> list[int]:
    """Divide an amount by weight where no part may exceed its room; what does not fit goes to the others.

    weights, rooms: (line,) non-negative, no room above its weight. Returns (line,) parts that sum to
    min(amount, all rooms). Largest remainder, ties to earlier lines: lines come in a canonical order.
    """
    assert len(weights) == len(rooms)
    amount = min(amount, sum(rooms))
    parts = [0] * len(rooms)
    while amount > 0:
        open_ = [i for i, room in enumerate(rooms) if parts[i] < room]
        shares = split(amount, [weights[i] for i in open_])
        for i, share in zip(open_, shares, strict=True):
            taken = min(share, rooms[i] - parts[i])
            parts[i] += taken
            amount -= taken
    return parts


def _cheapest(benefit: Benefit, left: Sequence[int], quantities: Sequence[int]) -> list[int]:
    """Of every buy + get units together, the get cheapest are cut."""
    given = sum(quantities) // (benefit.buy + benefit.get) * benefit.get
    cuts = [0] * len(left)
    for i in sorted(range(len(left)), key=lambda i: (Fraction(left[i], quantities[i]), i)):
        count = min(given, quantities[i])
        cuts[i] = left[i] * count // quantities[i] * benefit.bp // WHOLE_BP
        given -= count
    return cuts


def _off(tier: Tier, base: int) -> int:
    return min(base, tier.off_minor + base * tier.off_bp // WHOLE_BP)


def _reached(benefit: Benefit, base: int) -> int:
    reached = [tier for tier in benefit.tiers if tier.at_minor <= base]
    if not reached:
        return 0
    tier = max(reached, key=lambda one: one.at_minor)
    times = base // tier.at_minor if benefit.repeats else 1
    return min(base, _off(tier, base) * times)


def _softened(benefit: Benefit, base: int, pays: int) -> int:
    """The most that any smaller basket pays, if this one would pay less."""
    brinks = [tier.at_minor for tier in benefit.tiers if tier.at_minor <= base]
    if benefit.repeats and brinks:
        brinks.append(base // brinks[0] * brinks[0])
    return max([pays, *(brink - 1 - _reached(benefit, brink - 1) for brink in brinks)])

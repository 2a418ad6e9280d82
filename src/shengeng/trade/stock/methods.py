"""Out of which places an order is served. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from shengeng.trade.stock.contracts import NOWHERE, Piece, Want

Free = Mapping[str, Mapping[str, int]]  # sku -> place -> free units


def units_by_sku(wants: Iterable[Want]) -> dict[str, int]:
    """Units of each variant that some wants ask for together; two lines may ask for one variant."""
    total: dict[str, int] = defaultdict(int)
    for want in wants:
        total[want.sku] += want.quantity
    return dict(total)


def short(wants: Sequence[Want], free: Free) -> tuple[str, int, int] | None:
    """The first variant (as the lines stand) of which there is not enough: (sku, wanted, left)."""
    for sku, units in units_by_sku(wants).items():
        left = sum(free.get(sku, {}).values())
        if left < units:
            return sku, units, left
    return None


def places_for(wants: Sequence[Want], free: Free, order: Sequence[str]) -> list[Piece]:
    """Which place serves what: as few places as a simple rule finds, the first in order before others.

    free: units of each variant by place, enough of each (see `short`); order: every place once.
    One place that has everything serves everything. Else each variant comes out of a place that has all
    of it, one that serves this order already before others; only what no place has in full is split.
    """
    needed = units_by_sku(wants)
    whole = next((p for p in order if all(free[s].get(p, 0) >= n for s, n in needed.items())), None)
    used: list[str] = [whole] if whole is not None else []
    out: dict[str, dict[str, int]] = {}
    for sku, units in needed.items():
        out[sku] = _of_one(units, free[sku], [*used, *(p for p in order if p not in used)])
        used += [p for p in out[sku] if p not in used]
    return _pieces(wants, out)


def in_order(places: Iterable[str], prefer: Sequence[str]) -> list[str]:
    """Every place once: preferred ones first, the others as they stand."""
    there = dict.fromkeys(places)
    first = [place for place in dict.fromkeys(prefer) if place in there]
    return [*first, *(place for place in there if place not in first)]


def _of_one(units: int, has: Mapping[str, int], order: Sequence[str]) -> dict[str, int]:
    whole = next((p for p in order if has.get(p, 0) >= units), None)
    if whole is not None:
        return {whole: units}
    taken: dict[str, int] = {}
    for p in sorted(order, key=lambda p: -has.get(p, 0)):
        taken[p] = min(units, has.get(p, 0))
        units -= taken[p]
        if not units:
            break
    assert not units, "short was not asked"
    return taken


def _pieces(wants: Sequence[Want], out: Mapping[str, dict[str, int]]) -> list[Piece]:
    left = {sku: dict(places) for sku, places in out.items()}
    pieces = []
    for want in wants:
        units = want.quantity
        for place, has in left[want.sku].items():
            take = min(units, has)
            if take:
                pieces.append(Piece(want.line_no, want.sku, place, take))
                left[want.sku][place] -= take
                units -= take
    return pieces


def out_of_quotas(wants: Iterable[Want]) -> list[Piece]:
    """Pieces that stand in no place yet."""
    return [Piece(want.line_no, want.sku, NOWHERE, want.quantity) for want in wants]

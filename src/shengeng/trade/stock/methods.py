"""Out of which places an order is served. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from shengeng.trade.stock.contracts import NOWHERE, Piece, Want

Free = Mapping[str, Mapping[str, int]]  # sku -> place -> free units, places in the order of emptying


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


def places_for(wants: Sequence[Want], free: Free, prefer: Sequence[str]) -> list[Piece]:
    """Which place serves what: as few places as a simple rule finds, preferred ones first.

    free: units of each variant by place, places in the order of emptying; enough of each (see `short`).
    One place that has everything serves everything. Else each variant comes out of a place that has all
    of it, one that serves this order already before others; only what no place has in full is split.
    """
    needed = units_by_sku(wants)
    order = _order(free, prefer)
    whole = next((p for p in order if all(free[s].get(p, 0) >= n for s, n in needed.items())), None)
    used: list[str] = [whole] if whole is not None else []
    out: dict[str, dict[str, int]] = {}
    for sku, units in needed.items():
        out[sku] = _of_one(units, free[sku], [*used, *(p for p in order if p not in used)])
        used += [p for p in out[sku] if p not in used]
    return _pieces(wants, out)


def _order(free: Free, prefer: Sequence[str]) -> list[str]:
    places = dict.fromkeys(p for by_place in free.values() for p in by_place)
    first = [p for p in dict.fromkeys(prefer) if p in places]
    return [*first, *(p for p in places if p not in first)]


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

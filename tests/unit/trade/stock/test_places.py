"""Out of which places an order is served: laws of the choice."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from tests.factories.shelves import NOW, SOON, shelved, want

from shengeng.storage.stores import Stores
from shengeng.trade.stock import api, methods
from shengeng.trade.stock.contracts import Want

PLACES = ["near", "mid", "far"]
SKUS = ["a", "b", "c"]
FREE = st.fixed_dictionaries(
    {sku: st.dictionaries(st.sampled_from(PLACES), st.integers(1, 6)) for sku in SKUS}
)
WANTS = st.lists(st.tuples(st.sampled_from(SKUS), st.integers(1, 6)), min_size=1, max_size=5)


@st.composite
def orders(draw: st.DrawFn) -> tuple[list[Want], methods.Free]:
    """What some places can serve, and what they have."""
    free = draw(FREE)
    left = {sku: sum(free.get(sku, {}).values()) for sku in SKUS}
    lines: list[tuple[str, int]] = []
    for _ in range(draw(st.integers(1, 5))):
        there = [sku for sku in SKUS if left[sku]]
        if there:
            sku = draw(st.sampled_from(there))
            units = draw(st.integers(1, min(6, left[sku])))
            left[sku] -= units
            lines.append((sku, units))
    assume(lines)
    return want(*lines), free


def served(wants: list[Want], free: methods.Free) -> dict[str, dict[str, int]]:
    out: dict[str, dict[str, int]] = {}
    for piece in methods.places_for(wants, free, PLACES):
        assert piece.quantity > 0
        at = out.setdefault(piece.sku, {})
        at[piece.location_id] = at.get(piece.location_id, 0) + piece.quantity
    return out


@given(orders())
def test_every_line_gets_what_it_wants_and_no_place_gives_more_than_it_has(
    order: tuple[list[Want], methods.Free],
) -> None:
    wants, free = order
    assert methods.short(wants, free) is None
    pieces = methods.places_for(wants, free, PLACES)
    by_line: Counter[int] = Counter()
    for piece in pieces:
        by_line[piece.line_no] += piece.quantity
    assert by_line == {one.line_no: one.quantity for one in wants}
    for sku, places in served(wants, free).items():
        assert all(units <= free[sku][place] for place, units in places.items())


@given(orders())
def test_what_one_place_has_in_full_is_not_split(order: tuple[list[Want], methods.Free]) -> None:
    wants, free = order
    needed = methods.units_by_sku(wants)
    out = served(wants, free)
    able = [p for p in PLACES if all(free[sku].get(p, 0) >= n for sku, n in needed.items())]
    if able:
        assert {place for places in out.values() for place in places} == {able[0]}
    for sku, units in needed.items():
        if max(free[sku].values()) >= units:
            assert len(out[sku]) == 1


@given(WANTS, FREE)
def test_short_names_the_first_variant_that_is_lacking(
    lines: list[tuple[str, int]], free: methods.Free
) -> None:
    needed = methods.units_by_sku(want(*lines))
    lacking = [(s, n, sum(free[s].values())) for s, n in needed.items() if sum(free[s].values()) < n]
    assert methods.short(want(*lines), free) == (lacking[0] if lacking else None)


def test_a_place_that_serves_the_order_already_is_taken_before_others() -> None:
    free = {"a": {"far": 2}, "b": {"near": 2, "far": 2}, "c": {"near": 1, "mid": 1}}
    out = served(want(("a", 2), ("b", 2), ("c", 1)), free)
    assert out == {"a": {"far": 2}, "b": {"far": 2}, "c": {"near": 1}}


def test_what_no_place_has_in_full_comes_from_the_fullest_first() -> None:
    assert served(want(("a", 6)), {"a": {"near": 1, "mid": 2, "far": 4}}) == {"a": {"far": 4, "mid": 2}}


@pytest.mark.parametrize(
    ("prefer", "order"),
    [
        ([], ["near", "mid", "far"]),
        (["far"], ["far", "near", "mid"]),
        (["moon", "mid", "mid"], ["mid", "near", "far"]),
    ],
)
def test_preferred_places_come_first_and_unknown_ones_never(prefer: list[str], order: list[str]) -> None:
    assert methods.in_order(["near", "mid", "near", "far"], prefer) == order


def test_places_are_emptied_by_their_position_whatever_lies_where(stores: Stores) -> None:
    shelved(stores, {("a", "store"): 1, ("a", "central"): 9, ("b", "forward"): 9, ("b", "central"): 9})
    with stores.rows.unit() as uow:
        held = api.hold(uow, "o1", want(("b", 1)), SOON, NOW)
        assert held.pieces[0].location_id == "forward"
        both = api.hold(uow, "o2", want(("a", 2), ("b", 1)), SOON, NOW)
        assert {piece.location_id for piece in both.pieces} == {"central"}
        rest = api.hold(uow, "o3", want(("a", 1), ("b", 9)), SOON, NOW)
        assert [piece.location_id for piece in rest.pieces] == ["store", "forward", "central"]

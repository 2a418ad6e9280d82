"""Whatever happens in whatever order, stock says what a plain book beside it says; nothing is sold twice."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from tests.factories.shelves import NOW, PLACES, shelve

from shengeng.kernel.errors import ShopError
from shengeng.kernel.roles import SHELL
from shengeng.storage.rows import UnitOfWork
from shengeng.storage.stores import Stores
from shengeng.trade.stock import api
from shengeng.trade.stock.contracts import NOWHERE, Entry, Piece, Want

WHERE = tuple(place.location_id for place in PLACES)
KINDS = ("tea", "cup", "fridge")  # fridges are made to order
orders = st.sampled_from([f"o{n}" for n in range(5)])
kinds, places, few = st.sampled_from(KINDS), st.sampled_from(WHERE), st.integers(1, 4)
_RUNS = itertools.count()


@dataclass
class Kept:
    """Units of one line in one place, as the book keeps them."""

    line: int
    sku: str
    place: str
    units: int
    shipped: int = 0
    returned: int = 0

    @property
    def open(self) -> int:
        return self.units - self.shipped - self.returned


@dataclass
class Page:
    """One order in the book."""

    state: str
    until: datetime
    changed: datetime
    kept: list[Kept]


@dataclass
class Book:
    """What an honest shopkeeper would write down."""

    on_hand: Counter[tuple[str, str]] = field(default_factory=Counter)
    quota: int = 0
    pages: dict[str, Page] = field(default_factory=dict)

    def kept(self, *states: str) -> Iterable[Kept]:
        return (one for page in self.pages.values() if page.state in states for one in page.kept)

    def level(self, sku: str, place: str) -> tuple[int, int, int]:
        sums = [
            sum(one.open for one in self.kept(state) if (one.sku, one.place) == (sku, place))
            for state in ("held", "committed")
        ]
        return self.on_hand[sku, place], sums[0], sums[1]

    def free(self, sku: str, place: str) -> int:
        on_hand, held, committed = self.level(sku, place)
        return on_hand - held - committed

    def left(self, sku: str) -> int:
        if sku.startswith("fridge"):
            promised = self.kept("held", "committed")
            return self.quota - sum(one.units - one.returned for one in promised if one.sku == sku)
        return sum(self.free(sku, place) for place in WHERE)

    def enough(self, wants: Iterable[Want]) -> bool:
        total: Counter[str] = Counter()
        for want in wants:
            total[want.sku] += want.quantity
        return all(self.left(sku) >= units for sku, units in total.items())


class Shop(RuleBasedStateMachine):
    """Holds, payments, releases, cancellations, shipments, arrivals, losses and moves."""

    stores: Stores

    @initialize(first=few)
    def begin(self, first: int) -> None:
        self.run = next(_RUNS)
        self.now = NOW
        self.book = Book(quota=first)
        with self.stores.rows.unit() as uow:
            shelve(uow, {(self.sku("tea"), "store"): first, (self.sku("tea"), "central"): 3})
            self.put_quota(uow, first)
        self.book.on_hand[self.sku("tea"), "store"] = first
        self.book.on_hand[self.sku("tea"), "central"] = 3

    def sku(self, kind: str) -> str:
        return f"{kind}-{self.run}"

    def order(self, name: str) -> str:
        return f"{name}-{self.run}"

    def put_quota(self, uow: UnitOfWork, units: int) -> None:
        api.set_quota(uow, SHELL, self.now, sku=self.sku("fridge"), supply="made_to_order", quota=units)

    def done(self, allowed: bool, act: Callable[[UnitOfWork], object]) -> bool:
        """Do it; refused exactly when the book says so."""
        self.now += timedelta(seconds=1)
        if allowed:
            with self.stores.rows.unit() as uow:
                act(uow)
            return True
        with pytest.raises(ShopError) as refused, self.stores.rows.unit() as uow:
            act(uow)
        assert refused.value.kind in ("conflict", "refused", "invalid")
        return False

    @rule(order=orders, lines=st.lists(st.tuples(kinds, few), min_size=1, max_size=3))
    def hold(self, order: str, lines: list[tuple[str, int]]) -> None:
        order = self.order(order)
        wants = [
            Want(n, self.sku(kind), units, "made_to_order" if kind == "fridge" else "stock")
            for n, (kind, units) in enumerate(lines, 1)
        ]
        until = self.now + timedelta(minutes=30)
        allowed = order not in self.book.pages and self.book.enough(wants)
        if self.done(allowed, lambda uow: api.hold(uow, order, wants, until, self.now)):
            self.book.pages[order] = Page("held", until, self.now, self.adopt(order))
            told: Counter[int] = Counter()
            for one in self.book.pages[order].kept:
                told[one.line] += one.units
            assert told == {want.line_no: want.quantity for want in wants}

    def adopt(self, order: str) -> list[Kept]:
        """The places that were chosen; that they had it is what the invariants say."""
        with self.stores.rows.unit() as uow:
            found = api.reservations(uow, [order])[order].pieces
        return [Kept(one.line_no, one.sku, one.location_id, one.quantity) for one in found]

    @rule(order=orders)
    def pay(self, order: str) -> None:
        order = self.order(order)
        page = self.book.pages.get(order)
        again = page is not None and page.state == "released"
        wants = [Want(one.line, one.sku, one.units) for one in page.kept] if page else []
        expected = page is not None and (not again or self.book.enough(wants))
        self.now += timedelta(seconds=1)
        with self.stores.rows.unit() as uow:
            assert api.commit(uow, order, self.now) == expected
        if page is not None and expected and page.state != "committed":
            page.state, page.changed = "committed", self.now
            if again:
                page.kept = self.adopt(order)

    @rule(order=orders)
    def let_go(self, order: str) -> None:
        order = self.order(order)
        page = self.book.pages.get(order)
        held = page is not None and page.state == "held"
        with self.stores.rows.unit() as uow:
            assert api.release(uow, order, self.now) == held
        if page is not None and held:
            page.state = "released"

    @rule(minutes=st.sampled_from([1, 20, 40]))
    def time_passes(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)
        due = {o for o, page in self.book.pages.items() if page.state == "held" and page.until <= self.now}
        with self.stores.rows.unit() as uow:
            mine = {o for o in api.overdue(uow, self.now) if o.endswith(f"-{self.run}")}
            assert mine == due
            for order in sorted(due):
                assert api.release(uow, order, self.now)
        for order in due:
            self.book.pages[order].state = "released"

    @rule(order=orders, line=st.integers(1, 3), units=few, all_of_it=st.booleans())
    def cancel(self, order: str, line: int, units: int, all_of_it: bool) -> None:
        order = self.order(order)
        page = self.book.pages.get(order)
        kept = page.kept if page is not None and page.state == "committed" else []
        if all_of_it:
            with self.stores.rows.unit() as uow:
                assert api.give_back(uow, order, self.now) == any(one.open for one in kept)
            for one in kept:
                one.returned += one.open
            return
        mine = [one for one in kept if one.line == line]
        if not kept:
            with self.stores.rows.unit() as uow:
                assert not api.give_back(uow, order, self.now, {line: units})
            return
        allowed = sum(one.open for one in mine) >= units
        if self.done(allowed, lambda uow: api.give_back(uow, order, self.now, {line: units})):
            for one in mine:
                back = min(units, one.open)
                one.returned, units = one.returned + back, units - back

    @rule(order=orders, line=st.integers(1, 3), place=places, units=few)
    def ship(self, order: str, line: int, place: str, units: int) -> None:
        order = self.order(order)
        page = self.book.pages.get(order)
        kept = page.kept if page is not None and page.state == "committed" else []
        mine = [one for one in kept if one.line == line and one.place in (place, NOWHERE)]
        one = mine[0] if mine else None
        sku = one.sku if one else self.sku("tea")
        allowed = one is not None and one.open >= units
        if one is not None and one.place == NOWHERE:
            allowed = allowed and self.book.free(sku, place) >= units
        piece = Piece(line, sku, place, units)
        if self.done(allowed, lambda uow: api.ship(uow, order, [piece], self.now)):
            assert one is not None
            one.shipped += units
            self.book.on_hand[sku, place] -= units

    @rule(kind=kinds, place=places, units=few)
    def arrive(self, kind: str, place: str, units: int) -> None:
        sku = self.sku(kind)
        self.done(True, lambda uow: api.receive(uow, SHELL, [Entry(sku, place, units)], self.now))
        self.book.on_hand[sku, place] += units
        paid = [
            (p.changed, o, one)
            for o, p in self.book.pages.items()
            if p.state == "committed"
            for one in p.kept
        ]
        for _, _, one in sorted(paid, key=lambda row: (row[0], row[1], row[2].line)):
            if one.sku == sku and one.place == NOWHERE and 0 < one.open <= units:
                one.place = place
                units -= one.open

    @rule(kind=kinds, place=places, change=st.integers(-4, 4))
    def adjust(self, kind: str, place: str, change: int) -> None:
        sku = self.sku(kind)
        allowed = change != 0 and self.book.free(sku, place) + change >= 0
        entries = [Entry(sku, place, change)]
        if self.done(allowed, lambda uow: api.adjust(uow, SHELL, entries, self.now)):
            self.book.on_hand[sku, place] += change

    @rule(kind=kinds, place=places, counted=st.integers(0, 6))
    def count(self, kind: str, place: str, counted: int) -> None:
        sku = self.sku(kind)
        _, held, committed = self.book.level(sku, place)
        entries = [Entry(sku, place, counted)]
        if self.done(counted >= held + committed, lambda uow: api.count(uow, SHELL, entries, self.now)):
            self.book.on_hand[sku, place] = counted

    @rule(kind=kinds, here=places, there=places, units=few)
    def move(self, kind: str, here: str, there: str, units: int) -> None:
        sku = self.sku(kind)
        allowed = here != there and self.book.free(sku, here) >= units
        entries = [Entry(sku, here, units)]
        if self.done(allowed, lambda uow: api.transfer(uow, SHELL, entries, there, self.now)):
            self.book.on_hand[sku, here] -= units
            self.book.on_hand[sku, there] += units

    @rule(units=st.integers(0, 6))
    def quota(self, units: int) -> None:
        promised = self.book.quota - self.book.left(self.sku("fridge"))
        if self.done(units >= promised, lambda uow: self.put_quota(uow, units)):
            self.book.quota = units

    @invariant()
    def the_book_and_the_rows_agree(self) -> None:
        skus = [self.sku(kind) for kind in KINDS]
        with self.stores.rows.unit() as uow:
            found = {(one.sku, one.location_id): one for one in api.levels(uow, skus=skus).rows}
            supplies = {self.sku("fridge"): "made_to_order"}
            left = api.available(uow, skus, supplies)  # type: ignore[arg-type]  # literals widened in a dict
        for sku in skus:
            assert left[sku] == self.book.left(sku) >= 0
            for place in WHERE:
                one = found.get((sku, place))
                stands = (one.on_hand, one.held, one.committed) if one else (0, 0, 0)
                assert stands == self.book.level(sku, place)

    def teardown(self) -> None:
        with self.stores.rows.unit() as uow:
            assert api.faults(uow) == []


def walk(stores: Stores, walks: int, steps: int) -> None:
    machine = type("Shop", (Shop,), {"stores": stores})
    profile = settings(
        max_examples=walks,
        stateful_step_count=steps,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(machine, settings=profile)


def test_stock_is_what_an_honest_book_says(stores: Stores) -> None:
    walk(stores, walks=25, steps=30)


@pytest.mark.slow
def test_stock_is_what_an_honest_book_says_for_long(stores: Stores) -> None:
    walk(stores, walks=200, steps=60)

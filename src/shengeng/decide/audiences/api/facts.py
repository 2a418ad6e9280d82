"""What a sentence is asked of: facts of persons at a moment, estimates of the newest day."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property, partial
from typing import TYPE_CHECKING

from shengeng.decide.audiences.contracts import People
from shengeng.decide.audiences.contracts.language import What
from shengeng.decide.audiences.methods import sequences
from shengeng.decide.audiences.methods.kept import Kept
from shengeng.decide.audiences.methods.sequences import Facts
from shengeng.decide.audiences.store import estimates, matching
from shengeng.decide.audiences.store import people as people_store
from shengeng.govern.shop import api as shop
from shengeng.sense.connect import api as connect
from shengeng.sense.events import api as events_api
from shengeng.sense.identity import api as identity
from shengeng.storage.lake import Lake
from shengeng.storage.rows import UnitOfWork
from shengeng.storage.stores import Stores
from shengeng.understand.lifecycle import api as lifecycle
from shengeng.understand.people import api as people_api
from shengeng.understand.personas import api as personas

if TYPE_CHECKING:
    import ibis.expr.types as ir

MOST_LAID = 512 * 1024**2  # bytes while a layout is made; more facts are laid out some people at a time
_KEPT = Kept(256 * 1024**2)


def _bytes(facts: Facts) -> int:
    return facts.bytes


@dataclass(frozen=True)
class Asked:
    """One moment of a shop, and whom to ask about (everybody without `only`)."""

    stores: Stores
    uow: UnitOfWork
    at: datetime
    only: tuple[str, ...] | None = None

    @cached_property
    def lake(self) -> Lake:
        """The lake as this transaction sees it."""
        return self.stores.lake.inside(self.uow)

    @cached_property
    def orders(self) -> ir.Table:
        """Order lines under persons, as facts."""
        return matching.orders(identity.lines(self.lake), self.only)

    @cached_property
    def every_event(self) -> ir.Table:
        """Events under persons, of anybody."""
        return events_api.events(self.lake)

    @cached_property
    def events(self) -> ir.Table:
        """Events under persons, as facts."""
        return matching.events(self.every_event, self.only)

    @cached_property
    def products(self) -> ir.Table:
        """The catalogue."""
        return connect.products(self.lake)

    @cached_property
    def every_review(self) -> ir.Table:
        """Reviews of anybody, guests included."""
        return connect.reviews(self.lake)

    @cached_property
    def reviews(self) -> ir.Table:
        """Reviews under persons."""
        found = identity.follow(self.lake, self.every_review)
        return matching.of_people(found.rename(person_id="customer_id"), self.only)

    @cached_property
    def customers(self) -> ir.Table:
        """What sources say of people, under persons."""
        found = identity.follow(self.lake, connect.customers(self.lake))
        return matching.of_people(found.rename(person_id="customer_id"), self.only)

    @cached_property
    def people(self) -> People:
        """Everybody with an order, a description or an event; of `only`, those of them who are known."""
        if self.only is not None:
            return self._everybody()
        return _KEPT.get((*self._facts, "people"), self._everybody, lambda found: int(found.ids.nbytes))

    def _everybody(self) -> People:
        return people_store.everybody([self.orders, self.customers, self.events])

    @cached_property
    def _facts(self) -> tuple[str, int, int]:
        """Stands for all facts of everybody: while it is the same, they are."""
        home = str(self.stores.settings.home)
        return home, self.lake.snapshot(), identity.version(self.uow)

    @cached_property
    def traits(self) -> estimates.Traits:
        """What is said of each; what somebody said of themselves last wins over their source."""
        found = estimates.described(self.customers)
        for person, traits in estimates.identified(matching.of_people(self.every_event, self.only)).items():
            found.setdefault(person, {}).update(traits)
        return found

    def laid_out(self, whats: tuple[What, ...]) -> list[Facts]:
        """Facts that steps speak of, laid out for the pass: some people after others, as memory allows."""
        asked_for = {what.fact for what in whats}
        tables = [self.orders] if "order" in asked_for else []
        tables += [self.events] if "event" in asked_for else []
        if self.only is not None:
            return [self._lay_out(tables, whats, self.people)]
        parts = max(1, -(-people_store.count(tables) * people_store.BYTES_A_FACT // MOST_LAID))
        size = max(1, -(-len(self.people) // parts))
        found = []
        for start in range(0, max(1, len(self.people)), size):
            people = People(self.people.ids.slice(start, size))
            make = partial(self._lay_out, tables, whats, people)
            found.append(_KEPT.get((*self._facts, whats, start, size), make, _bytes))
        return found

    def _lay_out(self, tables: Sequence[ir.Table], whats: tuple[What, ...], people: People) -> Facts:
        rows = people_store.laid(tables, self.products, whats, people)
        return sequences.lay_out(*rows, len(people))

    def place_of(self, person_id: str) -> int:
        """The place of one person, -1 for who is not asked about."""
        return self._places.get(person_id, -1)

    @cached_property
    def _places(self) -> dict[str, int]:
        return {person: place for place, person in enumerate(self.people.ids.to_pylist())}

    @cached_property
    def as_of(self) -> date:
        """The last day that is known; estimates are never of a later one."""
        return shop.profile(self.uow).as_of or date.min

    @cached_property
    def staged_on(self) -> date | None:
        """The day of the newest stages."""
        return lifecycle.latest(self.stores, self.uow, self.as_of)

    @cached_property
    def estimated_on(self) -> date | None:
        """The day of the newest estimates of value and of next purchases."""
        return people_api.latest(self.stores, self.uow, self.as_of)

    @cached_property
    def scenes_on(self) -> date | None:
        """The day of the newest scenes."""
        return personas.latest(self.stores, self.uow, self.as_of)

    def about(self, people: Collection[str]) -> Asked:
        """The same moment, asked about these people alone."""
        return replace(self, only=tuple(sorted(people)))


def asked(stores: Stores, uow: UnitOfWork, now: datetime, only: Sequence[str] | None = None) -> Asked:
    """The shop's present. now: aware UTC."""
    about = None if only is None else tuple(sorted(set(only)))
    return Asked(stores, uow, shop.moment(uow, now), about)

"""What a sentence is asked of: facts of persons at a moment, estimates of the newest day."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property
from typing import TYPE_CHECKING

from shengeng.decide.audiences.contracts import People
from shengeng.decide.audiences.contracts.language import What
from shengeng.decide.audiences.methods import sequences
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
        known: Sequence[ir.Table] = [self.orders, self.customers, self.events]
        return people_store.everybody(known)

    @cached_property
    def traits(self) -> estimates.Traits:
        """What is said of each; what somebody said of themselves last wins over their source."""
        found = estimates.described(self.customers)
        for person, traits in estimates.identified(matching.of_people(self.every_event, self.only)).items():
            found.setdefault(person, {}).update(traits)
        return found

    def laid_out(self, whats: tuple[What, ...]) -> Facts:
        """Facts that steps speak of, laid out for the pass."""
        asked_for = {what.fact for what in whats}
        tables = [self.orders] if "order" in asked_for else []
        tables += [self.events] if "event" in asked_for else []
        rows = people_store.laid(tables, self.products, whats, self.people)
        return sequences.lay_out(*rows, len(self.people))

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

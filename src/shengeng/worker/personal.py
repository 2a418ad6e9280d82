"""Every capability that holds personal data, handed to privacy. A house test finds the forgotten ones."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from shengeng.decide.audiences import api as audiences
from shengeng.decide.ledger import api as ledger
from shengeng.decide.recommend import api as recommend
from shengeng.govern.privacy import api as privacy
from shengeng.govern.privacy.contracts import Holder, Kept, Person, Wiring
from shengeng.sense.arrivals import api as arrivals
from shengeng.sense.connect import api as connect
from shengeng.sense.events import api as events
from shengeng.sense.exports import api as shop_exports
from shengeng.sense.identity import api as identity
from shengeng.sense.orders import api as orders
from shengeng.storage.rows import UnitOfWork
from shengeng.storage.stores import Stores
from shengeng.trade.checkout import api as checkout
from shengeng.trade.members import api as members
from shengeng.trade.orders import api as trade_orders
from shengeng.trade.orders.api.personal import numbers_of
from shengeng.trade.pricing import api as pricing
from shengeng.understand.affinity import api as affinity
from shengeng.understand.lifecycle import api as lifecycle
from shengeng.understand.people import api as people
from shengeng.understand.personas import api as personas
from shengeng.understand.value import api as value


def resolve(uow: UnitOfWork, id: str) -> Person:
    """Who an identifier is, with everything that is known to be the same person."""
    device = id.startswith("anon:")
    person = identity.person_of(uow, "anonymous" if device else "customer", id.removeprefix("anon:"))
    found = identity.identifiers(uow, person)
    return Person(
        found.person_id,
        customer_ids=found.customer_ids,
        anonymous_ids=found.anonymous_ids,
        phone_hashes=found.phone_hashes,
        email_hashes=found.email_hashes,
        unionids=found.unionids,
    )


def last_seen(stores: Stores, uow: UnitOfWork, ids: Collection[str]) -> Mapping[str, datetime]:
    """When each identifier last had an order or did something."""
    return privacy.newest_facts(stores, uow, ids, {"lines": "ordered_at", "events": "occurred_at"})


def _pruned(kind: str, dataset: str, column: str) -> Kept:
    """Facts of a dataset that leave the lake when they are too old."""

    def forget(stores: Stores, uow: UnitOfWork, before: datetime) -> int:
        return stores.lake.prune(uow, dataset, column, before.date() if column.endswith("_on") else before)

    return Kept(kind, privacy.DEFAULTS[kind], forget)


def _coupons_of(stores: Stores, uow: UnitOfWork, person: Person) -> Mapping[str, Sequence[Mapping[str, Any]]]:
    """What pricing holds, by the ids that orders name."""
    del stores
    return pricing.export_person(uow, person.ids)


def _forget_coupons(stores: Stores, uow: UnitOfWork, person: Person) -> Mapping[str, int]:
    """Free coupons end, counts of use go."""
    del stores
    return {"coupons": pricing.erase_person(uow, person.ids)}


def _guest_orders(uow: UnitOfWork, person: Person) -> list[str]:
    return numbers_of(uow, person.email_hashes, person.phone_hashes, person.anonymous_ids)


def _bought_by(stores: Stores, uow: UnitOfWork, person: Person) -> Mapping[str, Sequence[Mapping[str, Any]]]:
    """The person's orders at the storefront with their payments, and what lies in their basket."""
    del stores
    told = trade_orders.export_person(uow, person.ids, _guest_orders(uow, person))
    return {**told, **checkout.export_person(uow, person.ids)}


def _forget_buyer(stores: Stores, uow: UnitOfWork, person: Person) -> Mapping[str, int]:
    """Orders stay, as accounting must keep them, without whose they were; baskets go."""
    del stores
    unnamed = trade_orders.erase_person(uow, person.ids, _guest_orders(uow, person))
    return {"trade_orders": unnamed, "baskets": checkout.erase_person(uow, person.ids)}


# Identity comes last: the others are asked by identifiers that it forgets.
HOLDERS = (
    Holder(
        "events",
        events.export_person,
        events.erase_person,
        datasets=("events",),
        tables=("event_inbox", "event_refusals"),
    ),
    Holder(
        "connect",
        connect.export_person,
        connect.erase_person,
        datasets=("lines", "feed", "customers", "touches", "redemptions", "reviews"),
    ),
    Holder("exports", shop_exports.export_person, shop_exports.erase_person),
    Holder("people", people.export_person, people.erase_person, datasets=("people", "people_running")),
    Holder("value", value.export_person, value.erase_person, datasets=("value",)),
    Holder("affinity", affinity.export_person, affinity.erase_person, datasets=("affinity",)),
    Holder(
        "lifecycle", lifecycle.export_person, lifecycle.erase_person, datasets=("stages", "stage_changes")
    ),
    Holder("personas", personas.export_person, personas.erase_person, datasets=("memberships",)),
    Holder("recommend", recommend.export_person, recommend.erase_person, datasets=("next_basket",)),
    Holder("ledger", ledger.export_person, ledger.erase_person, tables=("decisions",)),
    Holder("orders", orders.export_person, orders.erase_person, tables=("order_versions",)),
    Holder("arrivals", arrivals.export_person, arrivals.erase_person, tables=("arrivals",)),
    Holder(
        "audiences",
        audiences.export_person,
        audiences.erase_person,
        tables=("audience_members", "audience_changes", "audience_due"),
    ),
    Holder("trade", _bought_by, _forget_buyer, tables=("trade_orders", "trade_baskets")),
    Holder(
        "pricing",
        _coupons_of,
        _forget_coupons,
        tables=("coupons", "promotion_members", "promotion_holds"),
    ),
    Holder(
        "members",
        members.export_person,
        members.erase_person,
        tables=("members", "member_sessions", "member_addresses", "member_tier_changes", "member_marks"),
    ),
    Holder(
        "identity",
        identity.export_person,
        identity.erase_person,
        datasets=("persons",),
        tables=("identity_nodes", "identity_edges"),
    ),
)
WIRING = Wiring(
    HOLDERS,
    resolve,
    last_seen,
    kept=(
        _pruned("events", "events", "occurred_at"),
        _pruned("touches", "touches", "touched_on"),
        _pruned("reviews", "reviews", "created_at"),
        Kept("looks", privacy.DEFAULTS["looks"], privacy.forget_looks),
        Kept("jobs", privacy.DEFAULTS["jobs"], privacy.forget_jobs),
    ),
)

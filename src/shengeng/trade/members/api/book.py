"""A member's address book. Every act names the member: nobody reaches another's."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from shengeng.kernel.ids import new_id
from shengeng.storage.rows import UnitOfWork
from shengeng.trade.members import store
from shengeng.trade.members.contracts import (
    ADDRESSES_MOST,
    NO_ADDRESS,
    TOO_MANY_ADDRESSES,
    Address,
    Where,
)
from shengeng.trade.members.methods import clean_where


def checked(where: Where) -> Where:
    """An address in its one spelling, for guests' checkouts too; refuses (invalid) a wrong field."""
    return clean_where(where)


def addresses(uow: UnitOfWork, member_id: str) -> list[Address]:
    """A member's addresses, the standard one first, then the newest."""
    return store.addresses_of(uow, member_id)


def address(uow: UnitOfWork, member_id: str, address_id: UUID) -> Address:
    """One of a member's own addresses; anybody else's is not_found."""
    mine = [one for one in store.addresses_of(uow, member_id) if one.address_id == address_id]
    if not mine:
        raise NO_ADDRESS.error(id=address_id)
    return mine[0]


def put_address(
    uow: UnitOfWork,
    member_id: str,
    where: Where,
    now: datetime,
    *,
    address_id: UUID | None = None,
    standard: bool = False,
) -> Address:
    """Adds an address, or changes the member's own of that id. The first one is the standard one.

    Refuses a field that cannot be used (invalid), another's address (not_found), the 21st (refused).
    """
    clean = clean_where(where)
    uow.lock(f"trade.members.addresses {member_id}")
    there = store.addresses_of(uow, member_id)
    old = None if address_id is None else address(uow, member_id, address_id)
    if old is None and len(there) >= ADDRESSES_MOST:
        raise TOO_MANY_ADDRESSES.error(limit=ADDRESSES_MOST)
    stands = standard or (old.standard if old else not there)
    found = Address(old.address_id if old else new_id(now), clean, stands)
    store.put_address(uow, member_id, found)
    return found


def drop_address(uow: UnitOfWork, member_id: str, address_id: UUID) -> None:
    """Removes one of a member's own addresses; the newest of the others becomes the standard one."""
    uow.lock(f"trade.members.addresses {member_id}")
    old = address(uow, member_id, address_id)
    store.drop_address(uow, member_id, address_id)
    left = store.addresses_of(uow, member_id)
    if old.standard and left:
        store.put_address(uow, member_id, Address(left[0].address_id, left[0].where, True))

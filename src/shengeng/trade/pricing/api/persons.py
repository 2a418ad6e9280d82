"""What pricing keeps of a person, for their copy and their erasure."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, Any

from shengeng.trade.pricing import store

if TYPE_CHECKING:
    from shengeng.storage.rows import UnitOfWork


def export_person(uow: UnitOfWork, member_ids: Collection[str]) -> dict[str, list[dict[str, Any]]]:
    """A member's coupons and the promotions that their orders used, in plain values."""
    own = [
        {"code": one.code, "state": one.state, "ends_at": one.ends_at}
        for member in sorted(member_ids)
        for one in store.coupon_rows.of_member(uow, member)
    ]
    return {"coupons": own, "promotions": store.person_rows.uses(uow, member_ids)}


def erase_person(uow: UnitOfWork, member_ids: Collection[str]) -> int:
    """Forget a member: free coupons end, use counts go, money already given stays with its orders.

    Returns how many rows have changed.
    """
    return store.person_rows.erase(uow, member_ids)

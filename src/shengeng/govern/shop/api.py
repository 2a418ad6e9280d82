"""Read and set the shop's profile, move its clock, read and edit its assumptions."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from shengeng.govern.audit import api as audit
from shengeng.govern.shop import store
from shengeng.govern.shop.contracts import (
    CLOCK_BACK,
    LIMITS,
    NAME_OF_SHOP,
    NO_SHOP,
    SHOP_FIXED,
    Assumption,
    Assumptions,
    Limits,
    Profile,
    Provenance,
)
from shengeng.govern.shop.methods import assumed, checked, default_of
from shengeng.kernel.clock import zone
from shengeng.kernel.money import currency_code
from shengeng.kernel.roles import Principal, Role, require
from shengeng.storage.rows import UnitOfWork

__all__ = [
    "LIMITS",
    "Assumption",
    "Assumptions",
    "Limits",
    "Profile",
    "Provenance",
    "advance",
    "assumption_list",
    "assumptions",
    "find_profile",
    "moment",
    "profile",
    "set_assumption",
    "set_profile",
]


def find_profile(uow: UnitOfWork) -> Profile | None:
    """The shop, or None in a home into which nothing was imported yet."""
    return store.profile(uow)


def profile(uow: UnitOfWork) -> Profile:
    """The shop; not_found before the first import."""
    found = store.profile(uow)
    if found is None:
        raise NO_SHOP.error()
    return found


def set_profile(
    uow: UnitOfWork,
    by: Principal,
    now: datetime,
    *,
    name: str,
    timezone: str,
    currency: str,
    simulated: bool = False,
    provenance: Provenance | None = None,
) -> Profile:
    """Says what the shop is; saying the same again changes nothing.

    Refuses a name that is empty or over 80 characters, a zone that is not IANA's, a currency that is not ISO
    4217's (invalid), and another zone or currency once the clock runs: local days stand stored (conflict).
    """
    require(by, Role.OPERATOR)
    if not (name.strip() and len(name) <= 80 and name.isprintable()):
        raise NAME_OF_SHOP.error(value=name[:80])
    uow.lock("govern.shop")
    old = store.profile(uow)
    as_of = old.as_of if old else None
    new = Profile(name, zone(timezone).key, currency_code(currency), as_of, simulated, provenance)
    if new == old:
        return new
    if old and old.as_of:
        _check_fixed(old, new)
    store.put(uow, new)
    detail: dict[str, audit.Plain] = {"timezone": timezone, "currency": currency, "simulated": simulated}
    audit.record(uow, at=now, actor=by.name, action="shop.set", target=name, detail=detail)
    return new


def moment(uow: UnitOfWork, now: datetime) -> datetime:
    """The shop's present on its own wall clock (Profile.moment); not_found before there is a shop."""
    return profile(uow).moment(now)


def advance(uow: UnitOfWork, day: date) -> None:
    """Moves the shop clock: every local day up to this one is known now. Never backwards (refused)."""
    if not store.move(uow, day):
        raise CLOCK_BACK.error(as_of=profile(uow).as_of, day=day)


def assumptions(uow: UnitOfWork) -> Assumptions:
    """The assumptions that hold now: our defaults with what people changed."""
    return assumed({key: value for key, (value, _, _) in store.values(uow).items()})


def assumption_list(uow: UnitOfWork) -> list[Assumption]:
    """Every assumption with its default, bounds and last change, in a fixed order."""
    changed = store.values(uow)
    found = []
    for key, limits in LIMITS.items():
        value, at, by = changed.get(key, (default_of(key), None, None))
        found.append(Assumption(key, checked(key, value), default_of(key), limits, at, by))
    return found


def set_assumption(
    uow: UnitOfWork, by: Principal, changes: Mapping[str, float], now: datetime
) -> Assumptions:
    """Changes assumptions (approver), all or none, each audited with its old value.

    Refuses an unknown key, NaN, a value out of bounds, a fraction where something is counted (invalid).
    """
    require(by, Role.APPROVER)
    wanted = {key: checked(key, value) for key, value in changes.items()}
    uow.lock("govern.shop")
    old = {found.key: found.value for found in assumption_list(uow)}
    for key, value in wanted.items():
        if value != old[key]:
            store.put_value(uow, key, value, now, by.name)
            detail: dict[str, audit.Plain] = {"from": old[key], "to": value}
            audit.record(uow, at=now, actor=by.name, action="shop.assumed", target=key, detail=detail)
    return assumptions(uow)


def _check_fixed(old: Profile, new: Profile) -> None:
    pairs = (
        ("time zone", "时区", old.timezone, new.timezone),
        ("currency", "货币", old.currency, new.currency),
    )
    for field, field_zh, was, asked in pairs:
        if was != asked:
            raise SHOP_FIXED.error(field=field, field_zh=field_zh, old=was, new=asked)

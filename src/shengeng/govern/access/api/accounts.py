"""Operator accounts. There is no default password: accounts begin with a generated one, shown once."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from shengeng.govern.access import store
from shengeng.govern.access.api import hashing
from shengeng.govern.access.api.patience import admit, knock
from shengeng.govern.access.contracts import (
    LAST_ADMIN,
    NO_OPERATOR,
    OLD_PASSWORD_WRONG,
    OPERATOR_EXISTS,
    SESSION_ONLY,
    NewOperator,
    Operator,
)
from shengeng.govern.access.methods.secrets_of import check_password, clean_name, digest
from shengeng.govern.audit import api as audit
from shengeng.govern.teams import api as teams
from shengeng.kernel.roles import SHELL, Principal, Role, require
from shengeng.storage.rows import Rows, UnitOfWork

FIRST_NAME = "admin"
_ADMINS = "govern.access.admins"


def operators(uow: UnitOfWork) -> list[Operator]:
    """Every account, oldest first; disabled ones too, since nobody is deleted."""
    joined = teams.teams_of(uow)
    return [_operator(row, joined) for row in store.operator_rows(uow)]


def create_operator(
    uow: UnitOfWork, by: Principal, now: datetime, *, name: str, role: Role, team_keys: Iterable[str] = ()
) -> NewOperator:
    """A new account with a generated password, returned once (admin).

    Refuses a bad name (invalid), a name that exists (conflict), an unknown team (not_found).
    """
    _administers(by)
    name = clean_name(name)
    password = hashing.new_password()
    if not store.add_operator(uow, name, hashing.hashed(password), role, now):
        raise OPERATOR_EXISTS.error(name=name)
    joined = teams.join(uow, name, team_keys)
    detail: dict[str, audit.Plain] = {"role": role.value, "teams": list(joined)}
    audit.record(uow, at=now, actor=by.name, action="operator.created", target=name, detail=detail)
    return NewOperator(_one(uow, name), password)


def first_operator(uow: UnitOfWork, now: datetime) -> NewOperator | None:
    """The first admin with a generated password, or None when an admin can sign in already."""
    uow.lock(_ADMINS)
    if store.other_admins(uow, None):
        return None
    taken = {row["name"] for row in store.operator_rows(uow)}
    name = next(name for name in _first_names() if name not in taken)
    every = [team.key for team in teams.teams(uow)]
    return create_operator(uow, SHELL, now, name=name, role=Role.ADMIN, team_keys=every)


def change_operator(
    uow: UnitOfWork,
    by: Principal,
    now: datetime,
    name: str,
    *,
    role: Role | None = None,
    team_keys: Iterable[str] | None = None,
    disabled: bool | None = None,
) -> Operator:
    """Changes what is given (admin); disabling ends every session. The last admin stays an admin."""
    _administers(by)
    uow.lock(_ADMINS)
    old = _one(uow, name)
    leaves = (role is not None and role is not Role.ADMIN) or disabled is True
    if leaves and old.role is Role.ADMIN and not old.disabled and not store.other_admins(uow, old.name):
        raise LAST_ADMIN.error(name=old.name)
    _write(uow, old.name, role, disabled)
    if team_keys is not None:
        teams.join(uow, old.name, team_keys)
    new = _one(uow, old.name)
    if change := _difference(old, new):
        audit.record(uow, at=now, actor=by.name, action="operator.changed", target=old.name, detail=change)
    return new


def reset_password(uow: UnitOfWork, by: Principal, name: str, now: datetime) -> NewOperator:
    """A newly generated password for somebody who lost theirs (admin); ends all their sessions."""
    _administers(by)
    found = _one(uow, name)
    password = hashing.new_password()
    store.change_operator(uow, found.name, password_hash=hashing.hashed(password))
    ended = store.end_sessions(uow, found.name)
    detail = {"sessions_ended": ended}
    audit.record(uow, at=now, actor=by.name, action="password.reset", target=found.name, detail=detail)
    return NewOperator(found, password)


def change_password(
    uow: UnitOfWork,
    rows: Rows,
    who: Principal,
    now: datetime,
    *,
    old: str,
    new: str,
    session: str,
    address: str,
) -> None:
    """An operator's own new password; ends all their sessions but this one.

    The try is counted in a transaction of its own, as in sign_in: it counts even when it fails.
    """
    if who.via != "session":
        raise SESSION_ONLY.error()
    check_password(who.name, new)
    with rows.unit() as counted:
        knock(counted, who.name, address, now)
    if not hashing.fits(store.operator_rows(uow, who.name)[0]["password_hash"], old):
        raise OLD_PASSWORD_WRONG.error()
    admit(uow, who.name, address, now)
    store.change_operator(uow, who.name, password_hash=hashing.hashed(new))
    ended = store.end_sessions(uow, who.name, but=digest(session))
    detail = {"sessions_ended": ended}
    audit.record(uow, at=now, actor=who.name, action="password.changed", target=who.name, detail=detail)


def _administers(by: Principal) -> None:
    require(by, Role.ADMIN)
    if by.via == "token":
        raise SESSION_ONLY.error()


def _first_names() -> Iterable[str]:
    yield FIRST_NAME
    for number in range(2, 1_000_000):
        yield f"{FIRST_NAME}{number}"


def _one(uow: UnitOfWork, name: str) -> Operator:
    rows = store.operator_rows(uow, name)
    if not rows:
        raise NO_OPERATOR.error(name=name)
    return _operator(rows[0], teams.teams_of(uow, [name]))


def _operator(row: dict[str, Any], joined: dict[str, tuple[str, ...]]) -> Operator:
    return Operator(
        name=row["name"],
        role=Role(row["role"]),
        teams=joined.get(row["name"], ()),
        disabled=row["disabled"],
        created_at=row["created_at"],
        last_seen_at=row["last_seen_at"],
    )


def _write(uow: UnitOfWork, name: str, role: Role | None, disabled: bool | None) -> None:
    values: dict[str, Any] = {}
    if role is not None:
        values["role"] = role.value
    if disabled is not None:
        values["disabled"] = disabled
    if values:
        store.change_operator(uow, name, **values)
    if disabled:
        store.end_sessions(uow, name)


def _difference(old: Operator, new: Operator) -> dict[str, audit.Plain]:
    pairs: dict[str, tuple[audit.Plain, audit.Plain]] = {
        "role": (old.role.value, new.role.value),
        "teams": (list(old.teams), list(new.teams)),
        "disabled": (old.disabled, new.disabled),
    }
    return {key: {"from": was, "to": now} for key, (was, now) in pairs.items() if was != now}

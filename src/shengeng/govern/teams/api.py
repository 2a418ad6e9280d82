"""Name teams, and say which operators belong to them."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from datetime import datetime

from shengeng.govern.audit import api as audit
from shengeng.govern.teams import store
from shengeng.govern.teams.contracts import BAD_TEAM, FIRST_TEAMS, NO_TEAM, TEAM_EXISTS, Team
from shengeng.kernel.roles import Principal, Role, require
from shengeng.storage.rows import UnitOfWork

__all__ = ["FIRST_TEAMS", "Team", "create_team", "join", "known", "teams", "teams_of"]

_KEY = re.compile(r"[a-z][a-z0-9_-]{0,31}")


def teams(uow: UnitOfWork) -> list[Team]:
    """Every team, by key."""
    return store.every(uow)


def create_team(uow: UnitOfWork, by: Principal, team: Team, now: datetime) -> Team:
    """Adds a team (admin). Refuses a key that exists, a key that is no short lower-case word, empty names."""
    require(by, Role.ADMIN)
    _check(team)
    if not store.add(uow, team):
        raise TEAM_EXISTS.error(key=team.key)
    names = {"name_zh": team.name_zh, "name_en": team.name_en}
    audit.record(uow, at=now, actor=by.name, action="team.created", target=team.key, detail=names)
    return team


def known(uow: UnitOfWork, keys: Iterable[str]) -> tuple[str, ...]:
    """The keys in order and without repeats; refuses one that is no team (not_found)."""
    wanted = tuple(sorted(set(keys)))
    there = {team.key for team in store.every(uow)}
    for key in wanted:
        if key not in there:
            raise NO_TEAM.error(key=key, known=", ".join(sorted(there)))
    return wanted


def join(uow: UnitOfWork, operator: str, keys: Iterable[str]) -> tuple[str, ...]:
    """Makes an operator a member of exactly these teams; the caller records why."""
    wanted = known(uow, keys)
    store.replace(uow, operator, wanted)
    return wanted


def teams_of(uow: UnitOfWork, operators: Collection[str] | None = None) -> dict[str, tuple[str, ...]]:
    """Team keys by operator, sorted; operators without a team are absent. None asks for everybody."""
    return store.memberships(uow, operators)


def _check(team: Team) -> None:
    if not _KEY.fullmatch(team.key):
        raise BAD_TEAM.error(
            value=team.key,
            field="key",
            field_zh="标识",
            limit_en="use 1 to 32 lower-case letters, digits, - or _, beginning with a letter",
            limit_zh="请用 1 到 32 个小写字母、数字、- 或 _，以字母开头",
        )
    for field, field_zh, name in (("name_zh", "中文名", team.name_zh), ("name_en", "英文名", team.name_en)):
        if not (name.strip() and len(name) <= 40 and name.isprintable()):
            raise BAD_TEAM.error(
                value=name,
                field=field,
                field_zh=field_zh,
                limit_en="use 1 to 40 characters",
                limit_zh="请用 1 到 40 个字符",
            )

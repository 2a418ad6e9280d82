"""Under which rules the plays run."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from shengeng.decide.ledger import store
from shengeng.decide.ledger.api.refusals import BAD_RULE, NO_PLAY
from shengeng.decide.ledger.contracts import Play, PlayRule
from shengeng.govern.audit import api as audit
from shengeng.govern.teams import api as teams
from shengeng.kernel.money import LIMIT_MINOR
from shengeng.kernel.roles import Principal, Role, require

if TYPE_CHECKING:
    from shengeng.storage.rows import UnitOfWork

_AMOUNTS = ("budget_minor", "approve_limit_minor")
_ROLES = ("operator", "approver", "admin")


def enrol(uow: UnitOfWork, play: Play) -> None:
    """Give a play its first rule (own team, no budget, no limit); a rule in place is left alone."""
    store.enrol(uow, play)


def play_rules(uow: UnitOfWork) -> list[PlayRule]:
    """Every play's rule, by name."""
    return store.rules(uow)


def rule_of(uow: UnitOfWork, play: str) -> PlayRule:
    """One play's rule; an unknown play is refused (not_found)."""
    found = store.rule(uow, play)
    if found is None:
        raise NO_PLAY.error(play=play, plays=", ".join(rule.play for rule in store.rules(uow)) or "-")
    return found


def change_rule(
    uow: UnitOfWork, who: Principal, play: str, changes: Mapping[str, Any], now: datetime
) -> PlayRule:
    """Change a play's team, budget_minor, approve_limit_minor, approve_role or enabled (approvers).

    Amounts are minor units or None for no limit. A team that does not exist and hostile amounts are refused.
    """
    require(who, Role.APPROVER)
    before = rule_of(uow, play)
    for field, value in changes.items():
        _check(play, field, value)
    if "team" in changes:
        teams.known(uow, [str(changes["team"])])
    if changes:
        store.change_rule(uow, play, changes)
        diff = {field: [getattr(before, field), value] for field, value in changes.items()}
        audit.record(uow, at=now, actor=who.name, action="play.rule_changed", target=play, detail=diff)
    return rule_of(uow, play)


def _check(play: str, field: str, value: object) -> None:
    if field in _AMOUNTS:
        whole = value is None or (isinstance(value, int) and not isinstance(value, bool))
        good, limit = whole and (value is None or 0 <= int(str(value)) <= LIMIT_MINOR), f"0 to {LIMIT_MINOR}"
    elif field == "approve_role":
        good, limit = value in _ROLES, ", ".join(_ROLES)
    elif field == "enabled":
        good, limit = isinstance(value, bool), "true, false"
    else:
        good, limit = field == "team" and isinstance(value, str), "team, budget, limit, role, enabled"
    if not good:
        raise BAD_RULE.error(play=play, field=field, value=str(value)[:80], limit=limit)

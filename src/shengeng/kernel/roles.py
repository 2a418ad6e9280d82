"""Who may do what, as plain values: every layer can compare them, only govern.access hands them out."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from shengeng.kernel.errors import Refusal


class Role(StrEnum):
    """viewer < operator < approver < admin; each may do everything that the ones before it may."""

    VIEWER = "viewer"
    OPERATOR = "operator"
    APPROVER = "approver"
    ADMIN = "admin"

    @property
    def rank(self) -> int:
        """Position in the order of roles, 0 for a viewer."""
        return _ORDER.index(self)

    def may(self, needed: Role) -> bool:
        """Whether this role reaches the needed one."""
        return self.rank >= needed.rank


_ORDER = tuple(Role)

NOT_ALLOWED = Refusal(
    "not_allowed",
    "forbidden",
    en="This needs the role {needed}; {name} is {role}. Ask an admin.",
    zh="此操作需要“{needed}”角色；{name} 是“{role}”。请联系管理员。",
)


@dataclass(frozen=True, slots=True)
class Principal:
    """Who asks: an operator by session or API token, with the role and teams that hold for this call."""

    name: str
    role: Role
    teams: tuple[str, ...] = ()
    via: Literal["session", "token", "shell"] = "session"


# Whoever may run our commands on the machine could also write to its database.
SHELL = Principal("shell", Role.ADMIN, via="shell")


def require(principal: Principal, needed: Role) -> None:
    """Refuses (forbidden) a principal below the needed role."""
    if not principal.role.may(needed):
        raise NOT_ALLOWED.error(needed=needed.value, name=principal.name, role=principal.role.value)

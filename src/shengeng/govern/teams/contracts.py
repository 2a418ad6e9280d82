"""What teams publish, and what they refuse."""

from __future__ import annotations

from dataclasses import dataclass

from shengeng.kernel.errors import Refusal


@dataclass(frozen=True, slots=True)
class Team:
    """A team by its stable key, named in both languages."""

    key: str
    name_zh: str
    name_en: str


# The migration seeds these.
FIRST_TEAMS = (
    Team("growth", "增长", "Growth"),
    Team("supply", "供应", "Supply"),
    Team("service", "服务", "Service"),
)

NO_TEAM = Refusal(
    "no_team",
    "not_found",
    en="There is no team {key}: use one of {known}, or make it under Settings.",
    zh="没有团队“{key}”：请使用 {known} 之一，或先在“设置”中新建。",
)
TEAM_EXISTS = Refusal(
    "team_exists",
    "conflict",
    en="The team {key} exists already: choose another key.",
    zh="团队“{key}”已存在：请换一个标识。",
)
BAD_TEAM = Refusal(
    "bad_team",
    "invalid",
    en="{value} cannot be a team's {field}: {limit_en}.",
    zh="“{value}”不能作为团队的{field_zh}：{limit_zh}。",
)

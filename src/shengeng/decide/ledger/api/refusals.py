"""What the rules of plays refuse."""

from __future__ import annotations

from shengeng.kernel.errors import Refusal

OVER_BUDGET = Refusal(
    "over_budget",
    "refused",
    en="The budget of {play} for team {team} in the week of {week} is {budget_minor} (minor units): "
    "{used_minor} is used and {asked_minor} is asked. Approve fewer decisions or raise the budget.",
    zh="打法 {play}（团队 {team}）{week} 当周预算为 {budget_minor}（最小货币单位），"
    "已用 {used_minor}，本次申请 {asked_minor}。请减少批准数量或提高预算。",
)
NEEDS_ROLE = Refusal(
    "needs_role",
    "forbidden",
    en="Approving {asked_minor} (minor units) of {play} is above the limit of {limit_minor}: "
    "it needs the role {needed}, you have {role}.",
    zh="批准 {play} 的 {asked_minor}（最小货币单位）超过 {limit_minor} 的限额："
    "需要 {needed} 角色，您的角色是 {role}。",
)
NOT_YOUR_TEAM = Refusal(
    "not_your_team",
    "forbidden",
    en="{play} belongs to team {team} and you are in {teams}: ask somebody of {team}.",
    zh="打法 {play} 属于团队 {team}，您所在的团队为 {teams}：请联系 {team} 的同事。",
)
WORTH_UNKNOWN = Refusal(
    "worth_unknown",
    "refused",
    en="{count} decisions have no known gain or cost, so they cannot be approved: "
    "reject them or complete the margin and cost assumptions.",
    zh="有 {count} 条决策的收益或成本未知，不能批准：请驳回，或补全毛利与成本假设。",
)
PLAY_OFF = Refusal(
    "play_off",
    "refused",
    en="The play {play} is switched off: switch it on under Settings first.",
    zh="打法 {play} 已停用：请先在设置中启用。",
)
BAD_RULE = Refusal(
    "bad_rule",
    "invalid",
    en="{field} = {value} is not a valid rule of {play}: {limit}.",
    zh="{field} = {value} 不是打法 {play} 的有效规则：{limit}。",
)
NO_PLAY = Refusal(
    "no_play",
    "not_found",
    en="There is no play named {play}: the plays are {plays}.",
    zh="没有名为 {play} 的打法：现有打法为 {plays}。",
)

"""What audiences refuse."""

from __future__ import annotations

from shengeng.kernel.errors import Refusal

BAD_NODE = Refusal(
    "bad_audience",
    "invalid",
    en="{path}: {value} cannot stand here. {limit}.",
    zh="{path}：{value} 不能写在这里。{limit_zh}。",
)
TOO_BIG = Refusal(
    "audience_too_big",
    "invalid",
    en="{path}: {value} {what} are more than the {limit} that one audience may have: split it, and use "
    "the parts by the condition “in another audience”.",
    zh="{path}：{value} {what_zh}，超过单个人群的上限 {limit}：请拆成几个人群，再用“属于另一人群”组合。",
)
NO_AUDIENCE = Refusal(
    "no_audience",
    "not_found",
    en="There is no audience {id}: choose one from the list.",
    zh="没有人群 {id}：请从列表中选择。",
)
CIRCLE = Refusal(
    "audience_circle",
    "invalid",
    en="{path}: the audience {name} rests on this one already ({way}), so this one cannot rest on it. "
    "Take the condition out, or write what you mean by it here.",
    zh="{path}：人群“{name}”已经引用了本人群（{way}），不能再反向引用。请删除该条件，或直接写出条件。",
)
UNKNOWN_INNER = Refusal(
    "audience_unknown_inner",
    "invalid",
    en="{path}: there is no audience {id}, or it is archived. Choose one from the list.",
    zh="{path}：没有人群 {id}，或已归档。请从列表中选择。",
)
CHANGED = Refusal(
    "audience_changed",
    "conflict",
    en="The audience {name} is at version {version} and you changed version {seen}: look at what {by} "
    "changed, then save again.",
    zh="人群“{name}”已是第 {version} 版，而您修改的是第 {seen} 版：请先查看 {by} 的修改，再重新保存。",
)
USED = Refusal(
    "audience_used",
    "conflict",
    en="{count} other audiences rest on {name} ({names}): change them first.",
    zh="有 {count} 个人群引用了“{name}”（{names}）：请先修改它们。",
)
NAME_TAKEN = Refusal(
    "audience_name_taken",
    "conflict",
    en="Another audience is called {name} already: choose another name.",
    zh="已有名为“{name}”的人群：请换一个名称。",
)
BAD_NAME = Refusal(
    "bad_audience_name",
    "invalid",
    en="{value} cannot be an audience's name: use 1 to {limit} printable characters.",
    zh="“{value}”不能作为人群名称：请用 1 到 {limit} 个可见字符。",
)
TOO_MANY = Refusal(
    "too_many_audiences",
    "refused",
    en="There are {limit} audiences already, and each is kept current all day: archive one first.",
    zh="已有 {limit} 个人群，且都在实时更新：请先归档一个。",
)
NOT_A_MEMBER = Refusal(
    "not_a_member",
    "not_found",
    en="{person} is unknown to the shop: nothing arrived of somebody with this number.",
    zh="店铺没有“{person}”的任何记录：请核对编号。",
)

"""What msgspec says about a body, as a refusal that names the field by its path."""

from __future__ import annotations

import re
from collections.abc import Sequence

from shengeng.kernel.errors import ShopError
from shengeng.sense.events.contracts import BAD_EVENT

_AT = re.compile(r" - at `\$?(.*?)`$")
_REASONS: Sequence[tuple[re.Pattern[str], str, str]] = (
    (
        re.compile(r"Expected `str` of length <= (\d+)"),
        "may have at most {0} characters",
        "最多 {0} 个字符",
    ),
    (
        re.compile(r"Invalid RFC3339"),
        "must be an ISO 8601 time such as 2026-03-01T08:00:00Z",
        "必须是 2026-03-01T08:00:00Z 这样的 ISO 8601 时间",
    ),
    (
        re.compile(r"Expected `datetime[^`]*`, got `(\w+)`"),
        "must be an ISO 8601 time such as 2026-03-01T08:00:00Z; it is {0}",
        "必须是 2026-03-01T08:00:00Z 这样的 ISO 8601 时间；现为 {0}",
    ),
    (
        re.compile(r"Invalid enum value (.*)"),
        "is {0}; use track, identify, page, screen, group or alias",
        "为 {0}；请用 track、identify、page、screen、group 或 alias",
    ),
    (re.compile(r"Object missing required field `(\w+)`"), "lacks {0}", "缺少 {0}"),
    (re.compile(r"Number out of range"), "holds a number that is out of range", "含有超出范围的数"),
    (re.compile(r"Expected `([^`]+)`, got `(\w+)`"), "must be {0}; it is {1}", "必须是 {0}；现为 {1}"),
)


def fault(error: Exception, where: str) -> ShopError:
    """The refusal for one of msgspec's errors. where: the path of the event in its batch, or nothing."""
    text = str(error)
    if isinstance(error, UnicodeDecodeError):
        return _refused(where, "holds bytes that are no UTF-8", "含有不是 UTF-8 的字节")
    if isinstance(error, RecursionError):
        return _refused(where, "is nested too deep", "嵌套过深")
    at = _AT.search(text)
    path = _path(where, at[1] if at else "")
    for pattern, en, zh in _REASONS:
        if found := pattern.search(_AT.sub("", text)):
            values = [group.replace("|", "or")[:80] for group in found.groups()]
            return _refused(path, en.format(*values), zh.format(*values))
    return _refused(path, f"is no valid JSON ({text[:120]})", f"不是有效的 JSON（{text[:120]}）")


def _path(where: str, inner: str) -> str:
    # $[...] is an element of some mapping or list that msgspec does not name.
    steps = [step for step in re.split(r"[.\[\]]+", inner) if step]
    return ".".join([*([where] if where else []), *steps])


def _refused(field: str, reason: str, reason_zh: str) -> ShopError:
    return BAD_EVENT.error(field=field[:120] or "body", reason=reason, reason_zh=reason_zh)

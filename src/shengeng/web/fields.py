"""Pydantic's faults as a sentence that names the field, in both languages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from shengeng.kernel.errors import Refusal, ShopError

BAD_FIELD = Refusal(
    "bad_field", "invalid", en="{field} {reason_en}{given_en}.", zh="{field} {reason_zh}{given_zh}。"
)
# By Pydantic's type of error; {…} are the values of its context.
_REASONS: Mapping[str, tuple[str, str]] = {
    "missing": ("is required", "为必填项"),
    "extra_forbidden": ("is not a field of this request", "不是该请求的字段"),
    "string_type": ("must be text", "必须是文本"),
    "string_too_short": ("needs at least {min_length} characters", "至少需要 {min_length} 个字符"),
    "string_too_long": ("may have at most {max_length} characters", "最多 {max_length} 个字符"),
    "string_pattern_mismatch": ("must match {pattern}", "必须符合格式 {pattern}"),
    "int_type": ("must be a whole number", "必须是整数"),
    "int_parsing": ("must be a whole number", "必须是整数"),
    "int_from_float": ("must be a whole number", "必须是整数"),
    "int_parsing_size": ("is too large a number", "数值过大"),
    "float_type": ("must be a number", "必须是数"),
    "float_parsing": ("must be a number", "必须是数"),
    "finite_number": ("must be a finite number", "必须是有限的数"),
    "bool_type": ("must be true or false", "必须是 true 或 false"),
    "bool_parsing": ("must be true or false", "必须是 true 或 false"),
    "greater_than": ("must be greater than {gt}", "必须大于 {gt}"),
    "greater_than_equal": ("must be at least {ge}", "不能小于 {ge}"),
    "less_than": ("must be less than {lt}", "必须小于 {lt}"),
    "less_than_equal": ("must be at most {le}", "不能大于 {le}"),
    "literal_error": ("must be one of {expected}", "必须是 {expected} 之一"),
    "enum": ("must be one of {expected}", "必须是 {expected} 之一"),
    "uuid_type": ("must be an id", "必须是标识符"),
    "uuid_parsing": ("must be an id", "必须是标识符"),
    "date_type": ("must be a date such as 2017-11-26", "必须是 2017-11-26 这样的日期"),
    "date_parsing": ("must be a date such as 2017-11-26", "必须是 2017-11-26 这样的日期"),
    "date_from_datetime_parsing": ("must be a date such as 2017-11-26", "必须是 2017-11-26 这样的日期"),
    "date_from_datetime_inexact": ("must be a date without a time", "必须是不带时间的日期"),
    "list_type": ("must be a list", "必须是列表"),
    "dict_type": ("must be an object", "必须是对象"),
    "model_type": ("must be an object", "必须是对象"),
    "model_attributes_type": ("must be a JSON object (content-type application/json)", "必须是 JSON 对象"),
    "too_long": ("may have at most {max_length} entries", "最多 {max_length} 项"),
    "too_short": ("needs at least {min_length} entries", "至少需要 {min_length} 项"),
    "json_invalid": ("is no valid JSON", "不是有效的 JSON"),
}
_SECRET = frozenset({"password", "old", "new", "secret", "token"})


def first_fault(faults: Sequence[Mapping[str, Any]]) -> ShopError:
    """The refusal that names the first field, its value and its limit; params list the others."""
    first = faults[0]
    reason_en, reason_zh = _reason(first)
    given = _given(first)
    return BAD_FIELD.error(
        field=_field(first),
        reason_en=reason_en,
        reason_zh=reason_zh,
        given_en=f" (it is {given})" if given else "",
        given_zh=f"（现为 {given}）" if given else "",
        fields=[_field(fault) for fault in faults[:20]],
    )


def _field(fault: Mapping[str, Any]) -> str:
    parts = [str(part) for part in fault["loc"]]
    inner = parts[1:] if parts and parts[0] in ("body", "query", "path", "header", "cookie") else parts
    return ".".join(inner)[:120] or "body"


def _reason(fault: Mapping[str, Any]) -> tuple[str, str]:
    found = _REASONS.get(fault["type"])
    values = {key: str(value) for key, value in (fault.get("ctx") or {}).items()}
    if found is None:
        return (f"is not valid: {fault['msg']}", "无效")
    try:
        return (found[0].format(**values), found[1].format(**values))
    except KeyError:
        return ("is not valid", "无效")


def _given(fault: Mapping[str, Any]) -> str:
    value = fault.get("input")
    if fault["type"] in ("missing", "json_invalid") or _SECRET & {str(part) for part in fault["loc"]}:
        return ""
    return str(value)[:60] if isinstance(value, (str, int, float)) and str(value) else ""

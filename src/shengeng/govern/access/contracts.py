"""What access publishes and refuses."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol
from uuid import UUID

from shengeng.kernel.errors import Refusal
from shengeng.kernel.roles import Principal, Role, require

__all__ = ["Entered", "NewOperator", "NewToken", "Operator", "Principal", "Role", "Shown", "Token", "require"]

NAME_LENGTH = 64
PASSWORD_SHORTEST, PASSWORD_LONGEST = 12, 256
# A session in use is prolonged; no session lives longer than this.
SESSION_LONGEST = timedelta(days=30)
TOKEN_DAYS_LONGEST = 366
TOKEN_PREFIX = "sgt_"  # noqa: S105  (a mark that secret scanners can look for, not a secret)
TOKENS_EACH = 50
# "Last seen" is written at most once in this time, so that reading stays reading.
SEEN_EVERY = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Operator:
    """An account of the console. teams: sorted keys; times aware UTC."""

    name: str
    role: Role
    teams: tuple[str, ...]
    disabled: bool
    created_at: datetime
    last_seen_at: datetime | None


@dataclass(frozen=True, slots=True)
class NewOperator:
    """An account and its generated password, which is shown once and kept nowhere."""

    operator: Operator
    password: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Entered:
    """A session that began: who, its secret for the cookie, and the token for writes."""

    principal: Principal
    session: str = field(repr=False)
    csrf: str = field(repr=False)


class Shown(Protocol):
    """What a request shows of who sent it; `shengeng.http.Credentials` is one."""

    @property
    def session(self) -> str:
        """The session's secret, from the cookie."""
        ...

    @property
    def bearer(self) -> str | None:
        """The API token, or None when the request brought none."""
        ...

    @property
    def csrf(self) -> str:
        """The x-csrf-token header."""
        ...

    @property
    def site(self) -> str:
        """The Sec-Fetch-Site header; empty without one."""
        ...

    @property
    def writes(self) -> bool:
        """Whether the method may change something."""
        ...


@dataclass(frozen=True, slots=True)
class Token:
    """An API token of an operator. role: what it may at most; it never exceeds its maker's present role."""

    id: UUID
    operator: str
    name: str
    role: Role
    created_at: datetime
    last_used_at: datetime | None
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class NewToken:
    """A token and its secret, which is shown once; only its hash is kept."""

    token: Token
    secret: str = field(repr=False)


SIGN_IN = Refusal("sign_in", "unauthenticated", en="Please sign in first.", zh="请先登录。")
WRONG_PASSWORD = Refusal(
    "wrong_password",
    "unauthenticated",
    en="Name or password is wrong. An admin can give you a new password.",
    zh="名称或密码不正确。管理员可以为您重置密码。",
)
TOO_MANY_TRIES = Refusal(
    "too_many_tries",
    "throttled",
    en="Too many wrong passwords: wait {retry_seconds} seconds, then try again.",
    zh="密码错误次数过多：请等待 {retry_seconds} 秒后再试。",
)
TOKEN_UNKNOWN = Refusal(
    "token_unknown",
    "unauthenticated",
    en="This API token is not known, has expired or was revoked. Make a new one under Settings.",
    zh="该 API 令牌不存在、已过期或已撤销。请在“设置”中新建。",
)
FOREIGN_CALL = Refusal(
    "foreign_call",
    "forbidden",
    en="This write came from another site ({site}). Open the console itself and repeat the step.",
    zh="该写入请求来自其他网站（{site}）。请在控制台中重试这一步。",
)
STALE_PAGE = Refusal(
    "stale_page",
    "forbidden",
    en="The page is out of date (x-csrf-token does not fit the session). Reload it and repeat the step.",
    zh="页面已过期（x-csrf-token 与会话不符）。请刷新后重试这一步。",
)
SESSION_ONLY = Refusal(
    "session_only",
    "forbidden",
    en="An API token cannot do this. Sign in to the console with your password.",
    zh="API 令牌不能执行此操作。请用密码登录控制台。",
)
BAD_NAME = Refusal(
    "bad_name",
    "invalid",
    en="{value} cannot be a name: use 1 to {limit} letters, digits and . _ - @, the first no sign.",
    zh="“{value}”不能作为名称：请用 1 到 {limit} 个字母、汉字、数字或 . _ - @，以字母、汉字或数字开头。",
)
BAD_PASSWORD = Refusal(
    "bad_password",
    "invalid",
    en="This password cannot be used: take {shortest} to {longest} characters, 5 of them different, no name.",
    zh="该密码不可用：请用 {shortest} 到 {longest} 个字符，至少 5 个不同字符，且不含名称。",
)
OLD_PASSWORD_WRONG = Refusal(
    "old_password_wrong", "invalid", en="The old password is wrong.", zh="原密码不正确。"
)
OPERATOR_EXISTS = Refusal(
    "operator_exists",
    "conflict",
    en="The operator {name} exists already: choose another name.",
    zh="操作员“{name}”已存在：请换一个名称。",
)
NO_OPERATOR = Refusal(
    "no_operator", "not_found", en="There is no operator {name}.", zh="没有名为“{name}”的操作员。"
)
LAST_ADMIN = Refusal(
    "last_admin",
    "refused",
    en="{name} is the last admin and must stay one: make somebody else admin first.",
    zh="{name} 是最后一位管理员，必须保留：请先指定另一位管理员。",
)
NO_TOKEN = Refusal("no_token", "not_found", en="There is no API token {id}.", zh="没有 API 令牌 {id}。")
BAD_TOKEN = Refusal(
    "bad_token",
    "invalid",
    en="The token's {field} is {value}: {limit_en}.",
    zh="令牌的{field_zh}为 {value}：{limit_zh}。",
)
TOKEN_ABOVE_MAKER = Refusal(
    "token_above_maker",
    "forbidden",
    en="A token cannot have the role {asked}: yours is {role}. Ask for {role} or less.",
    zh="令牌不能拥有“{asked}”角色：您的角色是“{role}”。请选择不高于“{role}”的角色。",
)

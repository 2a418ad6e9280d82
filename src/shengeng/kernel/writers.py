"""Who may send facts in: write keys as plain values. Only govern.keys hands them out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from shengeng.kernel.errors import Refusal

Scope = Literal["events", "orders"]
ANY_ORIGIN = "*"

NO_KEY = Refusal(
    "no_key",
    "unauthenticated",
    en="A write key is missing: send it as the user name of Basic authentication with an empty password.",
    zh="缺少写入密钥：请以 Basic 认证的用户名发送，密码留空。",
)
BAD_KEY = Refusal(
    "bad_key",
    "unauthenticated",
    en="This write key is not known or was revoked. Make one under Data > Events.",
    zh="该写入密钥不存在或已撤销。请在“数据 > 行为事件”中新建。",
)
NOT_IN_SCOPE = Refusal(
    "not_in_scope",
    "forbidden",
    en="The write key {name} may send {scopes}, not {scope}. Use a key made for {scope}.",
    zh="写入密钥“{name}”只能写入 {scopes}，不能写入 {scope}。请使用允许 {scope} 的密钥。",
)
WRONG_ORIGIN = Refusal(
    "wrong_origin",
    "forbidden",
    en="The write key {name} is not for pages of {origin}. Add this origin to the key under Data > Events.",
    zh="写入密钥“{name}”不允许来自 {origin} 的页面。请在“数据 > 行为事件”中为该密钥添加此来源。",
)
NOT_FROM_BROWSERS = Refusal(
    "not_from_browsers",
    "forbidden",
    en="Orders are not taken from web pages ({origin}): anybody could read the key there. Send them from a "
    "server.",
    zh="不接受网页（{origin}）发送订单：网页上的密钥任何人都能看到。请从服务器发送。",
)


@dataclass(frozen=True, slots=True)
class Writer:
    """Who sends facts: a write key by its name (the source of what it sends), or an operator's program."""

    name: str
    scopes: tuple[Scope, ...]
    origins: tuple[str, ...] = ()
    id: UUID | None = None

    def check(self, scope: Scope, origin: str) -> None:
        """Refuses (forbidden) a key without the scope, a foreign page, and any page that sends orders.

        origin: the Origin header, empty from a server.
        """
        if scope not in self.scopes:
            raise NOT_IN_SCOPE.error(name=self.name, scopes=", ".join(self.scopes), scope=scope)
        if origin and scope == "orders":
            raise NOT_FROM_BROWSERS.error(origin=origin[:200])
        if origin and not self.open_to(origin):
            raise WRONG_ORIGIN.error(name=self.name, origin=origin[:200])

    def open_to(self, origin: str) -> bool:
        """Whether pages of an origin may use the key."""
        return origin in self.origins or ANY_ORIGIN in self.origins

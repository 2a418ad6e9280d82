"""Who is at the storefront, as plain values: a member by their session, else a guest with a basket."""

from __future__ import annotations

from dataclasses import dataclass, field

from shengeng.kernel.errors import Refusal

MEMBERS_ONLY = Refusal(
    "members_only", "unauthenticated", en="Please sign in to your account first.", zh="请先登录您的账户。"
)
FOREIGN_FORM = Refusal(
    "foreign_form",
    "forbidden",
    en="This was sent from another site ({site}). Open the shop itself and repeat the step.",
    zh="该请求来自其他网站（{site}）。请在本店页面中重试这一步。",
)
STALE_FORM = Refusal(
    "stale_form",
    "forbidden",
    en="The page is out of date: it was opened before you signed in or out. Reload it and repeat the step.",
    zh="页面已过期：它是在您登录或退出之前打开的。请刷新后重试这一步。",
)


@dataclass(frozen=True, slots=True)
class Shopper:
    """Somebody at the storefront. basket, session: the secrets of their cookies, empty without one.

    csrf: what a member's writes carry, as a hidden field `csrf` or the header x-csrf-token; empty for guests.
    """

    member_id: str | None = None
    name: str = ""
    tier: str | None = None
    session: str = field(default="", repr=False)
    basket: str = field(default="", repr=False)
    csrf: str = field(default="", repr=False)

    @property
    def me(self) -> str:
        """The member's id; a guest is refused (unauthenticated)."""
        if self.member_id is None:
            raise MEMBERS_ONLY.error()
        return self.member_id

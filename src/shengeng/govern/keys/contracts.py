"""What keys publish and refuse."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from shengeng.kernel.errors import Refusal
from shengeng.kernel.writers import Scope, Writer

__all__ = ["NewKey", "Scope", "WriteKey", "Writer"]

KEY_PREFIX = "sgw_"
KEYS_MOST, ORIGINS_MOST = 200, 20
NAME_LONGEST, ORIGIN_LONGEST = 60, 200
# A found key is believed for so long without asking the database: a revoked one stops working within it.
BELIEVED = timedelta(seconds=3)
# "Last used" is written at most once in this time, so that sending stays sending.
USED_EVERY = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class WriteKey:
    """A write key without its secret. name: the source of what is sent with it; times aware UTC."""

    id: UUID
    name: str
    scopes: tuple[Scope, ...]
    origins: tuple[str, ...]
    created_at: datetime
    created_by: str
    last_used_at: datetime | None
    revoked_at: datetime | None


@dataclass(frozen=True, slots=True)
class NewKey:
    """A key and its secret, which is shown once; only its hash is kept."""

    key: WriteKey
    secret: str = field(repr=False)


NO_WRITE_KEY = Refusal(
    "no_write_key", "not_found", en="There is no write key {id}.", zh="没有写入密钥 {id}。"
)
KEY_NAME = Refusal(
    "key_name",
    "invalid",
    en="{value} cannot be the name of a key: use 1 to {limit} letters, digits, blanks and . _ -",
    zh="“{value}”不能作为密钥名称：请用 1 到 {limit} 个字母、汉字、数字、空格或 . _ -",
)
KEY_EXISTS = Refusal(
    "key_exists",
    "conflict",
    en="A key called {name} is in use: choose another name, or revoke it first.",
    zh="名为“{name}”的密钥正在使用：请换一个名称，或先撤销它。",
)
BAD_ORIGIN = Refusal(
    "bad_origin",
    "invalid",
    en="{value} is no origin: write scheme and host as in https://shop.example, or * for every page.",
    zh="“{value}”不是有效的来源：请写成 https://shop.example 这样的协议和主机，或用 * 表示任意页面。",
)
NO_SCOPE = Refusal(
    "no_scope",
    "invalid",
    en="The key would be good for nothing: name events, orders or both.",
    zh="该密钥没有任何用途：请选择 events、orders 或两者。",
)
TOO_MANY_KEYS = Refusal(
    "too_many_keys",
    "refused",
    en="There are {limit} living write keys already: revoke one first.",
    zh="有效的写入密钥已达 {limit} 个：请先撤销一个。",
)

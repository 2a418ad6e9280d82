"""What members publish and refuse."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from shengeng.kernel.errors import Refusal
from shengeng.kernel.shoppers import Shopper
from shengeng.kernel.words import Words

__all__ = ["Address", "Entered", "Known", "Mark", "MemberRow", "Shopper", "Tier", "TierChange", "Where"]

PASSWORD_SHORTEST, PASSWORD_LONGEST = 10, 256
NAME_LONGEST, EMAIL_LONGEST = 60, 200
ADDRESSES_MOST, TIERS_MOST = 20, 20
# A session in use is prolonged; no session lives longer than the second.
SESSION, SESSION_LONGEST = timedelta(days=30), timedelta(days=180)
# "Last seen" is written at most once in this time, so that looking round stays reading.
SEEN_EVERY = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Where:
    """Somewhere to send to. country: ISO 3166 letters; region: province or state; district may be empty."""

    recipient: str
    phone: str
    country: str
    region: str
    city: str
    district: str
    line: str
    postcode: str = ""


@dataclass(frozen=True, slots=True)
class Address:
    """An entry of a member's address book. standard: the one that checkout starts with."""

    address_id: UUID
    where: Where
    standard: bool


@dataclass(frozen=True, slots=True)
class Known:
    """A member as the shop knows them. email, phone: at least one of them; entered_at: last signed in."""

    member_id: str
    name: str
    email: str | None
    phone: str | None
    tier: str | None
    created_at: datetime
    entered_at: datetime
    closed_at: datetime | None


@dataclass(frozen=True, slots=True)
class MemberRow:
    """A member in the console's list, with how many addresses and living sessions there are."""

    member: Known
    addresses: int
    sessions: int


@dataclass(frozen=True, slots=True)
class MemberPage:
    """A page of the console's list; total: of all that match; more: whether another page follows."""

    rows: tuple[MemberRow, ...]
    total: int
    more: bool


@dataclass(frozen=True, slots=True)
class Entered:
    """A session that began: whose, and its secret for the cookie."""

    shopper: Shopper
    secret: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Session:
    """A living session as its member sees it. id: for ending it, tells nothing of the secret."""

    id: str
    created_at: datetime
    seen_at: datetime
    this: bool


@dataclass(frozen=True, slots=True)
class Tier:
    """A tier that members may have. key: what price lists and promotions name."""

    key: str
    name: Words
    position: int


@dataclass(frozen=True, slots=True)
class TierChange:
    """A member came to a tier, or left it (None)."""

    at: datetime
    was: str | None
    tier: str | None
    by: str
    why: str


@dataclass(frozen=True, slots=True)
class Mark:
    """A member was seen with a contact or a device: what identity reads, once."""

    id: int
    member_id: str
    email: str | None
    phone: str | None
    anonymous_id: str | None
    at: datetime


NO_MEMBER = Refusal("no_member", "not_found", en="There is no member {id}.", zh="没有会员 {id}。")
WRONG_SIGN_IN = Refusal(
    "wrong_sign_in",
    "unauthenticated",
    en="The e-mail address, phone number or password is wrong.",
    zh="邮箱、手机号或密码不正确。",
)
OLD_PASSWORD = Refusal("old_password", "invalid", en="The present password is wrong.", zh="当前密码不正确。")
WEAK_PASSWORD = Refusal(
    "weak_password",
    "invalid",
    en="Please choose another password: {shortest} to {longest} characters, 5 of them different, and not "
    "your e-mail address or phone number.",
    zh="请换一个密码：{shortest} 到 {longest} 个字符，至少 5 个不同字符，且不含您的邮箱或手机号。",
)
CONTACT_TAKEN = Refusal(
    "contact_taken",
    "conflict",
    en="There is an account with {contact} already: sign in, or use another one.",
    zh="{contact} 已有账户：请直接登录，或换一个。",
)
BAD_EMAIL = Refusal(
    "bad_email",
    "invalid",
    en="{value} is no e-mail address: write it as in name@example.com.",
    zh="“{value}”不是邮箱地址：请写成 name@example.com 的形式。",
)
BAD_PHONE = Refusal(
    "bad_phone",
    "invalid",
    en="{value} is no phone number: 11 digits for mainland China, else + and the country's number first.",
    zh="“{value}”不是电话号码：中国大陆请填 11 位手机号，其他地区请以 + 和国家代码开头。",
)
NO_CONTACT = Refusal(
    "no_contact",
    "invalid",
    en="Give an e-mail address or a phone number: the account is found by it.",
    zh="请填写邮箱或手机号：账户以此识别。",
)
BAD_FIELD = Refusal(
    "bad_field",
    "invalid",
    en="{field}: {value} cannot be used, write 1 to {limit} characters.",
    zh="{field_zh}：“{value}”不可用，请填写 1 到 {limit} 个字符。",
)
BAD_COUNTRY = Refusal(
    "bad_country",
    "invalid",
    en="{value} is no country: use the two letters of ISO 3166, such as CN.",
    zh="“{value}”不是国家或地区代码：请用 ISO 3166 的两个字母，例如 CN。",
)
NO_ADDRESS = Refusal(
    "no_address",
    "not_found",
    en="There is no address {id} in your address book.",
    zh="地址簿中没有地址 {id}。",
)
TOO_MANY_ADDRESSES = Refusal(
    "too_many_addresses",
    "refused",
    en="Your address book is full ({limit} addresses): remove one first.",
    zh="地址簿已满（{limit} 个地址）：请先删除一个。",
)
NO_TIER = Refusal(
    "no_tier",
    "invalid",
    en="There is no tier {tier}: use {known}, or make it first.",
    zh="没有等级“{tier}”：请用 {known}，或先新建。",
)
BAD_TIER = Refusal(
    "bad_tier",
    "invalid",
    en="{value} cannot be the key of a tier: use 1 to 32 letters a-z, digits and _ -, the first a letter.",
    zh="“{value}”不能作为等级代码：请用 1 到 32 个字母 a-z、数字或 _ -，以字母开头。",
)
TIER_IN_USE = Refusal(
    "tier_in_use",
    "conflict",
    en="{members} members have the tier {tier}: move them first.",
    zh="还有 {members} 位会员属于等级“{tier}”：请先调整他们的等级。",
)
TOO_MANY_TIERS = Refusal(
    "too_many_tiers",
    "refused",
    en="There are {limit} tiers already: remove one first.",
    zh="等级已达 {limit} 个：请先删除一个。",
)

"""What a consent is, what the shop takes for granted where nothing was said, and what is refused."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, get_args

from shengeng.kernel.errors import Refusal

Purpose = Literal["marketing", "analytics", "personalisation", "profiling"]
Channel = Literal["any", "sms", "email", "wecom", "app_push", "phone", "mail"]
PURPOSES: tuple[Purpose, ...] = get_args(Purpose)
CHANNELS: tuple[Channel, ...] = get_args(Channel)
# The shop's assumption: whether customers who never said anything may be reached (1) or are left out (0).
UNKNOWN = "marketing_unknown"


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody allowed or withdrew. person_id: as the source names them.

    said_at: when they said it, aware. source: where (a form, a file, an operator); text_version and shown:
    which text they saw, the proof that PIPL 14 and GDPR 7 ask for.
    """

    person_id: str
    purpose: Purpose
    channel: Channel
    granted: bool
    said_at: datetime
    source: str
    text_version: str = ""
    shown: str = ""


@dataclass(frozen=True, slots=True)
class Consent:
    """A row of the log: what was said, and who wrote it down when."""

    id: int
    said: Said
    recorded_at: datetime
    recorded_by: str


@dataclass(frozen=True, slots=True)
class Standing:
    """Whether a purpose is allowed on a channel now. because: said, or unknown (the shop's assumption)."""

    purpose: Purpose
    channel: Channel
    allowed: bool
    because: Literal["said", "unknown"]
    since: datetime | None


NO_PURPOSE = Refusal(
    "no_purpose",
    "invalid",
    en="{value} is no purpose that consent is asked for: use {known}.",
    zh="“{value}”不是征求同意的目的：请用 {known}。",
)
NO_CHANNEL = Refusal(
    "no_channel", "invalid", en="{value} is no channel: use {known}.", zh="“{value}”不是渠道：请用 {known}。"
)
SAID_LATER = Refusal(
    "said_later",
    "invalid",
    en="A consent cannot have been said at {at}, after now ({now}).",
    zh="同意的时间 {at} 不能晚于现在（{now}）。",
)
NO_PROOF = Refusal(
    "no_proof",
    "invalid",
    en="A consent that is granted needs its proof: the version of the text, or what the person was shown.",
    zh="记录“同意”需要证据：同意文本的版本，或向个人展示的内容。",
)

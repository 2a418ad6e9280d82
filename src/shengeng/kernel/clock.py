"""Two clocks: the shop clock (a local day that replay moves) and the wall clock (sessions, audit)."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from shengeng.kernel.errors import Refusal

NOT_A_ZONE = Refusal(
    "not_a_zone",
    "invalid",
    en="{value} is not an IANA time zone: use a name such as Asia/Shanghai or America/New_York.",
    zh="“{value}”不是 IANA 时区：请用 Asia/Shanghai 或 America/New_York 这样的名称。",
)


def wall_now() -> datetime:
    """The wall clock, aware UTC. Only doors and the session, audit and retry code may ask."""
    return datetime.now(UTC)


def zone(name: str) -> ZoneInfo:
    """The time zone by its IANA name; a wrong name is refused by name."""
    try:
        if name in available_timezones():
            return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        pass
    raise NOT_A_ZONE.error(value=name)


def end_of(day: date, tz: ZoneInfo) -> datetime:
    """The UTC moment at which a shop's local day is over: everything before it is known that night."""
    return datetime.combine(day + timedelta(days=1), time(), tz).astimezone(UTC)

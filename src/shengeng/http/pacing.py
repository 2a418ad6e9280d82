"""How fast one browser and one address may go where every call costs: baskets, quotes, placing.

Kept in the memory of the storefront's one process: to count a call in the database would make every buyer of
one address wait for the others. A restart forgives everybody.
"""

from __future__ import annotations

import hashlib
import ipaddress
import math
import threading
from collections import OrderedDict
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from datetime import datetime

from fastapi import Request

from shengeng.http.asking import SAFE_METHODS, Now, address_of
from shengeng.http.shopping import BASKET_COOKIE, MEMBER_COOKIE
from shengeng.kernel.errors import Refusal

# So many browsers or addresses are remembered, those that came last.
REMEMBERED = 20_000
TOO_FAST = Refusal(
    "too_fast",
    "throttled",
    en="That was too much at once: wait {retry_seconds} seconds, then go on. Your basket is kept.",
    zh="操作过于频繁：请等待 {retry_seconds} 秒后继续，购物车内容会保留。",
)


@dataclass(frozen=True, slots=True)
class Rate:
    """So many at once, then so many a second (a token bucket)."""

    burst: float
    per_second: float


# A browser: nobody clicks faster for long. An address: that of a mobile network or an office stands for
# thousands of buyers. A basket that is made costs five calls, an order ten.
BROWSER, ADDRESS = Rate(120, 2), Rate(10_000, 600)
CALL, MAKE, PLACE = 1, 5, 10


@dataclass(slots=True)
class _Meter:
    rate: Rate
    left: OrderedDict[str, tuple[float, datetime]] = field(default_factory=OrderedDict)

    def tokens(self, key: str, now: datetime) -> float:
        """What a key may still take at a moment."""
        left, at = self.left.get(key, (self.rate.burst, now))
        passed = max(0.0, (now - at).total_seconds())
        return min(self.rate.burst, left + passed * self.rate.per_second)

    def take(self, key: str, left: float, now: datetime) -> None:
        self.left[key] = (left, now)
        self.left.move_to_end(key)
        if len(self.left) > REMEMBERED:
            self.left.popitem(last=False)


class Pacing:
    """The meters of one process."""

    def __init__(self, browser: Rate = BROWSER, address: Rate = ADDRESS) -> None:
        self._browsers, self._addresses = _Meter(browser), _Meter(address)
        self._lock = threading.Lock()

    def admit(self, browser: str, address: str, cost: float, now: datetime) -> None:
        """Lets a call pass, or refuses it (throttled) and takes nothing. browser: empty without cookies."""
        with self._lock:
            asked = [(self._addresses, address)] + ([(self._browsers, browser)] if browser else [])
            having = [(meter, key, meter.tokens(key, now)) for meter, key in asked]
            waits = [(cost - left) / meter.rate.per_second for meter, _, left in having if left < cost]
            if waits:
                raise TOO_FAST.error(retry_seconds=max(1, math.ceil(max(waits))))
            for meter, key, left in having:
                meter.take(key, left - cost, now)

    def remembered(self) -> int:
        """How many browsers and addresses are in memory."""
        return len(self._browsers.left) + len(self._addresses.left)


def paced(cost: float = CALL) -> Callable[..., Coroutine[None, None, None]]:
    """What a route depends on: who goes too fast is answered 429 before anything is looked at.

    A write by whoever has no basket yet costs as making one.
    """

    async def check(request: Request, now: Now) -> None:
        browser = _browser(request)
        making = not browser and request.method not in SAFE_METHODS
        pacing: Pacing = request.app.state.pacing
        pacing.admit(browser, network(address_of(request)), max(cost, MAKE) if making else cost, now)

    return check


def network(address: str) -> str:
    """What one sender holds: an IPv4 address, the first 64 bits of an IPv6 one."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(found, ipaddress.IPv6Address):
        return str(found.ipv4_mapped or ipaddress.IPv6Network((found, 64), strict=False))
    return address


def _browser(request: Request) -> str:
    """A browser by its cookie, as a hash; empty for one that shows none."""
    secret = request.cookies.get(MEMBER_COOKIE) or request.cookies.get(BASKET_COOKIE) or ""
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest() if secret else ""

"""The sandbox's signature: HMAC-SHA256 over the second of signing, a place, and the body."""

from __future__ import annotations

import hashlib
import hmac
import re
from datetime import datetime

SIGNATURE = "x-sandbox-signature"
# A signature is good for so long; a notice that is sent again is signed again.
TOLERANCE_S = 300
_FORM = re.compile(r"t=([0-9]{1,12}),v1=([0-9a-f]{64})")


def sign(secret: bytes, place: str, body: bytes, now: datetime) -> str:
    """The header's value. place: method and path of a request, "notice" of a notice."""
    second = int(now.timestamp())
    return f"t={second},v1={_mac(secret, second, place, body)}"


def flaw(secret: bytes, place: str, body: bytes, header: str, now: datetime) -> str:
    """What is wrong with a signature, '' when it holds."""
    found = _FORM.fullmatch(header)
    if found is None:
        return "no signature"
    second = int(found[1])
    if not hmac.compare_digest(_mac(secret, second, place, body), found[2]):
        return "the signature does not fit the body"
    if abs(now.timestamp() - second) > TOLERANCE_S:
        return f"signed more than {TOLERANCE_S} seconds away from now"
    return ""


def _mac(secret: bytes, second: int, place: str, body: bytes) -> str:
    return hmac.new(secret, f"{second}.{place}.".encode() + body, hashlib.sha256).hexdigest()

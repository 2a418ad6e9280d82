"""WeChat Pay's API v3 scheme: what is signed, how a header says it, how a resource is encrypted.

Source: pay.weixin.qq.com, "API v3 interface rules": signature generation, signature verification,
certificate and callback decryption.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

SCHEME = "WECHATPAY2-SHA256-RSA2048"
ALGORITHM = "AEAD_AES_256_GCM"
# Answers and notices are refused when they are older, as the published libraries do.
TOLERANCE_S = 300
KEY_BYTES = 32


def request_message(method: str, target: str, second: int, nonce: str, body: bytes) -> bytes:
    """What the merchant signs. target: path and query without the host; five lines, each ended."""
    return f"{method}\n{target}\n{second}\n{nonce}\n".encode() + body + b"\n"


def answer_message(second: str, nonce: str, body: bytes) -> bytes:
    """What WeChat Pay signs, in answers and notices alike: three lines, each ended."""
    return f"{second}\n{nonce}\n".encode() + body + b"\n"


def authorization(mchid: str, serial: str, second: int, nonce: str, signature: str) -> str:
    """The header of a signed request. serial: of the merchant's own certificate."""
    parts = {
        "mchid": mchid,
        "nonce_str": nonce,
        "signature": signature,
        "timestamp": str(second),
        "serial_no": serial,
    }
    return f"{SCHEME} " + ",".join(f'{name}="{value}"' for name, value in parts.items())


def opened(key: bytes, resource: Mapping[str, object]) -> bytes:
    """The plain text of an encrypted resource. ValueError when it was not made with this API v3 key."""
    if resource.get("algorithm") != ALGORITHM:
        raise ValueError(f"the algorithm is {resource.get('algorithm')!r}")
    try:
        sealed = base64.b64decode(str(resource["ciphertext"]), validate=True)
        nonce = str(resource["nonce"]).encode()
        about = str(resource.get("associated_data") or "").encode()
        return AESGCM(key).decrypt(nonce, sealed, about)
    except (InvalidTag, KeyError, binascii.Error) as error:
        raise ValueError(f"the resource does not open ({type(error).__name__})") from error

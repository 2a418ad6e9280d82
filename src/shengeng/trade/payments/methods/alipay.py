"""Alipay's open platform scheme (RSA2): what is signed of a request, of a notice, and of an answer.

Source: opendocs.alipay.com, "signature" and "verifying asynchronous notifications".
"""

from __future__ import annotations

import json
from collections.abc import Mapping

_UNSIGNED_IN_NOTICES = ("sign", "sign_type")


def request_message(params: Mapping[str, str]) -> bytes:
    """What the merchant signs: every parameter that says something but `sign`, sorted by name."""
    return _joined({name: value for name, value in params.items() if name != "sign"})


def notice_message(params: Mapping[str, str]) -> bytes:
    """What Alipay signs of a notice: every parameter that says something but `sign` and `sign_type`."""
    return _joined({name: value for name, value in params.items() if name not in _UNSIGNED_IN_NOTICES})


def answered(text: str, node: str) -> tuple[dict[str, object], str, str]:
    """(the answer, the very characters that were signed, the signature) of an answer's text.

    node: alipay_trade_query_response and the like. ValueError when the text is no such answer.
    """
    whole = json.loads(text)
    if not isinstance(whole, dict) or not isinstance(whole.get(node), dict):
        raise ValueError(f"there is no {node}")
    at = text.index(f'"{node}"') + len(node) + 2
    at = text.index("{", text.index(":", at))
    _, end = json.JSONDecoder().raw_decode(text, at)
    return whole[node], text[at:end], str(whole.get("sign", ""))


def _joined(params: Mapping[str, str]) -> bytes:
    return "&".join(f"{name}={value}" for name, value in sorted(params.items()) if value).encode()

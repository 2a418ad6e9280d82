"""A payment's address as a code that a phone reads."""

from __future__ import annotations

import segno
from markupsafe import Markup

# Quiet zone of the standard (ISO/IEC 18004): four modules.
_EDGE = 4


def code_of(text: str) -> Markup:
    """The text as a QR code: one drawing without text, so that nothing of it can be read as markup."""
    code = segno.make_qr(text, error="m", encoding="utf-8")
    drawn = code.svg_inline(border=_EDGE, omitsize=True, dark="#22261f", light="#fff")
    return Markup(drawn)  # noqa: S704  # paths of modules, nothing of the text

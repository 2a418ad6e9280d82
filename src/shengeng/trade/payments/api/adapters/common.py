"""What adapters of real providers share: reading JSON and ids, refusing what does not fit."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID

from shengeng.kernel.errors import ShopError
from shengeng.trade.payments.contracts.refusals import BAD_SETTING, UNREADABLE

Key = TypeVar("Key")


def key_of(provider: str, settings: Mapping[str, str], name: str, read: Callable[[bytes], Key]) -> Key:
    """The key in the file that a setting names; refuses one that cannot be read."""
    try:
        return read(Path(settings[name]).read_bytes())
    except (OSError, ValueError) as error:
        limit = f"name a file with the key ({type(error).__name__})"
        raise BAD_SETTING.error(provider=provider, name=name, value=settings[name], limit=limit) from None


def object_of(provider: str, body: bytes | str) -> dict[str, Any]:
    """A JSON object; refuses anything else."""
    try:
        said = json.loads(body)
    except ValueError:
        said = None
    if not isinstance(said, dict):
        raise unreadable(provider, "it is no JSON object")
    return said


def id_of(text: object) -> UUID | None:
    """One of our ids as we gave it, 32 hexadecimal digits; None for anybody else's."""
    try:
        return UUID(hex=str(text)) if len(str(text)) == 32 else None
    except ValueError:
        return None


def unreadable(provider: str, why: str) -> ShopError:
    """A statement that cannot be understood."""
    return UNREADABLE.error(provider=provider, why=why[:200])

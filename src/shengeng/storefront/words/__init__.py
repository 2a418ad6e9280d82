"""What the storefront says, in both languages; zh.json and en.json have the same keys."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from shengeng.kernel.errors import Lang

LANGS: tuple[Lang, ...] = ("zh", "en")


@cache
def words(lang: Lang) -> Mapping[str, str]:
    """Every text of a language by its key."""
    text = files("shengeng.storefront.words").joinpath(f"{lang}.json").read_text("utf-8")
    found: dict[str, str] = json.loads(text)
    return found


def say(lang: Lang, key: str, **values: object) -> str:
    """One text with its values filled in; where n is 1, the text `key.one` if there is one."""
    known = words(lang)
    one = f"{key}.one"
    text = known[one] if values.get("n") == 1 and one in known else known[key]
    return text.format(**values) if values else text

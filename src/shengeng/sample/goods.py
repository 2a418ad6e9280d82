"""The goods of the sample shop, as their table tells them."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from itertools import product
from pathlib import Path

from shengeng.kernel.words import Words
from shengeng.trade.catalogue.contracts import ColdChain, Supply

_TABLE = Path(__file__).parent / "goods.csv"


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of an option: key in the sku, its words, and for a colour its palette."""

    key: str
    words: Words


@dataclass(frozen=True, slots=True)
class Option:
    """Something a buyer chooses."""

    key: str
    name: Words
    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class Good:
    """A product of the sample shop; yuan and cost in CNY, converted for shops of other currencies."""

    id: str
    category: str
    title: Words
    about: Words
    yuan: Decimal
    cost: Decimal
    weight_g: int
    volume_ml: int
    cold: ColdChain
    supply: Supply
    drawing: str
    emblem: str
    palette: str
    options: tuple[Option, ...]
    labels: tuple[str, ...]

    def variants(self) -> list[tuple[str, tuple[Choice, ...]]]:
        """Every sku with its choices, in the order of the options; a good without options is its own."""
        found = product(*(option.choices for option in self.options))
        return [("-".join((self.id, *(one.key for one in chosen))), chosen) for chosen in found]


_COLD: dict[str, ColdChain] = {"none": "none", "chilled": "chilled", "frozen": "frozen"}
_SUPPLY: dict[str, Supply] = {"stock": "stock", "presale": "presale", "made_to_order": "made_to_order"}
_OPTIONS = {"color": Words("颜色", "Colour"), "size": Words("尺码", "Size")}
# Sizes whose key is no plain word in a sku.
_KEYS = {"1.5 米": "150", "1.8 米": "180"}


@cache
def goods() -> tuple[Good, ...]:
    """Every good, in the order of the table."""
    with _TABLE.open(encoding="utf-8", newline="") as file:
        return tuple(_good(row) for row in csv.DictReader(file))


def _good(row: dict[str, str]) -> Good:
    return Good(
        row["id"],
        row["category"],
        Words(row["zh"], row["en"]),
        Words(row["about_zh"], row["about_en"]),
        Decimal(row["yuan"]),
        Decimal(row["cost"]),
        int(row["weight_g"]),
        int(row["volume_ml"]),
        _COLD[row["cold"]],
        _SUPPLY[row["supply"]],
        row["drawing"],
        row["emblem"],
        row["palette"],
        tuple(_option(part) for part in row["options"].split(";") if part),
        tuple(label for label in row["labels"].split("|") if label),
    )


def _option(text: str) -> Option:
    """`size:S|M` or `color:forest=墨绿/Forest|...`: key, then words where they differ."""
    key, _, values = text.partition(":")
    return Option(key, _OPTIONS[key], tuple(_choice(value) for value in values.split("|")))


def _choice(text: str) -> Choice:
    key, _, words = text.partition("=")
    zh, _, en = (words or key).partition("/")
    if key in _KEYS:  # "1.5 米=1.5 m"
        return Choice(_KEYS[key], Words(key, words))
    return Choice(key.lower(), Words(zh, en or zh))

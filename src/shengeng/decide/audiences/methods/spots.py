"""Values of a JSON document with their path, and the refusals that name both."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar, cast
from uuid import UUID

from shengeng.decide.audiences.contracts.language import LONGEST_WORD, MOST_VALUES
from shengeng.decide.audiences.contracts.refusals import BAD_NODE
from shengeng.kernel.errors import ShopError

Word = TypeVar("Word", bound=str)


@dataclass(frozen=True, slots=True)
class Spot:
    """One value and where it stands."""

    path: str
    value: Any

    def wrong(self, limit: str, limit_zh: str) -> ShopError:
        """The refusal of this value, with what is allowed instead."""
        shown = "null" if self.value is None else repr(self.value)[:80]
        return BAD_NODE.error(path=self.path, value=shown, limit=limit, limit_zh=limit_zh)

    def at(self, name: str) -> Spot:
        """A field of an object; absent and null are the same."""
        return Spot(f"{self.path}.{name}" if self.path else name, self.value.get(name))

    @property
    def given(self) -> bool:
        """Whether something stands here."""
        return self.value is not None

    def table(self, *names: str) -> Spot:
        """Itself, once it is an object that has no other fields."""
        if not isinstance(self.value, dict):
            raise self.wrong(f"An object with {_or(names)} is needed", f"应为包含 {_or(names)} 的对象")
        for name in self.value:
            if name not in names:
                other = Spot(f"{self.path}.{name}" if self.path else name, self.value[name])
                raise other.wrong(
                    f"There is no such field: use {_or(names)}", f"没有这个字段：可用 {_or(names)}"
                )
        return self

    def word(self, options: Collection[Word]) -> Word:
        """One of a few words."""
        if not isinstance(self.value, str) or self.value not in options:
            raise self.wrong(f"Use one of {_or(options)}", f"请用 {_or(options)} 之一")
        return cast("Word", self.value)

    def text(self) -> str:
        """A short text that is not blank."""
        fine = isinstance(self.value, str) and self.value.strip() and len(self.value) <= LONGEST_WORD
        if not fine or "\x00" in self.value:
            raise self.wrong(
                f"A text of 1 to {LONGEST_WORD} characters is needed",
                f"应为 1 到 {LONGEST_WORD} 个字符的文字",
            )
        return cast("str", self.value)

    def whole(self, low: int, high: int) -> int:
        """A whole number within bounds."""
        fine = isinstance(self.value, int) and not isinstance(self.value, bool) and low <= self.value <= high
        if not fine:
            raise self.wrong(
                f"A whole number from {low} to {high} is needed", f"应为 {low} 到 {high} 之间的整数"
            )
        return int(self.value)

    def number(self, low: float, high: float) -> float:
        """A number within bounds."""
        fine = isinstance(self.value, int | float) and not isinstance(self.value, bool)
        if not fine or not math.isfinite(self.value) or not low <= self.value <= high:
            raise self.wrong(
                f"A number from {low:g} to {high:g} is needed", f"应为 {low:g} 到 {high:g} 之间的数"
            )
        return float(self.value)

    def plain(self) -> str | int | float | bool:
        """A text, a number, or true or false."""
        if isinstance(self.value, bool):
            return self.value
        return self.text() if isinstance(self.value, str) else self._figure()

    def _figure(self) -> int | float:
        found = self.number(-1e15, 1e15)
        return int(found) if found == int(found) else found

    def day(self) -> date:
        """A date such as 2025-01-31."""
        try:
            found = date.fromisoformat(self.value) if isinstance(self.value, str) else None
        except ValueError:
            found = None
        if found is None or not 1970 <= found.year <= 2100:
            raise self.wrong("A date such as 2025-01-31 is needed", "应为日期，例如 2025-01-31")
        return found

    def identity(self) -> UUID:
        """The id of an audience."""
        try:
            return UUID(self.value)
        except (TypeError, ValueError, AttributeError):
            raise self.wrong("The id of another audience is needed", "应为另一人群的编号") from None

    def each(self, least: int, most: int = MOST_VALUES) -> Iterator[Spot]:
        """The values of a list, each at its place."""
        if not isinstance(self.value, list) or not least <= len(self.value) <= most:
            raise self.wrong(f"A list of {least} to {most} is needed", f"应为 {least} 到 {most} 项的列表")
        for place, value in enumerate(self.value):
            yield Spot(f"{self.path}.{place}", value)

    def texts(self, least: int = 0) -> tuple[str, ...]:
        """The texts of a list, sorted, each once: their order means nothing. An absent list is empty."""
        if not self.given and least == 0:
            return ()
        return tuple(sorted({spot.text() for spot in self.each(least)}))

    def words(self, options: Collection[Word]) -> tuple[Word, ...]:
        """Some of a few words, in their usual order."""
        found = {spot.word(options) for spot in self.each(1)}
        return tuple(option for option in options if option in found)


def _or(names: Collection[str]) -> str:
    return " | ".join(names)

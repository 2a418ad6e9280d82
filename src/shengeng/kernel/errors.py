"""One family of errors for what the world does wrong; `assert` is for what we do wrong."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal[
    "not_found", "conflict", "refused", "invalid", "unauthenticated", "forbidden", "throttled", "unavailable"
]
Lang = Literal["zh", "en"]


class ShopError(Exception):
    """What the shop refused: names the thing, the value, the limit and the next step.

    kind decides the HTTP status at the door; code is stable for programs; text(lang) is for people.
    """

    def __init__(self, refusal: Refusal, params: dict[str, object]) -> None:
        self.kind: Kind = refusal.kind
        self.code = refusal.code
        self.params = params
        self._refusal = refusal
        super().__init__(self.text("en"))

    def text(self, lang: Lang) -> str:
        """The sentence in one language, with the values filled in."""
        template = self._refusal.zh if lang == "zh" else self._refusal.en
        return template.format(**self.params)

    def __reduce__(self) -> tuple[type[ShopError], tuple[Refusal, dict[str, object]]]:
        return (ShopError, (self._refusal, self.params))


@dataclass(frozen=True, slots=True)
class Refusal:
    """A kind of refusal, declared once in a capability's contracts, in both languages.

    Use: `raise OVER_BUDGET.error(play="stock_up", cost=120, limit=100)`.
    """

    code: str
    kind: Kind
    en: str
    zh: str

    def error(self, **params: object) -> ShopError:
        """The error to raise, with the values that the two sentences name."""
        return ShopError(self, params)

"""Texts that the shop keeps in both of its languages."""

from __future__ import annotations

from dataclasses import dataclass

from shengeng.kernel.errors import Lang


@dataclass(frozen=True, slots=True)
class Words:
    """One text in Chinese and English; what was written in one language only is shown in both."""

    zh: str
    en: str

    def text(self, lang: Lang) -> str:
        """The text in a language, or in the other one where this one is empty."""
        return (self.zh or self.en) if lang == "zh" else (self.en or self.zh)

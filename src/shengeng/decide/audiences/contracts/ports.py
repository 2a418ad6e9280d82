"""What audiences would take from above. Nothing here is implemented, and no screen offers it."""

from __future__ import annotations

from typing import Protocol

from shengeng.decide.audiences.contracts import Vocabulary
from shengeng.decide.audiences.contracts.language import Definition
from shengeng.kernel.errors import Lang


class Describe(Protocol):
    """Turns a marketer's words into a sentence of the language.

    An implementation proposes only: its answer goes through the same reading and limits as anything typed, is
    shown in plain words with its count, and is saved by a person or not at all. It gets the vocabulary of the
    shop, never rows of customers.
    """

    def propose(self, words: str, vocabulary: Vocabulary, lang: Lang) -> Definition:
        """The sentence that the words probably mean; raises ShopError (invalid) where they mean nothing."""

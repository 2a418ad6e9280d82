"""What a reader of arrivals gets."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Arrivals:
    """Who has had new facts since a cursor. everybody: anybody may have changed, whoever is named or not.

    people: person ids as they were noted. cursor: where the next look goes on.
    """

    people: frozenset[str]
    everybody: bool
    cursor: int

    def __bool__(self) -> bool:
        return self.everybody or bool(self.people)

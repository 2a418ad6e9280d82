"""How far a job is, and whether somebody cancelled it."""

from __future__ import annotations

from typing import Protocol


class Progress(Protocol):
    """What a long piece of work tells while it runs; the door decides who sees it."""

    def step(self, name: str, share: float) -> None:
        """Say what is being done (an i18n key such as "cycle.features") and how much is done, 0 to 1."""

    def note(self, line: str) -> None:
        """Add a line to the log that people may open."""

    def check(self) -> None:
        """Raise Cancelled when somebody cancelled; call it where stopping does no damage."""


class Silent:
    """Progress that nobody watches."""

    def step(self, name: str, share: float) -> None:
        """Nobody sees it."""

    def note(self, line: str) -> None:
        """Nobody reads it."""

    def check(self) -> None:
        """Nobody cancels."""

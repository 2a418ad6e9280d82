"""How long somebody waits after wrong passwords."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class Patience:
    """Free failures, then a delay that doubles from one second up to the longest."""

    free: int
    longest: timedelta

    def delay(self, failures: int) -> timedelta:
        """The wait after so many failures in a row; zero while they are free."""
        over = failures - self.free
        if over < 0:
            return timedelta(0)
        return min(self.longest, timedelta(seconds=2 ** min(over, 30)))


# Per name: after 5 failures 1 s, 2 s, 4 s ... 5 minutes, about 290 guesses a day, so that a stranger can
# slow an operator down but not shut him out for long. Per address: a shop's operators may share one.
NAME = Patience(5, timedelta(minutes=5))
ADDRESS = Patience(20, timedelta(minutes=15))
# Failures older than this are forgotten.
MEMORY = timedelta(days=1)

"""Minutes of kill -9 of server, worker and database in turn, while a client sends and repeats."""

from __future__ import annotations


def soak(minutes: float) -> dict[str, object]:
    raise NotImplementedError

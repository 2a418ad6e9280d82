"""Edges as tests write them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from shengeng.sense.identity.contracts import Edge, Kind

NOW = datetime(2025, 6, 1, 4, tzinfo=UTC)


def edge(a: tuple[Kind, str], b: tuple[Kind, str], minutes: int = 0, source: str = "web") -> Edge:
    """Two identifiers that a source saw together some minutes after noon."""
    return Edge(*a, *b, source, NOW + timedelta(minutes=minutes), {"order": "o1"})

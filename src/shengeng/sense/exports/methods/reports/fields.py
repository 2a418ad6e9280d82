"""A short way to write a report's fields: key, kind, and the names it has, split by |."""

from __future__ import annotations

from shengeng.sense.exports.contracts import Field, Kind


def f(key: str, kind: Kind, names: str, *, required: bool = False) -> Field:
    """One field; names: the documented name first, then the others that are met, split by |."""
    return Field(key, kind, tuple(names.split("|")), required)

"""What a backup holds and how its parts are told."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

FORMAT = 1
# The first and the last member: a file that was cut off has no last one.
HEAD, MANIFEST, ROWS = "shengeng-backup.json", "manifest.json", "rows.dump"
# Of the home beside the lake: what imports keep. Uploads and scratch live for a day and stay out.
BLOBS = ("imports",)


@dataclass(frozen=True, slots=True)
class Head:
    """Who wrote the file and when (ISO, UTC); migration: the last one of its database."""

    format: int
    version: str
    migration: str
    made_at: str


@dataclass(frozen=True, slots=True)
class Member:
    """One part of the file."""

    name: str
    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """Everything in the file, with digests; settings: those of the installation that are no secret."""

    head: Head
    snapshot: int
    members: tuple[Member, ...]
    settings: Mapping[str, str | int | bool]

    @property
    def size(self) -> int:
        """Bytes of all parts together."""
        return sum(member.bytes for member in self.members)

    def written(self) -> bytes:
        """As the file keeps it."""
        return json.dumps(asdict(self), indent=1).encode()


def manifest_of(text: bytes) -> Manifest:
    """The manifest of a file; ValueError, KeyError or TypeError where it is none."""
    found: dict[str, Any] = json.loads(text)
    members = tuple(Member(**one) for one in found["members"])
    return Manifest(Head(**found["head"]), found["snapshot"], members, found["settings"])

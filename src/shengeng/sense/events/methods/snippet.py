"""The script of web pages, without its comments."""

from __future__ import annotations

from importlib.resources import files

LARGEST = 3 * 1024


def snippet() -> bytes:
    """The script as it is served; lines stand unindented in the source, so only its comments go."""
    text = files("shengeng.sense.events").joinpath("snippet.js").read_text("utf-8")
    return "\n".join(line for line in text.splitlines() if not line.startswith("//")).encode()

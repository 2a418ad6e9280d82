"""Drawings of the goods: a shape, an emblem on its label and a palette, put together into one picture."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from string import Template
from xml.sax.saxutils import escape

_FOLDER = Path(__file__).parent / "drawings"
# a: the body, b: its shade, c: its light, d: ribbons, ground: behind it.
PALETTES: dict[str, dict[str, str]] = {
    "forest": {"a": "#2f6b4f", "b": "#1f4d38", "c": "#8fb59f", "d": "#c99a4a", "ground": "#edf2ea"},
    "moss": {"a": "#8aa06b", "b": "#667b4c", "c": "#c6d3ae", "d": "#8a3421", "ground": "#f1f4e9"},
    "brick": {"a": "#b5482f", "b": "#8a3421", "c": "#dd9a80", "d": "#e3bd63", "ground": "#f7ece6"},
    "rose": {"a": "#d69a8f", "b": "#b4756b", "c": "#efcfc8", "d": "#8a3421", "ground": "#faf0ed"},
    "ochre": {"a": "#c99a4a", "b": "#96702c", "c": "#ecd3a0", "d": "#8a3421", "ground": "#f8f2e3"},
    "sand": {"a": "#dcc7a1", "b": "#b39c73", "c": "#f0e4cb", "d": "#1f4d38", "ground": "#f6f1e6"},
    "sea": {"a": "#4f7d8c", "b": "#365a67", "c": "#a9c6cf", "d": "#e3bd63", "ground": "#eaf1f3"},
    "sky": {"a": "#9dbccd", "b": "#6f93a8", "c": "#d3e3eb", "d": "#b5482f", "ground": "#eff5f8"},
    "plum": {"a": "#8b6a80", "b": "#654a5c", "c": "#cdb6c6", "d": "#e3bd63", "ground": "#f4eef2"},
    "charcoal": {"a": "#5b5a57", "b": "#3b3a38", "c": "#a9a6a0", "d": "#c99a4a", "ground": "#f0efec"},
}


def draw(shape: str, emblem: str, palette: str, title: str) -> bytes:
    """One SVG picture, 400 by 400. shape, emblem: names of drawings; emblem "" for a shape without label."""
    colours = PALETTES[palette]
    label = _file(f"emblems/{emblem}.svg") if emblem else ""
    body = Template(_shape(shape)).substitute(colours, emblem=label)
    frame = Template(_file("frame.svg"))
    return frame.substitute(
        ground=colours["ground"], drawing=body, title=escape(title, {'"': "&quot;"})
    ).encode()


@cache
def _shape(name: str) -> str:
    kind = "containers" if (_FOLDER / "containers" / f"{name}.svg").is_file() else "objects"
    return _file(f"{kind}/{name}.svg")


@cache
def _file(name: str) -> str:
    return (_FOLDER / name).read_text("utf-8")

"""Draws docs/architecture.md's picture from the imports: `python -m tests.house.picture` rewrites it."""

from __future__ import annotations

import re
from pathlib import Path

import grimp

STAGES = (
    "kernel",
    "storage",
    "http",
    "govern",
    "trade",
    "sense",
    "understand",
    "decide",
    "act",
    "learn",
    "plays",
    "sample",
)
DOORS = ("web", "console", "storefront", "sandbox", "cli", "worker", "mcp", "app")


def mermaid(graph: grimp.ImportGraph) -> str:
    """A flow chart: a box per top-level package with its capabilities, an arrow per import between them."""
    children = {m.split(".")[1] for m in graph.find_children("shengeng")}
    boxes = [name for name in (*STAGES, *DOORS) if name in children]
    lines = ["flowchart BT"]
    for name in boxes:
        parts = sorted(
            c.split(".")[-1] for c in graph.find_children(f"shengeng.{name}") if is_capability(graph, c)
        )
        label = f"<b>{name}</b><br/>{' · '.join(parts)}" if parts else f"<b>{name}</b>"
        lines.append(f'  {name}["{label}"]')
    drawn = [name for name in boxes if name not in ("kernel", "app")]
    lines += [f"  {a} --> {b}" for a in drawn for b in drawn if a != b and uses(graph, a, b)]
    return "\n".join(lines) + "\n"


def is_capability(graph: grimp.ImportGraph, module: str) -> bool:
    return f"{module}.api" in graph.modules


def uses(graph: grimp.ImportGraph, importer: str, imported: str) -> bool:
    return graph.direct_import_exists(
        importer=f"shengeng.{importer}", imported=f"shengeng.{imported}", as_packages=True
    )


def main() -> None:
    page = Path(__file__).parents[2] / "docs/architecture.md"
    picture = mermaid(grimp.build_graph("shengeng", cache_dir=None))
    page.write_text(
        re.sub(
            r"```mermaid\n.*?```",
            lambda _: f"```mermaid\n{picture}```",
            page.read_text("utf-8"),
            flags=re.DOTALL,
        )
    )


if __name__ == "__main__":
    main()

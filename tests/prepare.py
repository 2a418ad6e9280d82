"""Gets the browser tests their browser where that is possible: Debian's Chromium and a Chinese font."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

PACKAGES = {"chromium": "chromium", "fonts": "fonts-noto-cjk"}


def chinese_font() -> bool:
    """Whether fontconfig knows a font with Chinese characters."""
    if not shutil.which("fc-list"):
        return False
    return bool(subprocess.run(["fc-list", ":lang=zh"], capture_output=True, check=False).stdout.strip())


def main() -> None:
    browser = os.environ.get("SHENGENG_CHROMIUM") or shutil.which("chromium")
    wanted = [
        PACKAGES[name] for name, there in (("chromium", browser), ("fonts", chinese_font())) if not there
    ]
    if not wanted:
        return
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        note = "browser tests are skipped; install them, or set SHENGENG_CHROMIUM to a Chromium"
        print(f"missing: {' '.join(wanted)} - {note}", file=sys.stderr)
        return
    env = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    for command in (["update", "-qq"], ["install", "-y", "-qq", *wanted]):
        subprocess.run(["apt-get", *command], env=env, stdout=subprocess.DEVNULL, check=True)


if __name__ == "__main__":
    main()

"""What a folder's disk can still take."""

from __future__ import annotations

import shutil
from pathlib import Path


def free_bytes(folder: Path) -> int:
    """Bytes left on the disk of a folder, 0 when even that cannot be asked."""
    try:
        return shutil.disk_usage(folder).free
    except OSError:
        return 0

"""Stops the server when every process that used it is gone, even by kill -9: python -m ... guard HOME."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from shengeng.storage.embedded.server import Server


def watch(home: Path) -> None:
    """Wait for the last user of a home's server and stop it; one guard per home is enough."""
    server = Server(home)
    handle = server.try_lock("guard")
    if handle is None:
        return
    while True:
        server.wait_until_unused()
        with server.locked("life"):
            if server.stop_if_unused():
                # Let go inside the lock, so that the next start finds either this guard or none.
                os.close(handle)
                return


if __name__ == "__main__":
    watch(Path(sys.argv[1]))

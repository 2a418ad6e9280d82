"""Keeps one home's server as its users need it: python -m shengeng.storage.embedded.guard HOME.

It stops the server when every process that used it is gone, even by kill -9, and starts it again when it
died under its users (out of memory, a kill by hand).
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

from shengeng.kernel.errors import ShopError
from shengeng.storage.embedded.server import Server

_LOOK_EVERY_S = 0.5
_AFTER_FAILURE_S = 10.0


def watch(home: Path) -> None:
    """Look after a home's server until its last user is gone; one guard per home is enough."""
    server = Server(home)
    handle = server.try_lock("guard")
    if handle is None:
        return
    while True:
        with server.locked("life"):
            if server.stop_if_unused():
                # Let go inside the lock, so that the next start finds either this guard or none.
                os.close(handle)
                return
        time.sleep(_LOOK_EVERY_S if _revived(server) else _AFTER_FAILURE_S)


def _revived(server: Server) -> bool:
    if server.running():
        return True
    try:
        with server.locked("life"):
            server.bring_up()
    except ShopError:
        return False  # its log says why; users are told that the database is away
    return True


if __name__ == "__main__":
    watch(Path(sys.argv[1]))

"""Runs the sandbox: `python -m shengeng.sandbox`, as `shengeng sandbox` and `shengeng serve` do.

It loads nothing of the shop but the form of its signatures, so it is a small process that starts at once.
"""

from __future__ import annotations

import argparse
import logging
import os
import threading
import time
from pathlib import Path

import uvicorn

from shengeng.kernel.clock import wall_now
from shengeng.sandbox.application import create_app


def main() -> None:
    """Answer until SIGINT or SIGTERM, or until the process `--parent` is gone."""
    given = _arguments()
    logging.basicConfig(
        level=given.log_level.upper(), format="%(asctime)s %(levelname)s %(name)s %(message)s"
    )
    app = create_app(given.home, (given.home / "sandbox" / "secret").read_bytes().strip(), wall_now)
    config = uvicorn.Config(
        app,
        host=given.host,
        port=given.port,
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=3,
    )
    server = uvicorn.Server(config)
    if given.parent is not None:
        threading.Thread(target=_watch, args=(given.parent, server), daemon=True).start()
    server.run()


def _arguments() -> argparse.Namespace:
    wanted = argparse.ArgumentParser(prog="shengeng.sandbox")
    wanted.add_argument("--home", type=Path, required=True)
    wanted.add_argument("--host", required=True)
    wanted.add_argument("--port", type=int, required=True)
    wanted.add_argument("--log-level", default="info")
    wanted.add_argument("--parent", type=int)
    return wanted.parse_args()


def _watch(parent: int, server: uvicorn.Server) -> None:
    while os.getppid() == parent:
        time.sleep(0.5)
    server.should_exit = True


if __name__ == "__main__":
    main()

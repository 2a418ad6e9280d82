"""Running the server and the worker, as one command or as two."""

from __future__ import annotations

import errno
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import Any

import uvicorn

from shengeng.kernel.errors import Refusal
from shengeng.kernel.settings import Settings
from shengeng.storage.stores import Stores

PORT_TAKEN = Refusal(
    "port_taken",
    "refused",
    en="{host}:{port} cannot be used ({why}): stop what listens there, or set {setting} to another port.",
    zh="无法使用 {host}:{port}（{why}）：请停止占用它的程序，或把 {setting} 设为其他端口。",
)
# Open event streams end by then; a job of the worker gets a little longer.
GRACE_S, WORKER_GRACE_S = 3, 25
_OURS = "shengeng.app"


def check_ports(settings: Settings) -> None:
    """Refuses a taken port before anything is started: the console's, and the storefront's beside it."""
    check_port(settings, settings.port, "SHENGENG_PORT")
    if settings.storefront:
        check_port(settings, settings.storefront_port, "SHENGENG_SHOP_PORT")
    if settings.sandbox:
        check_port(settings, settings.paying_port, "SHENGENG_SANDBOX_PORT")


def check_port(settings: Settings, port: int, setting: str) -> None:
    """Refuses a port that something else listens on; setting: the one that names another."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, port))
        except OSError as error:
            why = errno.errorcode.get(error.errno or 0, str(error))
            raise PORT_TAKEN.error(host=settings.host, port=port, why=why, setting=setting) from None


def serve(app: Any, settings: Settings, *, sandbox: bool = False) -> None:
    """Answers requests until SIGINT or SIGTERM, with worker and storefront beside it unless switched off.

    sandbox: the payment sandbox too, a process of its own.
    """
    signal.signal(signal.SIGTERM, _leave)
    with ExitStack() as beside:
        if settings.worker:
            beside.enter_context(_child(_OURS, "work"))
        if settings.storefront:
            beside.enter_context(_child(_OURS, "storefront"))
        if sandbox:
            beside.enter_context(_child(*sandbox_words(settings)))
        uvicorn.Server(_config(app, settings, settings.port)).run()


def sandbox_words(settings: Settings) -> list[str]:
    """The module and the arguments of the payment sandbox of a home."""
    where = ["--home", str(settings.home), "--host", settings.host, "--port", str(settings.paying_port)]
    return ["shengeng.sandbox", *where, "--log-level", settings.log_level]


def run_sandbox(settings: Settings) -> None:
    """Becomes the payment sandbox; does not return."""
    os.execv(sys.executable, [sys.executable, "-m", *sandbox_words(settings)])  # noqa: S606 (our own words)


def serve_beside(app: Any, settings: Settings, port: int, parent: int | None) -> None:
    """Answers shoppers until SIGINT or SIGTERM, or until the process `parent` is gone."""
    server = uvicorn.Server(_config(app, settings, port))

    def leave() -> None:
        server.should_exit = True

    if parent is not None:
        threading.Thread(target=_watch_parent, args=(parent, leave), daemon=True).start()
    server.run()


def _config(app: Any, settings: Settings, port: int) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        host=settings.host,
        port=port,
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=settings.https,
        timeout_graceful_shutdown=GRACE_S,
    )


def work(stores: Stores, parent: int | None) -> None:
    """Runs background jobs until SIGINT or SIGTERM, or until the process `parent` is gone."""
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    if parent is not None:
        threading.Thread(target=_watch_parent, args=(parent, stop.set), daemon=True).start()
    stores.queue.work(stores, stop)


def _leave(*_: object) -> None:
    """Unwinds every open resource; the exit status says that somebody asked for the end."""
    raise SystemExit(128 + signal.SIGTERM)


def _watch_parent(parent: int, leave: Callable[[], None]) -> None:
    while os.getppid() == parent:
        time.sleep(0.5)
    leave()


@contextmanager
def _child(*words: str) -> Iterator[None]:
    """One of our modules as a child process, started again when it dies, ended with us."""
    ended = threading.Event()
    keeper = threading.Thread(target=_keep_alive, args=(words, ended), daemon=True)
    keeper.start()
    try:
        yield
    finally:
        ended.set()
        keeper.join()


def _keep_alive(module: Sequence[str], ended: threading.Event) -> None:
    while not ended.is_set():
        # By number: whoever asks for its parent after that one was killed is told of another.
        words = [sys.executable, "-m", *module, "--parent", str(os.getpid())]
        child = subprocess.Popen(words, stdin=subprocess.DEVNULL)
        while child.poll() is None and not ended.wait(1.0):
            pass
        _end(child)


def _end(child: subprocess.Popen[bytes]) -> None:
    child.terminate()
    try:
        child.wait(WORKER_GRACE_S)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()

"""The import of an upload, in the background."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from shengeng.kernel.roles import Principal, Role
from shengeng.sense.exports import api
from shengeng.sense.exports.contracts import IMPORT_EXPORTS_TASK, Choice
from shengeng.storage.progress import Progress
from shengeng.storage.queue import Queue
from shengeng.storage.stores import Stores


def register(queue: Queue, clock: Callable[[], datetime]) -> None:
    """Let the worker import uploads. Run twice, they change nothing the second time."""

    @queue.task(IMPORT_EXPORTS_TASK)
    def bring(
        stores: Stores,
        progress: Progress,
        *,
        upload: str,
        choices: dict[str, dict[str, object]],
        timezone: str | None,
        currency: str | None,
        by: str,
    ) -> None:
        chosen = {name: Choice(**choice) for name, choice in choices.items()}  # type: ignore[arg-type]  # as enqueued by the route
        api.import_upload(
            stores,
            UUID(upload),
            choices=chosen,
            timezone=timezone,
            currency=currency,
            progress=progress,
            now=clock(),
            by=Principal(by, Role.OPERATOR, via="session"),
        )

"""GET /v1/health: for people and for a proxy's probe."""

from __future__ import annotations

from datetime import timedelta
from typing import Literal, Protocol

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel

from shengeng import __version__
from shengeng.http import Now, Shop, Turn
from shengeng.kernel.errors import ShopError
from shengeng.storage import jobs

router = APIRouter(prefix="/v1", tags=["system"])

# The worker writes its heartbeat every few seconds.
SILENT_AFTER = timedelta(seconds=60)


class Checks(BaseModel):
    """How each part is."""

    rows: Literal["ok", "down"]
    lake: Literal["ok", "damaged", "down"]
    worker: Literal["ok", "silent", "unknown"]
    console: Literal["ok", "missing"]


class Health(BaseModel):
    """ok when every part is; degraded else. The status is 503 only when the rows are down."""

    status: Literal["ok", "degraded"]
    version: str
    checks: Checks


class Pages(Protocol):
    """What health asks of the console's files."""

    def installed(self) -> bool:
        """Whether the console was built."""
        ...


@router.get("/health", responses={503: {"model": Health}})
def health(_: Turn, request: Request, response: Response, shop: Shop, now: Now) -> Health:
    """Whether rows, lake, worker and console are there. Public."""
    console = _console(request.app.state.pages)
    try:
        with shop.rows.unit() as uow:
            seen = jobs.worker_seen_at(uow)
            alive = seen is not None and now - seen < SILENT_AFTER
            lake: Literal["ok", "damaged"] = "damaged" if shop.lake.verify(uow, deep=False) else "ok"
        checks = Checks(rows="ok", lake=lake, worker="ok" if alive else "silent", console=console)
    except ShopError:
        response.status_code = 503
        checks = Checks(rows="down", lake="down", worker="unknown", console=console)
    good = set(checks.model_dump().values()) == {"ok"}
    return Health(status="ok" if good else "degraded", version=__version__, checks=checks)


def _console(pages: Pages | None) -> Literal["ok", "missing"]:
    return "ok" if pages is not None and pages.installed() else "missing"

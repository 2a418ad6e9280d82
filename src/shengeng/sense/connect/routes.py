"""/v1/imports, /v1/data, /v1/products: what came in, what was not taken and why, what the shop holds."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, File, Form, Query, UploadFile
from fastapi.responses import FileResponse
from pydantic import BaseModel, ConfigDict

from shengeng.govern.audit import api as audit
from shengeng.govern.shop import api as shops
from shengeng.http import (
    Cursor,
    Limit,
    Now,
    Operator,
    Shop,
    Speaks,
    Unit,
    Viewer,
    error_answers,
    from_cursor,
    to_cursor,
)
from shengeng.sense.connect import api
from shengeng.sense.connect.contracts import IMPORT_TASK
from shengeng.sense.connect.contracts.refusals import NO_REJECTS
from shengeng.storage import jobs
from shengeng.storage.contracts import JobState

router = APIRouter(tags=["sense"], responses=error_answers(401, 403, 404, 409, 422))


class ImportedFile(BaseModel):
    """rows = accepted + rejected + unchanged."""

    model_config = ConfigDict(from_attributes=True)
    rows: int
    accepted: int
    rejected: int
    unchanged: int


class Import(BaseModel):
    """One import. share_identified: orders with a known buyer among all of its orders."""

    model_config = ConfigDict(from_attributes=True)
    id: UUID
    source: str
    state: Literal["running", "succeeded", "failed"]
    started_at: datetime
    finished_at: datetime | None
    timezone: str
    currency: str
    files: dict[str, ImportedFile]
    share_identified: float | None
    error: str | None


class RejectedRow(BaseModel):
    """A row that was not taken. row: its line in a CSV file (header = 1), its place in a Parquet file."""

    model_config = ConfigDict(from_attributes=True)
    file: str
    row: int
    column: str
    value: str
    reason: str


class RejectsPage(BaseModel):
    """In the order of the files; next is the cursor of the following page."""

    rows: list[RejectedRow]
    next: str | None


class ImportJob(BaseModel):
    """The job that was enqueued; follow it under /v1/jobs/{id}."""

    model_config = ConfigDict(from_attributes=True)
    id: int
    kind: str
    state: JobState
    percent: float
    step: str
    log: list[str]
    error: str | None
    started_at: datetime | None
    finished_at: datetime | None


class Dataset(BaseModel):
    """One dataset of the lake: how much, from which days, how fresh.

    ahead: rows dated after the shop's day; they are imported and no estimate or screen knows them yet.
    """

    name: str
    rows: int
    files: int
    bytes: int
    first_on: date | None
    last_on: date | None
    ahead: int
    updated_at: datetime
    source: str


class DataTotals(BaseModel):
    """Placed: everything ordered. Paid: of that, what was paid. Net: paid less refunds and returns."""

    model_config = ConfigDict(from_attributes=True)
    orders: int
    lines: int
    customers: int
    products: int
    placed_minor: int
    paid_minor: int
    net_minor: int
    share_identified: float | None


class Data(BaseModel):
    """Everything the shop holds."""

    datasets: list[Dataset]
    totals: DataTotals


class ProductHit(BaseModel):
    """A product that a search found."""

    product_id: str
    title: str
    category: str | None


@router.get("/v1/imports")
def list_imports(_: Viewer, uow: Unit, lang: Speaks, limit: Limit = 50) -> list[Import]:
    """The newest imports first."""
    return [Import.model_validate(found) for found in api.imports_newest(uow, limit, lang)]


@router.get("/v1/imports/{id}/rejects")
def list_rejects(
    _: Viewer, uow: Unit, lang: Speaks, *, id: UUID, cursor: Cursor = None, limit: Limit = 50
) -> RejectsPage:
    """The rows of an import that were not taken, and why."""
    after = from_cursor(cursor, int)
    start = after[0] if after else 0
    assert isinstance(start, int)
    rows, following = api.rejected(uow, id, lang=lang, start=max(start, 0), limit=limit)
    shown = [RejectedRow.model_validate(row) for row in rows]
    return RejectsPage(rows=shown, next=to_cursor(following) if following is not None else None)


@router.get("/v1/imports/{id}/rejects.csv", response_class=FileResponse)
def download_rejects(_: Viewer, uow: Unit, id: UUID) -> FileResponse:
    """All of them as one CSV file, in both languages."""
    path = api.rejects_file(uow, id)
    if path is None:
        raise NO_REJECTS.error(id=id)
    return FileResponse(path, media_type="text/csv", filename=f"rejects-{id}.csv")


@router.post("/v1/imports", status_code=202)
def start_import(
    who: Operator,
    shop: Shop,
    uow: Unit,
    now: Now,
    *,
    files: Annotated[list[UploadFile], File(max_length=20)],
    timezone: Annotated[str, Form(max_length=64)],
    currency: Annotated[str, Form(max_length=3)],
) -> ImportJob:
    """Imports the files of a canonical folder in the background; nothing leaves this machine."""
    given = [(file.filename or "", file.file) for file in files]
    folder = api.keep_upload(shop, given, timezone=timezone, currency=currency, now=now)
    audit.record(uow, at=now, actor=who.name, action="import.started", target=folder.name)
    job = uow.enqueue(
        IMPORT_TASK, lock=IMPORT_TASK, folder=str(folder), timezone=timezone, currency=currency, by=who.name
    )
    return ImportJob.model_validate(jobs.job(uow, job))


@router.get("/v1/data")
def read_data(_: Viewer, shop: Shop, uow: Unit) -> Data:
    """Datasets with their freshness, and the shop's totals."""
    lake = shop.lake.inside(uow)
    sources = ", ".join(sorted({found.source for found in api.imports_newest(uow, 200)}))
    profile = shops.find_profile(uow)
    today = profile.as_of if profile else None
    datasets = []
    for stats in lake.stats(uow):
        first, last = api.days_covered(lake, stats.dataset)
        datasets.append(
            Dataset(
                name=stats.dataset,
                rows=stats.rows,
                files=stats.files,
                bytes=stats.bytes,
                first_on=first,
                last_on=last,
                ahead=api.rows_ahead(lake, stats.dataset, today) if today else 0,
                updated_at=stats.updated_at,
                source=sources if api.is_fact(stats.dataset) else "shengeng",
            )
        )
    return Data(datasets=datasets, totals=DataTotals.model_validate(api.totals(lake)))


@router.get("/v1/products")
def search_products(
    _: Viewer, shop: Shop, q: Annotated[str, Query(max_length=200)] = "", limit: Limit = 20
) -> list[ProductHit]:
    """Products whose title, number or category holds a text; the exact number first."""
    found = api.search_products(shop.lake, q, limit)
    return [
        ProductHit(product_id=number, title=title, category=category) for number, title, category in found
    ]

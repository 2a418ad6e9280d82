"""/v1/exports: look at the files of a shop system, import them, and what came of it."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, File, Form, UploadFile
from pydantic import BaseModel, ConfigDict, StringConstraints

from shengeng.govern.audit import api as audit
from shengeng.http import Now, Operator, Shop, Speaks, Unit, Viewer, error_answers
from shengeng.sense.connect.contracts import IMPORT_TASK
from shengeng.sense.exports import api
from shengeng.sense.exports.contracts import COLUMNS, FILES, IMPORT_EXPORTS_TASK, Preview, Problem
from shengeng.storage import jobs
from shengeng.storage.contracts import JobState

router = APIRouter(prefix="/v1/exports", tags=["sense"], responses=error_answers(401, 403, 404, 409, 422))
Short = Annotated[str, StringConstraints(max_length=200)]
System = Literal["shopify", "tmall", "douyin", "woocommerce"]


class ExportChoice(BaseModel):
    """What somebody decided about one file. columns: column -> field, null leaves the column out."""

    model_config = ConfigDict(extra="forbid")
    system: System | None = None
    report: Annotated[str, StringConstraints(max_length=20)] | None = None
    columns: dict[Short, Annotated[str, StringConstraints(max_length=40)] | None] = {}
    encoding: Literal["utf-8", "utf-16", "gb18030", "latin-1"] | None = None
    dates: Literal["day_first", "month_first"] | None = None


class ExportLook(BaseModel):
    """An upload, and what was decided about its files by their names."""

    model_config = ConfigDict(extra="forbid")
    upload: UUID
    files: dict[Short, ExportChoice] = {}
    timezone: Annotated[str, StringConstraints(max_length=64)] | None = None
    currency: Annotated[str, StringConstraints(max_length=3)] | None = None


class ExportColumn(BaseModel):
    """A column of a file. how: by its documented name, by an alias, as kept from before, by hand."""

    model_config = ConfigDict(from_attributes=True)
    name: str
    field: str | None
    how: Literal["exact", "alias", "kept", "hand"] | None
    alias: str | None
    example: str | None


class ExportProblem(BaseModel):
    """Something missing, odd or assumed, as a sentence. stop: nothing is imported before it is put right."""

    code: str
    level: Literal["stop", "odd", "note"]
    file: str | None
    column: str | None
    row: int | None
    value: str | None
    count: int
    sentence: str


class ExportFile(BaseModel):
    """What one file was found to be; sample: its first rows as they would be imported."""

    model_config = ConfigDict(from_attributes=True)
    name: str
    system: System | None
    report: str | None
    encoding: str | None
    separator: str | None
    header_line: int | None
    rows: int
    columns: list[ExportColumn]
    missing: list[str]
    sample_columns: list[str]
    sample: list[list[str | None]]


class ExportPreview(BaseModel):
    """A look at files before anything counts."""

    model_config = ConfigDict(from_attributes=True)
    upload: UUID
    system: System | None
    timezone: str | None
    timezone_from: Literal["given", "shop", "usual"] | None
    currency: str | None
    currency_from: Literal["given", "shop", "usual", "file"] | None
    files: list[ExportFile]
    problems: list[ExportProblem]
    orders: int
    lines: int
    left_out: int
    products: int
    customers: int
    share_identified: float | None
    first_on: str | None
    last_on: str | None
    empty_screens: list[str]
    ready: bool


class ExportField(BaseModel):
    """What a column may be taken for."""

    model_config = ConfigDict(from_attributes=True)
    key: str
    kind: Literal["id", "text", "time", "amount", "quantity"]
    aliases: list[str]
    required: bool


class ExportReport(BaseModel):
    """A report of a system that is known."""

    model_config = ConfigDict(from_attributes=True)
    system: System
    key: str
    fields: list[ExportField]


class ExportOutcome(BaseModel):
    """What an import came to; its counts and rejects stand under /v1/imports."""

    import_id: UUID
    share_identified: float | None
    empty_screens: list[str]
    problems: list[ExportProblem]


class ExportJob(BaseModel):
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


@router.get("/reports")
def list_export_reports(_: Viewer) -> list[ExportReport]:
    """The reports that are recognised, with the fields of each and the names their columns have."""
    return [ExportReport.model_validate(one) for one in api.reports()]


@router.post("/preview")
def preview_exports(
    _: Operator,
    shop: Shop,
    now: Now,
    lang: Speaks,
    *,
    files: Annotated[list[UploadFile], File(max_length=FILES)],
    timezone: Annotated[str | None, Form(max_length=64)] = None,
    currency: Annotated[str | None, Form(max_length=3)] = None,
) -> ExportPreview:
    """Keeps the files for a day and says what they are; nothing is imported."""
    upload = api.keep_files(shop, [(file.filename or "", file.file) for file in files], now)
    return _shown(api.look_at(shop, upload, timezone=timezone or None, currency=currency or None), lang)


@router.post("/look")
def look_at_exports(_: Operator, shop: Shop, lang: Speaks, body: ExportLook) -> ExportPreview:
    """The same files once more, with what was decided about them."""
    found = api.look_at(
        shop, body.upload, choices=_choices(body), timezone=body.timezone, currency=body.currency
    )
    return _shown(found, lang)


@router.post("/import", status_code=202)
def import_exports(who: Operator, uow: Unit, now: Now, shop: Shop, body: ExportLook) -> ExportJob:
    """Imports an upload in the background; refused at once while something stops it."""
    choices = _choices(body)
    api.check_ready(
        api.look_at(shop, body.upload, choices=choices, timezone=body.timezone, currency=body.currency)
    )
    audit.record(uow, at=now, actor=who.name, action="import.started", target=str(body.upload))
    job = uow.enqueue(
        IMPORT_EXPORTS_TASK,
        lock=IMPORT_TASK,
        upload=str(body.upload),
        choices={name: choice.model_dump() for name, choice in body.files.items()},
        timezone=body.timezone,
        currency=body.currency,
        by=who.name,
    )
    return ExportJob.model_validate(jobs.job(uow, job))


@router.get("/uploads/{upload}")
def read_export_outcome(_: Viewer, shop: Shop, lang: Speaks, upload: UUID) -> ExportOutcome | None:
    """What the import of an upload came to; null while it has not been done."""
    done = api.outcome(shop, upload)
    if done is None:
        return None
    return ExportOutcome(
        import_id=UUID(done.import_id),
        share_identified=done.share_identified,
        empty_screens=list(done.empty_screens),
        problems=[_told(one, lang) for one in done.problems],
    )


def _choices(body: ExportLook) -> dict[str, api.Choice]:
    return {name: api.Choice(**choice.model_dump()) for name, choice in body.files.items()}


def _told(problem: Problem, lang: str) -> ExportProblem:
    given = {key: value for key, value in asdict(problem).items() if key != "params"}
    given["code"] = problem.params.get("why", problem.code)
    return ExportProblem(**given, sentence=api.sentence(problem, lang))


def _shown(preview: Preview, lang: str) -> ExportPreview:
    given = asdict(preview)
    given["problems"] = [_told(one, lang) for one in preview.problems]
    for file in given["files"]:
        file["columns"] = file["columns"][:COLUMNS]
    return ExportPreview.model_validate(given)

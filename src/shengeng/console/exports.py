"""GET /v1/files/…: every row that a list's filter names, as one CSV or XLSX file."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Path, Query, Response

from shengeng.console import customers, demand
from shengeng.console.columns import (
    AUDIENCE_MEMBERS,
    AUDIT,
    COUPONS,
    CUSTOMERS,
    DATASETS,
    DECISIONS,
    DEMAND,
    GROUPS,
    JOBS,
    MOVERS,
    NEXT_PURCHASES,
    OPERATORS,
    PERSONA_MEMBERS,
    POINTS,
    POSTINGS,
    REJECTS,
    STORES,
    TOKENS,
    WEEKS,
    scene_in,
)
from shengeng.console.sheets import MEDIA, Field, FileKind, Sheet, T, file_of
from shengeng.decide.audiences import api as audiences
from shengeng.decide.ledger import api as ledger
from shengeng.decide.ledger.contracts import State
from shengeng.govern.access import api as access
from shengeng.govern.audit import api as audit
from shengeng.govern.shop import api as shop
from shengeng.http import Admin, Approver, Now, Operator, Shop, Speaks, Unit, Viewer, error_answers
from shengeng.kernel.errors import Lang, Refusal
from shengeng.learn.scorecard import api as scorecard
from shengeng.sense.connect import api as connect
from shengeng.storage import jobs
from shengeng.storage.rows import UnitOfWork
from shengeng.trade.payments import api as payments
from shengeng.trade.pricing import api as pricing
from shengeng.understand.demand.contracts import Sort as DemandSort
from shengeng.understand.lifecycle import api as lifecycle
from shengeng.understand.lifecycle.contracts import Stage, Stretch, Tier
from shengeng.understand.personas import api as personas
from shengeng.understand.value.contracts import Sort as CustomerSort
from shengeng.understand.value.contracts import State as CustomerState

MOST_ROWS = 60_000  # below the 65,535 parameters that one statement to PostgreSQL takes
_MOST_JOBS = 5_000
_FILES: dict[int | str, dict[str, Any]] = {
    200: {"description": "The file.", "content": {media.partition(";")[0]: {} for media in MEDIA.values()}}
}
router = APIRouter(
    prefix="/v1/files",
    tags=["files"],
    default_response_class=Response,
    responses={**error_answers(401, 403, 404, 409, 422), **_FILES},
)
Word = Annotated[str, Query(max_length=400)]
TOO_LONG = Refusal(
    "export_too_long",
    "refused",
    en="This list has {rows} rows and a file takes {limit}: narrow the filter, or read the API page by page.",
    zh="该列表有 {rows} 行，一个文件最多 {limit} 行：请缩小筛选范围，或通过 API 分页读取。",
)


@router.get("/customers")
def export_customers(
    who: Viewer,
    uow: Unit,
    stores: Shop,
    lang: Speaks,
    *,
    format: FileKind = "csv",
    q: Word = "",
    sort: CustomerSort = "value",
    desc: bool = True,
    state: CustomerState = "all",
    stage: Stage | None = None,
    tier: Tier | None = None,
    persona: Annotated[str | None, Query(max_length=20)] = None,
) -> Response:
    """The customers that GET /v1/customers lists."""
    filters: dict[str, Any] = {
        "q": q,
        "sort": sort,
        "desc": desc,
        "state": state,
        "stage": stage,
        "tier": tier,
        "persona": persona,
    }
    page = customers.list_customers(who, uow, stores, **filters, limit=MOST_ROWS)
    fields = [*CUSTOMERS, scene_in(lang)]
    return _file(uow, "customers", fields, page.rows, total=page.total, kind=format, lang=lang)


@router.get("/personas/{persona_id}")
def export_persona_members(
    _: Viewer,
    uow: Unit,
    stores: Shop,
    lang: Speaks,
    persona_id: Annotated[str, Path(max_length=20)],
    format: FileKind = "csv",
) -> Response:
    """The members that GET /v1/personas/{persona_id}/members lists."""
    rows = personas.members_on(stores, uow, persona_id, MOST_ROWS + 1)
    return _file(uow, "persona", PERSONA_MEMBERS, rows, total=len(rows), kind=format, lang=lang)


@router.get("/audiences/{id}")
def export_audience_members(
    _: Viewer, uow: Unit, lang: Speaks, id: UUID, format: FileKind = "csv"
) -> Response:
    """The members that GET /v1/audiences/{id}/members lists."""
    rows, total = audiences.members(uow, id, limit=MOST_ROWS)
    return _file(uow, "audience", AUDIENCE_MEMBERS, rows, total=total, kind=format, lang=lang)


@router.get("/movers")
def export_lifecycle_movers(
    _: Viewer,
    uow: Unit,
    stores: Shop,
    lang: Speaks,
    *,
    since: date,
    until: date,
    now: Stage | Tier,
    was: Stage | Tier | None = None,
    format: FileKind = "csv",
) -> Response:
    """The customers that GET /v1/lifecycle/flow/customers lists of one move."""
    day = lifecycle.staged_day(stores, uow)
    lake, move = stores.lake.inside(uow), Stretch(since, until, was, now)
    rows, total = lifecycle.movers(lake, move, day, limit=MOST_ROWS)
    return _file(uow, "movers", MOVERS, rows, total=total, kind=format, lang=lang)


@router.get("/demand")
def export_demand(
    who: Viewer,
    uow: Unit,
    stores: Shop,
    lang: Speaks,
    *,
    format: FileKind = "csv",
    q: Word = "",
    department: Word = "",
    sort: DemandSort = "mean",
    desc: bool = True,
) -> Response:
    """The products that GET /v1/demand lists."""
    page = demand.list_demand(
        who, uow, stores, q=q, department=department, sort=sort, desc=desc, limit=MOST_ROWS
    )
    return _file(uow, "demand", DEMAND, page.rows, total=page.total, kind=format, lang=lang)


@router.get("/groups")
def export_groups(
    _: Viewer,
    uow: Unit,
    lang: Speaks,
    *,
    format: FileKind = "csv",
    play: Word | None = None,
    state: State | None = None,
    team: Word | None = None,
    day: date | None = None,
    sort: Literal["gain", "day"] = "gain",
) -> Response:
    """The groups that GET /v1/decisions/groups lists."""
    rows, total = ledger.list_groups(
        uow, play=play, state=state, team=team, day=day, sort=sort, limit=MOST_ROWS
    )
    return _file(uow, "groups", GROUPS, rows, total=total, kind=format, lang=lang)


@router.get("/decisions")
def export_decisions(
    _: Viewer,
    uow: Unit,
    lang: Speaks,
    *,
    format: FileKind = "csv",
    group: UUID | None = None,
    play: Word | None = None,
    subject: Word | None = None,
    state: State | None = None,
    customer: Word | None = None,
) -> Response:
    """The decisions that GET /v1/decisions lists, or all about one customer."""
    if customer is not None:
        rows = ledger.decisions_of_customer(uow, customer, limit=MOST_ROWS)
        return _file(uow, "decisions", DECISIONS, rows, total=len(rows), kind=format, lang=lang)
    rows, total = ledger.list_decisions(
        uow, group=group, play=play, subject=subject, state=state, limit=MOST_ROWS
    )
    return _file(uow, "decisions", DECISIONS, rows, total=total, kind=format, lang=lang)


@router.get("/scorecard")
def export_scorecard(
    _: Viewer, uow: Unit, lang: Speaks, format: FileKind = "csv", play: Word | None = None
) -> Response:
    """The points of GET /v1/scorecard: what was expected of a group and what came."""
    points = scorecard.scorecard(uow, play).points
    return _file(uow, "scorecard", POINTS, points, total=len(points), kind=format, lang=lang)


@router.get("/audit")
def export_audit(
    _: Approver,
    uow: Unit,
    lang: Speaks,
    format: FileKind = "csv",
    actor: Word | None = None,
    action: Word | None = None,
) -> Response:
    """The newest rows of GET /v1/audit; approvers and admins may read it."""
    page = audit.newest(uow, actor=actor, action=action, limit=MOST_ROWS)
    return _file(uow, "audit", AUDIT, page.rows, total=len(page.rows), kind=format, lang=lang)


@router.get("/rejects/{id}")
def export_rejects(_: Viewer, uow: Unit, lang: Speaks, id: UUID, format: FileKind = "csv") -> Response:
    """The first rows of an import that were not taken, and why; rejects.csv has all of them."""
    rows, _more = connect.rejected(uow, id, lang=lang, limit=MOST_ROWS)
    return _file(uow, "rejects", REJECTS, rows, total=len(rows), kind=format, lang=lang)


@router.get("/data")
def export_datasets(_: Viewer, uow: Unit, stores: Shop, lang: Speaks, format: FileKind = "csv") -> Response:
    """What GET /v1/data knows of each data set."""
    rows = stores.lake.stats(uow)
    return _file(uow, "data", DATASETS, rows, total=len(rows), kind=format, lang=lang)


@router.get("/next-purchases")
def export_next_purchases(
    who: Viewer, uow: Unit, stores: Shop, now: Now, lang: Speaks, *, customer: Word, format: FileKind = "csv"
) -> Response:
    """What GET /v1/customers/{customer_id} expects the customer to buy again."""
    rows = customers.read_customer(who, uow, stores, now, customer).next_purchases
    return _file(uow, "next-purchases", NEXT_PURCHASES, rows, total=len(rows), kind=format, lang=lang)


@router.get("/stores")
def export_stores(
    who: Viewer, uow: Unit, stores: Shop, lang: Speaks, *, product: Word, format: FileKind = "csv"
) -> Response:
    """The coming week of a product in its heavy stores, as GET /v1/demand/{product_id} has it."""
    rows = demand.read_demand(who, uow, stores, product).stores
    return _file(uow, "stores", STORES, rows, total=len(rows), kind=format, lang=lang)


@router.get("/weeks")
def export_weeks(
    who: Viewer,
    uow: Unit,
    stores: Shop,
    lang: Speaks,
    *,
    product: Word,
    store: Word = "",
    format: FileKind = "csv",
) -> Response:
    """What a product sold week by week, in all stores or in one."""
    rows = demand.read_demand(who, uow, stores, product, store).weeks
    return _file(uow, "weeks", WEEKS, rows, total=len(rows), kind=format, lang=lang)


@router.get("/jobs")
def export_jobs(_: Viewer, uow: Unit, lang: Speaks, format: FileKind = "csv") -> Response:
    """The newest jobs."""
    rows = jobs.jobs(uow, _MOST_JOBS)
    return _file(uow, "jobs", JOBS, rows, total=len(rows), kind=format, lang=lang)


@router.get("/operators")
def export_operators(_: Admin, uow: Unit, lang: Speaks, format: FileKind = "csv") -> Response:
    """Every account (admin)."""
    rows = access.operators(uow)
    return _file(uow, "operators", OPERATORS, rows, total=len(rows), kind=format, lang=lang)


@router.get("/tokens")
def export_tokens(who: Viewer, uow: Unit, lang: Speaks, format: FileKind = "csv") -> Response:
    """One's own API tokens, without their secrets; an admin gets everybody's."""
    rows = access.tokens(uow, who)
    return _file(uow, "tokens", TOKENS, rows, total=len(rows), kind=format, lang=lang)


@router.get("/coupons")
def export_coupons(
    _: Operator, uow: Unit, lang: Speaks, *, batch: UUID, format: FileKind = "csv"
) -> Response:
    """A batch's coupons with their codes, as GET /v1/trade/coupons lists them (operator)."""
    rows = pricing.coupons(uow, batch_id=batch, limit=MOST_ROWS + 1)
    return _file(uow, "coupons", COUPONS, rows, total=len(rows), kind=format, lang=lang)


@router.get("/ledger")
def export_ledger(
    _: Viewer,
    uow: Unit,
    lang: Speaks,
    *,
    account: Word = "",
    order_id: Word = "",
    format: FileKind = "csv",
) -> Response:
    """The sides of the movements that GET /v1/trade/payments/ledger lists."""
    found = payments.transactions_page(
        uow, account=account or None, order_id=order_id or None, before=None, limit=MOST_ROWS // 2 + 1
    )
    rows = [(one, side) for one in found for side in one.postings]
    return _file(uow, "ledger", POSTINGS, rows, total=len(rows), kind=format, lang=lang)


def _file(
    uow: UnitOfWork,
    name: str,
    fields: Sequence[Field[T]],
    rows: Sequence[T],
    *,
    total: int,
    kind: FileKind,
    lang: Lang,
) -> Response:
    if total > MOST_ROWS:
        raise TOO_LONG.error(rows=total, limit=MOST_ROWS)
    profile = shop.find_profile(uow)
    sheet = Sheet(name, fields, rows, profile.currency if profile else "USD")
    day = f"-{profile.as_of}" if profile and profile.as_of else ""
    headers = {"content-disposition": f'attachment; filename="{name}{day}.{kind}"'}
    return Response(file_of(sheet, kind, lang), media_type=MEDIA[kind], headers=headers)

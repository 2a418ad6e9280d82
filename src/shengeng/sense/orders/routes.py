"""/v1/orders: orders as they happen, and what was sent of one."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

import msgspec
from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, ConfigDict
from starlette.concurrency import run_in_threadpool

from shengeng.http import Now, OrderWriter, Shop, Speaks, Turn, Unit, Viewer, error_answers
from shengeng.sense.orders import api
from shengeng.sense.orders.contracts import MOST_ORDERS, Answer, Order
from shengeng.storage.stores import Stores

router = APIRouter(tags=["sense"], responses=error_answers(401, 403, 404, 409, 413, 422, 429))


class WhyNot(BaseModel):
    """Why an order was not taken. path: where in the request, such as orders.3.lines.0.quantity."""

    code: str
    path: str
    message: str


class OrderAnswer(BaseModel):
    """What became of one order. created: new to the order edge."""

    index: int
    outcome: Literal["created", "updated", "unchanged", "older", "rejected"]
    source: str | None
    seller_id: str | None
    order_id: str | None
    version: int | None
    reason: WhyNot | None


class OrderAnswers(BaseModel):
    """One answer an order, in the order of the request, and how many of each."""

    orders: list[OrderAnswer]
    counts: dict[str, int]


class OrderVersion(BaseModel):
    """One version of an order as it was sent, its phone and e-mail as hashes."""

    model_config = ConfigDict(from_attributes=True)
    source: str
    seller_id: str
    order_id: str
    version: int
    body: dict[str, Any]
    received_at: datetime
    sent_by: str
    state: Literal["waiting", "merged", "passed", "replaced", "refused"]


class OrderVersions(BaseModel):
    """The versions of one order, the newest first."""

    rows: list[OrderVersion]


def _body() -> dict[str, Any]:
    """The request as OpenAPI describes it; it is read by msgspec, order by order."""
    [schema], parts = msgspec.json.schema_components([Order], ref_template="#/components/schemas/Sent{name}")
    inline = {"Order": parts["Order"]} if "$ref" in schema else {}
    order = _inlined(inline.get("Order", schema), parts)
    whole = {
        "type": "object",
        "required": ["orders"],
        "additionalProperties": False,
        "properties": {
            "orders": {"type": "array", "minItems": 1, "maxItems": MOST_ORDERS, "items": order},
            "atomic": {"type": "boolean", "default": False},
        },
    }
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": whole}}}}


def _inlined(schema: Any, parts: dict[str, Any]) -> Any:
    if isinstance(schema, dict):
        if "$ref" in schema:
            return _inlined(parts[schema["$ref"].rsplit("/Sent", 1)[1]], parts)
        return {key: _inlined(value, parts) for key, value in schema.items()}
    return [_inlined(value, parts) for value in schema] if isinstance(schema, list) else schema


@router.post("/v1/orders", openapi_extra=_body())
async def send_orders(
    request: Request, stores: Shop, by: OrderWriter, lang: Speaks, now: Now, _: Turn
) -> OrderAnswers:
    """Take orders: lines, payments and refunds by source, seller, order and version. 200 means kept.

    Newer versions win, older ones change nothing, and the same version twice is one. An order that cannot be
    taken is answered with its reason and does not keep the others out, unless `atomic` asks for it.
    """
    answers = await run_in_threadpool(_take, stores, await request.body(), by.name, now)
    told = [_told(answer, lang) for answer in answers]
    counts: dict[str, int] = {}
    for answer in told:
        counts[answer.outcome] = counts.get(answer.outcome, 0) + 1
    return OrderAnswers(orders=told, counts=counts)


@router.get("/v1/orders/versions")
def list_order_versions(
    uow: Unit,
    _: Viewer,
    order_id: Annotated[str, Query(min_length=1, max_length=200)],
    source: Annotated[str | None, Query(max_length=40)] = None,
) -> OrderVersions:
    """What was sent of an order, version by version."""
    return OrderVersions(
        rows=[OrderVersion.model_validate(one) for one in api.versions(uow, order_id, source)]
    )


def _take(stores: Stores, body: bytes, by: str, now: datetime) -> list[Answer]:
    with stores.rows.unit() as uow:
        return api.take(stores, uow, body, by, now)


def _told(answer: Answer, lang: str) -> OrderAnswer:
    why = answer.reason
    return OrderAnswer(
        index=answer.index,
        outcome=answer.outcome,
        source=answer.source,
        seller_id=answer.seller_id,
        order_id=answer.order_id,
        version=answer.version,
        reason=WhyNot(code=why.code, path=why.path, message=why.zh if lang == "zh" else why.en)
        if why
        else None,
    )

"""/v1/trade/products: found, listed and taken off sale."""

from __future__ import annotations

from typing import Annotated, cast

from fastapi import Query
from pydantic import BaseModel, ConfigDict, Field

from shengeng.http import Cursor, Limit, Now, Operator, Unit, Viewer, from_cursor, to_cursor
from shengeng.trade.catalogue import api
from shengeng.trade.catalogue.contracts import Browse, Sort, State, Supply
from shengeng.trade.catalogue.routes.door import router
from shengeng.trade.catalogue.routes.shapes import Id, ProductRows, Text, row


class ProductsMove(BaseModel):
    """Products and the state they shall have."""

    model_config = ConfigDict(extra="forbid")
    product_ids: Annotated[list[Id], Field(min_length=1, max_length=500)]
    state: State


class ProductsMoved(BaseModel):
    """How many were in another state before."""

    moved: int


@router.get("/products")
def list_products(
    _: Viewer,
    uow: Unit,
    *,
    q: Text = "",
    state: Annotated[State | None, Query(description="drafts and listed ones without it")] = None,
    category: Id | None = None,
    supply: Supply | None = None,
    sort: Sort = "newest",
    cursor: Cursor = None,
    limit: Limit = 50,
) -> ProductRows:
    """Products of every state, with a price or without."""
    at = from_cursor(cursor, int)
    offset = cast("int", at[0]) if at else 0
    asked = Browse(
        q,
        category,
        {"supply": (supply,)} if supply else {},
        sort=sort,
        limit=limit,
        offset=offset,
        states=(state,) if state else ("draft", "listed"),
        priced_only=False,
    )
    page = api.browse(uow, asked)
    end = offset + len(page.cards)
    return ProductRows(
        rows=[row(card) for card in page.cards],
        total=page.total,
        next=to_cursor(end) if page.cards and end < page.total else None,
    )


@router.post("/products/state")
def move_products(body: ProductsMove, who: Operator, uow: Unit, now: Now) -> ProductsMoved:
    """List products, take them off sale or archive them; orders that name them stay."""
    return ProductsMoved(moved=api.set_state(uow, who, body.product_ids, body.state, now))

"""/v1/trade/product-table: products as a CSV file, looked at before it is brought back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any, Literal

from fastapi import Body, Query, Response
from pydantic import BaseModel

from shengeng.http import Now, Operator, Speaks, Unit, Viewer
from shengeng.kernel.errors import Lang
from shengeng.kernel.sheets import Column
from shengeng.kernel.words import Words
from shengeng.trade.assortment import api, methods
from shengeng.trade.assortment.contracts import SHOWN_MOST, Kind, Look, Wrong
from shengeng.trade.assortment.routes.door import router
from shengeng.trade.assortment.routes.shapes import Id, Text
from shengeng.trade.catalogue.contracts import Browse, State, Supply

Content = Annotated[bytes, Body(media_type="text/csv")]
Seen = Annotated[str, Query(min_length=64, max_length=64, description="What the look answered")]
CSV = "text/csv; charset=utf-8"
FILE: dict[int | str, dict[str, Any]] = {200: {"description": "The file.", "content": {"text/csv": {}}}}


class TableChange(BaseModel):
    """A cell that changes; column: its key, name: its heading."""

    column: str
    name: str
    before: str
    after: str


class TableRow(BaseModel):
    """A row that does something; row: as a spreadsheet counts it."""

    row: int
    product_id: str
    sku: str
    title: Words
    kind: Kind
    changes: list[TableChange]


class TableWrong(BaseModel):
    """A cell that cannot be, and what it must be."""

    row: int
    column: str
    name: str
    value: str
    must: str


class TableLook(BaseModel):
    """What a file does. rows, wrong: the first of them; more: whether there are others. seen: to bring it."""

    total: int
    new: int
    changed: int
    same: int
    faults: int
    rows: list[TableRow]
    wrong: list[TableWrong]
    more: bool
    unknown: list[str]
    encoding: str
    seen: str


@router.get("/product-table", response_class=Response, responses=FILE)
def export_product_table(
    _: Viewer,
    uow: Unit,
    lang: Speaks,
    *,
    q: Text = "",
    state: State | None = None,
    category: Id | None = None,
    supply: Supply | None = None,
) -> Response:
    """The products that GET /v1/trade/products lists, one row a variant, to be changed and brought back."""
    filters = {"supply": (supply,)} if supply else {}
    states: tuple[State, ...] = (state,) if state else ("draft", "listed")
    asked = Browse(q, category, filters, sort="newest", states=states, priced_only=False)
    headers = {"content-disposition": 'attachment; filename="products.csv"'}
    return Response(api.table(uow, asked, lang), media_type=CSV, headers=headers)


@router.post("/product-table/preview")
def preview_product_table(content: Content, _: Operator, uow: Unit, lang: Speaks) -> TableLook:
    """What a file would change, row by row, and what in it cannot be; writes nothing."""
    return look_shown(api.look(uow, content), lang)


@router.post("/product-table")
def bring_product_table(
    content: Content, who: Operator, uow: Unit, now: Now, lang: Speaks, *, seen: Seen
) -> TableLook:
    """Do all that the file says, or nothing; refused where it would not do what was seen."""
    return look_shown(api.bring(uow, who, content, seen, now), lang)


def look_shown(found: Look, lang: Lang) -> TableLook:
    """The first rows that do something, the first cells that cannot be, and the figures of all."""
    headings = {column.key: column.heading(lang) for column in methods.COLUMNS}
    doing = [row for row in found.rows if row.kind != "same"]
    kinds: tuple[Literal["new", "changed", "same"], ...] = ("new", "changed", "same")
    new, changed, same = (found.count(kind) for kind in kinds)
    return TableLook(
        total=len(found.rows),
        new=new,
        changed=changed,
        same=same,
        faults=len(found.wrong),
        rows=[
            TableRow(
                row=one.number,
                product_id=one.product_id,
                sku=one.sku,
                title=one.title,
                kind=one.kind,
                changes=[
                    TableChange(
                        column=each.column,
                        name=headings[each.column],
                        before=each.before[:300],
                        after=each.after[:300],
                    )
                    for each in one.changes
                ],
            )
            for one in doing[:SHOWN_MOST]
        ],
        wrong=wrong_shown(found.wrong, methods.COLUMNS, lang),
        more=max(len(doing), len(found.wrong)) > SHOWN_MOST,
        unknown=list(found.unknown[:20]),
        encoding=found.encoding,
        seen=found.seen,
    )


def wrong_shown(wrong: Sequence[Wrong], columns: Sequence[Column], lang: Lang) -> list[TableWrong]:
    """The first cells that cannot be, by the headings of their columns."""
    headings = {column.key: column.heading(lang) for column in columns}
    return [
        TableWrong(
            row=one.number,
            column=one.column,
            name=headings.get(one.column, one.column),
            value=one.value,
            must=one.must.text(lang),
        )
        for one in wrong[:SHOWN_MOST]
    ]

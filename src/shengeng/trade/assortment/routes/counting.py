"""/v1/trade/stock/count-sheet: what was counted, as a CSV file that is looked at before it is booked."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query, Response
from pydantic import BaseModel, StringConstraints

from shengeng.http import Now, Operator, Speaks, Unit, Viewer
from shengeng.kernel.errors import Lang
from shengeng.trade.assortment import api, methods
from shengeng.trade.assortment.contracts import SHOWN_MOST, CountLook
from shengeng.trade.assortment.routes.door import router
from shengeng.trade.assortment.routes.shapes import Text
from shengeng.trade.assortment.routes.tables import CSV, FILE, Content, Seen, TableWrong, wrong_shown

Place = Annotated[str, StringConstraints(max_length=60)]


class CountedRow(BaseModel):
    """A row whose count is not what the books say."""

    row: int
    sku: str
    location_id: str
    on_hand: int
    counted: int


class CountSheetLook(BaseModel):
    """What a counted sheet books. right: as the books say; blank: not counted; rows, wrong: the first."""

    total: int
    differ: int
    right: int
    blank: int
    faults: int
    rows: list[CountedRow]
    wrong: list[TableWrong]
    more: bool
    unknown: list[str]
    encoding: str
    seen: str


@router.get("/stock/count-sheet", response_class=Response, responses=FILE)
def export_count_sheet(_: Viewer, uow: Unit, lang: Speaks, location: Place | None = None) -> Response:
    """What lies in a place by the books, with a column for what is counted."""
    headers = {"content-disposition": 'attachment; filename="count.csv"'}
    return Response(api.count_sheet(uow, location, lang), media_type=CSV, headers=headers)


@router.post("/stock/count-sheet/preview")
def preview_count_sheet(content: Content, _: Operator, uow: Unit, lang: Speaks) -> CountSheetLook:
    """What a counted sheet would book, and what in it cannot be; writes nothing."""
    return _shown(api.look_at_count(uow, content), lang)


@router.post("/stock/count-sheet")
def book_count_sheet(
    content: Content,
    who: Operator,
    uow: Unit,
    now: Now,
    lang: Speaks,
    *,
    seen: Seen,
    note: Annotated[Text, Query()] = "",
) -> CountSheetLook:
    """Book everything that was counted, or nothing; refused where it would not book what was seen."""
    return _shown(api.book_count(uow, who, content, seen, now, note=note), lang)


def _shown(found: CountLook, lang: Lang) -> CountSheetLook:
    differ = [one for one in found.rows if one.counted is not None and one.counted != one.on_hand]
    blank = sum(one.counted is None for one in found.rows)
    return CountSheetLook(
        total=len(found.rows),
        differ=len(differ),
        right=len(found.rows) - len(differ) - blank,
        blank=blank,
        faults=len(found.wrong),
        rows=[
            CountedRow(
                row=one.number,
                sku=one.sku,
                location_id=one.location_id,
                on_hand=one.on_hand,
                counted=one.counted or 0,
            )
            for one in differ[:SHOWN_MOST]
        ],
        wrong=wrong_shown(found.wrong, methods.COUNT_COLUMNS, lang),
        more=max(len(differ), len(found.wrong)) > SHOWN_MOST,
        unknown=list(found.unknown[:20]),
        encoding=found.encoding,
        seen=found.seen,
    )

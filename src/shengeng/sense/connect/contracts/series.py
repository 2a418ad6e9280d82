"""The canonical `demand` file as `connect` hands it over: points of series, and what was wrong with rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from shengeng.sense.connect.contracts import Reject

if TYPE_CHECKING:
    import ibis.expr.types as ir

DEMAND_FILE = "demand"
REQUIRED = ("series_id", "date", "quantity")
OPTIONAL = ("price", "promo")
GROUP = "group_"


@dataclass(frozen=True, slots=True)
class SeriesFile:
    """A `demand` file; valid while its context is open.

    points: series_id text, date, quantity float64 from 0 up, price and promo float64 (null where the file
    says nothing), and the file's group_ columns as text; one row a series and date. first_reject: the first
    row that was not taken; unused: columns of the file that have no meaning here; beside_orders: the folder
    holds orders too.
    """

    name: str
    file: str
    data_hash: str
    rows: int
    rejected: int
    first_reject: Reject | None
    groups: tuple[str, ...]
    unused: tuple[str, ...]
    beside_orders: bool
    points: ir.Table

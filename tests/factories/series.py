"""Small made-up demand files, seeded."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from tests.factories.facts import START

Row = dict[str, object]


def demand_rows(*, series: int = 12, periods: int = 140, step: int = 1, seed: int = 3) -> list[Row]:
    """Counts that rise at week ends and double in promotions (a tenth of the periods, a fifth cheaper)."""
    rng = np.random.default_rng(seed)
    rows: list[Row] = []
    for i in range(series):
        for t in range(periods):
            promo = bool(rng.random() < 0.1)
            mean = (0.4 + i % 4) * (2 if promo else 1) * (1.5 if step == 1 and t % 7 > 4 else 1)
            rows.append(
                {
                    "series_id": f"s{i:02d}",
                    "date": (START + timedelta(days=t * step)).isoformat(),
                    "quantity": int(rng.poisson(mean)),
                    "price": 4.0 if promo else 5.0,
                    "promo": int(promo),
                    "group_shelf": f"g{i % 3}",
                }
            )
    return rows


def write_demand(path: Path, rows: Sequence[Row], *, parquet: bool = False) -> Path:
    """A folder with nothing but a demand file of these rows; every row has the columns of the first."""
    path.mkdir(parents=True, exist_ok=True)
    if parquet:
        pq.write_table(pa.Table.from_pylist(list(rows)), path / "demand.parquet")
        return path
    with (path / "demand.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


def day(periods: int, step: int = 1) -> date:
    """The day of a period."""
    return START + timedelta(days=periods * step)

"""What every engine's backtest shares: the cut, the refusals, the report."""

from __future__ import annotations

import platform
import time
from dataclasses import dataclass, field
from datetime import date, timedelta
from importlib.metadata import version
from typing import Protocol

from shengeng.learn.backtest.contracts import CUT_OUTSIDE, LACKS_COLUMN, LACKS_FILE, TOO_SHORT, Report
from shengeng.learn.backtest.methods import default_cut
from shengeng.learn.backtest.store.span import span_of
from shengeng.sense.connect.contracts import Folder

LEAST_DAYS = 4  # below that, no quarter can be held out
_PACKAGES = ("shengeng", "numpy", "scipy", "pandas", "ibis-framework", "duckdb")


class Source(Protocol):
    """What a report says of the data: a folder, or one file of it."""

    @property
    def name(self) -> str:
        """Of the folder."""

    @property
    def data_hash(self) -> str:
        """sha256 over what was read."""

    @property
    def rows(self) -> int:
        """Rows read."""


@dataclass(frozen=True, slots=True)
class Trial:
    """A source split at a cut: learn from local days before it, score the days from cut to last."""

    engine: str
    source: Source
    first: date
    cut: date
    last: date
    seed: int
    started: float = field(default_factory=time.perf_counter)

    @property
    def as_of(self) -> date:
        """The last day that the engine may know."""
        return self.cut - timedelta(days=1)

    def report(
        self,
        metrics: dict[str, dict[str, float]],
        *,
        notes: dict[str, str | int | float] | None = None,
        packages: tuple[str, ...] = (),
    ) -> Report:
        """The finished report; packages: distributions whose versions matter besides the usual ones."""
        return Report(
            engine=self.engine,
            data=f"{self.source.name} sha256:{self.source.data_hash}",
            cut=self.cut,
            seed=self.seed,
            versions={"python": platform.python_version()}
            | {name: version(name) for name in (*_PACKAGES, *packages)},
            rows=self.source.rows,
            seconds=time.perf_counter() - self.started,
            metrics=metrics,
            notes=notes or {},
        )


def trial(engine: str, folder: Folder, cut: date | None, seed: int, *, customers: bool = False) -> Trial:
    """Split a folder; without a cut the last quarter of its time span is held out.

    customers: the engine needs lines that name their customer. Refused: no orders, no customer ids, a span
    under LEAST_DAYS days, a cut that leaves nothing on one side.
    """
    started = time.perf_counter()
    span = span_of(folder.lines)
    if span is None:
        raise LACKS_FILE.error(engine=engine, file="orders", data=folder.name)
    if customers and not span.identified:
        raise LACKS_COLUMN.error(engine=engine, column="customer_id", file="orders", data=folder.name)
    return split_at(engine, folder, (span.first, span.last), cut, seed, started=started)


def split_at(
    engine: str, source: Source, span: tuple[date, date], cut: date | None, seed: int, *, started: float
) -> Trial:
    """Split a source whose days are span (first, last); started: by time.perf_counter, when reading began."""
    first, last = span
    days = (last - first).days + 1
    if days < LEAST_DAYS:
        raise TOO_SHORT.error(engine=engine, least=LEAST_DAYS, data=source.name, days=days)
    chosen = cut or default_cut(first, last)
    if not first < chosen <= last:
        raise CUT_OUTSIDE.error(cut=chosen, first=first + timedelta(days=1), last=last)
    return Trial(engine, source, first, chosen, last, seed, started)

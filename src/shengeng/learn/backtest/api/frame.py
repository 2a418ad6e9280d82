"""What every engine's backtest shares: the cut, the refusals, the report."""

from __future__ import annotations

import platform
import time
from dataclasses import dataclass, field
from datetime import date, timedelta
from importlib.metadata import version

from shengeng.learn.backtest.contracts import CUT_OUTSIDE, LACKS_COLUMN, LACKS_FILE, TOO_SHORT, Report
from shengeng.learn.backtest.methods import default_cut
from shengeng.learn.backtest.store.span import span_of
from shengeng.sense.connect.contracts import Folder

LEAST_DAYS = 4  # below that, no quarter can be held out
_PACKAGES = ("shengeng", "numpy", "scipy", "pandas", "ibis-framework", "duckdb")


@dataclass(frozen=True, slots=True)
class Trial:
    """A folder split at a cut: learn from local days before it, score the days from cut to last."""

    engine: str
    folder: Folder
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
            data=f"{self.folder.name} sha256:{self.folder.data_hash}",
            cut=self.cut,
            seed=self.seed,
            versions={"python": platform.python_version()}
            | {name: version(name) for name in (*_PACKAGES, *packages)},
            rows=self.folder.rows,
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
    days = (span.last - span.first).days + 1
    if days < LEAST_DAYS:
        raise TOO_SHORT.error(engine=engine, least=LEAST_DAYS, data=folder.name, days=days)
    chosen = cut or default_cut(span.first, span.last)
    if not span.first < chosen <= span.last:
        earliest = span.first + timedelta(days=1)
        raise CUT_OUTSIDE.error(cut=chosen, first=earliest, last=span.last)
    return Trial(engine, folder, span.first, chosen, span.last, seed, started)

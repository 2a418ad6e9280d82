"""The backtest command: runs one engine and lays its figures out beside the baselines'."""

from __future__ import annotations

from datetime import date

from shengeng.cli.output import bar
from shengeng.learn.backtest import api as backtest
from shengeng.learn.backtest.contracts import Report


def run(
    engine: str,
    data: str,
    *,
    cut: date | None,
    seed: int,
    frequency: str | None,
    timezone: str | None,
    currency: str | None,
) -> Report:
    """The report of one engine on one folder."""
    with bar(f"backtest {engine}"):
        return backtest.run(
            engine, data, cut=cut, seed=seed, frequency=frequency, timezone=timezone, currency=currency
        )


def table(report: Report) -> list[str]:
    """A plain table: one model a line, one metric a column, ours first."""
    metrics = list(dict.fromkeys(name for figures in report.metrics.values() for name in figures))
    models = sorted(report.metrics, key=lambda model: model != "shengeng")
    head = f"{'':16}" + "".join(f"{name:>20}" for name in metrics)
    body = [
        f"{model:16}" + "".join(_cell(report.metrics[model].get(name)) for name in metrics)
        for model in models
    ]
    notes = [f"{name}: {value}" for name, value in report.notes.items()]
    title = (
        f"{report.engine} on {report.data}, cut {report.cut}, {report.rows:,} rows, {report.seconds:.1f} s"
    )
    return [title, head, *body, *notes]


def _cell(value: float | None) -> str:
    return f"{'-':>20}" if value is None else f"{value:>20.4f}"

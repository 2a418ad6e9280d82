"""From a look at files to facts: a canonical folder is staged and imported; rejects name the files given."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path

import pyarrow.parquet as pq

from shengeng.kernel.roles import Principal
from shengeng.sense.connect import api as connect
from shengeng.sense.connect.contracts import ImportReport
from shengeng.sense.exports.api.looking import Looked
from shengeng.sense.exports.contracts import Outcome, Preview, Problem
from shengeng.sense.exports.contracts.refusals import NOT_READY
from shengeng.sense.exports.contracts.words import REASONS, sentence
from shengeng.sense.exports.methods.frame import Frame
from shengeng.sense.exports.methods.translate import Translated
from shengeng.storage.progress import Progress
from shengeng.storage.stores import Stores

_REASONS = tuple(REASONS.values())
# Which field a canonical column came from, so that a reject names the column of the file.
_FIELDS: Mapping[str, str] = {
    "order_id": "order",
    "ordered_at": "created",
    "paid_at": "paid",
    "cancelled_at": "cancelled",
    "customer_id": "email",
    "created_at": "created",
    "product_id": "title",
    "line_total": "price",
    "unit_price": "price",
    "refund_amount": "refund",
}


def staged(folder: Path, preview: Preview, found: Translated) -> Path:
    """Write the canonical folder that the files come to; returns its path."""
    assert preview.system
    assert preview.timezone
    assert preview.currency
    place = folder / preview.system
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir()
    for name, table in found.tables.items():
        pq.write_table(table, place / f"{name}.parquet", compression="lz4")
    facts = {"timezone": preview.timezone, "currency": preview.currency, "source": preview.system}
    text = "".join(f'{key} = "{value}"\n' for key, value in facts.items())
    (place / "shop.toml").write_text(text, encoding="utf-8")
    return place


def refuse_unready(preview: Preview) -> None:
    """Refuse a preview that something stops, by the first thing that does."""
    stop = next((one for one in preview.problems if one.level == "stop"), None)
    if stop or not preview.ready:
        one = stop or Problem("no_orders", "stop")
        raise NOT_READY.error(problem=sentence(one, "en"), problem_zh=sentence(one, "zh"))


def imported(
    stores: Stores,
    folder: Path,
    looked: Looked,
    *,
    progress: Progress,
    now: datetime,
    by: Principal,
    until: date | None = None,
) -> tuple[Outcome, ImportReport]:
    """Import what a look found, and tell what came of it; refuses while something stops it."""
    preview = looked.preview
    refuse_unready(preview)
    assert looked.translated
    place = staged(folder, preview, looked.translated)
    try:
        report = connect.import_source(stores, place, until=until, progress=progress, now=now, by=by)
        if report.rejects:
            _in_their_words(Path(report.rejects), looked.translated.frames)
    finally:
        shutil.rmtree(place, ignore_errors=True)
    told = tuple(one for one in preview.problems if one.level != "stop")
    return Outcome(report.id, report.share_identified, preview.empty_screens, told), report


def _in_their_words(path: Path, frames: Mapping[str, Frame]) -> None:
    """Rewrite rejects: file, line, column and value as in the files that were given."""
    fresh = path.with_suffix(".fresh")
    with path.open(encoding="utf-8", newline="") as old, fresh.open("w", encoding="utf-8", newline="") as new:
        rows, out = csv.reader(old), csv.writer(new, lineterminator="\n")
        out.writerow(next(rows))
        for row in rows:
            out.writerow(_told(row, frames.get(Path(row[0]).stem)))
    fresh.replace(path)


def _told(row: list[str], frame: Frame | None) -> list[str]:
    place = int(row[1]) - 1
    if frame is None or place >= frame.rows:
        return row
    file, line = frame.files[frame.file[place]], str(frame.line[place])
    code = int(frame.fault[place])
    if code:
        culprit = str(frame.culprit[place])
        value = " ".join(frame.value(place).split())[:200]
        words = _REASONS[code]
        return [file, line, frame.column(place, culprit) if culprit else "", value, words.en, words.zh]
    field = _FIELDS.get(row[2], row[2])
    return [file, line, frame.column(place, field), *row[3:]]

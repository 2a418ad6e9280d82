"""From a look at files to facts: a canonical folder is staged and imported; rejects name the files given."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path

from shengeng.kernel.roles import Principal
from shengeng.sense.connect import api as connect
from shengeng.sense.connect.contracts import ImportReport
from shengeng.sense.exports.api.looking import Looked
from shengeng.sense.exports.contracts import Outcome, Preview, Problem
from shengeng.sense.exports.contracts.refusals import NOT_READY
from shengeng.sense.exports.contracts.words import REASONS, sentence
from shengeng.sense.exports.methods.gather import Gathered, Origin, no_orders
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


def staged(folder: Path, preview: Preview, found: Gathered) -> Path:
    """Make the files that a look wrote a canonical folder; returns its path."""
    assert preview.system
    assert preview.timezone
    assert preview.currency
    place = folder / preview.system  # the import is shown under this name
    place.mkdir()
    for name, file in found.files.items():
        file.rename(place / f"{name}.parquet")
    if "orders" not in found.files:
        no_orders(place / "orders.parquet")
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
    """Import what a look found and wrote, and tell what came of it; refuses while something stops it."""
    preview = looked.preview
    refuse_unready(preview)
    assert looked.gathered
    place = staged(folder, preview, looked.gathered)
    report = connect.import_source(stores, place, until=until, progress=progress, now=now, by=by)
    if report.rejects:
        _in_their_words(Path(report.rejects), looked.gathered.origins)
    told = tuple(one for one in preview.problems if one.level != "stop")
    return Outcome(report.id, report.share_identified, preview.empty_screens, told), report


def _in_their_words(path: Path, origins: Mapping[str, Origin]) -> None:
    """Rewrite rejects: file, line, column and value as in the files that were given."""
    fresh = path.with_suffix(".fresh")
    with path.open(encoding="utf-8", newline="") as old, fresh.open("w", encoding="utf-8", newline="") as new:
        rows, out = csv.reader(old), csv.writer(new, lineterminator="\n")
        out.writerow(next(rows))
        for row in rows:
            out.writerow(_told(row, origins.get(Path(row[0]).stem)))
    fresh.replace(path)


def _told(row: list[str], origin: Origin | None) -> list[str]:
    place = int(row[1]) - 1
    if origin is None or place >= len(origin.file):
        return row
    file, line = origin.files[origin.file[place]], str(origin.line[place])
    code = int(origin.fault[place])
    if code:
        culprit, found = origin.faulty[place]
        words = _REASONS[code]
        column = origin.column(place, culprit) if culprit else ""
        return [file, line, column, " ".join(found.split()), words.en, words.zh]
    return [file, line, origin.column(place, _FIELDS.get(row[2], row[2])), *row[3:]]

"""Bring spend: a CSV file into the lake, every row taken or named with what is wrong with it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from pathlib import Path

import pyarrow as pa

from shengeng.govern.audit import api as audit
from shengeng.govern.shop import api as shop
from shengeng.kernel.errors import ShopError
from shengeng.kernel.money import to_minor
from shengeng.kernel.roles import Principal, Role, require
from shengeng.sense.connect.api.tables import TextRow, read_header, read_rows
from shengeng.storage.rows import UnitOfWork
from shengeng.storage.stores import Stores
from shengeng.understand.economics.contracts import (
    NO_COLUMN,
    REASONS,
    REQUIRED,
    SPEND,
    TOO_LARGE,
    SpendReject,
    SpendReport,
)
from shengeng.understand.economics.store import spend as store

MOST_BYTES = 20 * 2**20
TEMPLATE = (
    "spent_on,channel,amount,currency,campaign_id,new_customers\n2025-01-31,search,1250.00,{currency},,18\n"
)

Key = tuple[date, str, str | None]
Sums = dict[Key, tuple[int, int | None]]


def bring_spend(stores: Stores, uow: UnitOfWork, by: Principal, path: Path, now: datetime) -> SpendReport:
    """Take a spend file (operator). The same file again changes nothing.

    Rows of one file with the same day, channel and campaign are added up; together they take the place of
    what an earlier file said of these three. Refuses a file without its columns or over 20 MB (invalid).
    """
    require(by, Role.OPERATOR)
    currency = shop.profile(uow).currency
    _check(path)
    given, rejected, rows = _sums(read_rows(path), currency)
    uow.lock("understand.economics")
    known = _known(store.spend(stores.lake.inside(uow)).to_pyarrow().to_pylist())
    changed = {key for key in given if key in known and known[key] != given[key]}
    added = given.keys() - known.keys()
    if added or changed:
        store.write(stores.lake, uow, _table({**known, **given}))
    report = SpendReport(
        rows, len(added), len(changed), len(given) - len(added) - len(changed), tuple(rejected)
    )
    detail: dict[str, audit.Plain] = {"added": len(added), "changed": len(changed), "rejected": len(rejected)}
    audit.record(uow, at=now, actor=by.name, action="spend.brought", target=path.name, detail=detail)
    return report


def template(currency: str) -> str:
    """An example file with one line, to be filled in."""
    return TEMPLATE.format(currency=currency)


def _check(path: Path) -> None:
    if path.stat().st_size > MOST_BYTES:
        raise TOO_LARGE.error(file=path.name, limit=MOST_BYTES // 2**20)
    names = read_header(path)
    for name in REQUIRED:
        if name not in names:
            raise NO_COLUMN.error(file=path.name, missing=name, found=", ".join(names)[:200])


def _sums(lines: Iterable[TextRow], currency: str) -> tuple[Sums, list[SpendReject], int]:
    sums: Sums = {}
    rejected: list[SpendReject] = []
    rows = 0
    for line in lines:
        if line.reason is not None:
            rejected.append(SpendReject(line.row, "", line.found, line.reason.zh, line.reason.en))
            continue
        found = _row(line, currency)
        if isinstance(found, SpendReject):
            rejected.append(found)
            continue
        rows += 1
        key, (amount, count) = found
        before, counted = sums.get(key, (0, None))
        both = None if count is None and counted is None else (count or 0) + (counted or 0)
        sums[key] = (before + amount, both)
    return sums, rejected, rows


def _row(line: TextRow, currency: str) -> tuple[Key, tuple[int, int | None]] | SpendReject:
    values = line.values
    day, amount = _day(values["spent_on"]), _amount(values["amount"], currency)
    count = values.get("new_customers", "")
    wrong = {
        "spent_on": "" if day else "bad_day",
        "channel": "" if values["channel"] else "no_channel",
        "amount": "bad_amount" if amount is None else "negative" if amount < 0 else "",
        "currency": "other_currency" if values.get("currency") not in (None, "", currency) else "",
        "new_customers": "" if not count or (count.isascii() and count.isdigit()) else "bad_count",
    }
    for column, reason in wrong.items():
        if reason:
            return SpendReject(line.row, column, values.get(column, "")[:200], *REASONS[reason])
    assert day is not None
    assert amount is not None
    key = (day, values["channel"], values.get("campaign_id") or None)
    return key, (amount, int(count) if count else None)


def _day(text: str) -> date | None:
    try:
        found = date.fromisoformat(text.replace("/", "-"))
    except ValueError:
        return None
    return found if 1970 <= found.year <= 2100 else None


def _amount(text: str, currency: str) -> int | None:
    try:
        return to_minor(text.replace(",", ""), currency)
    except ShopError:
        return None


def _known(rows: list[Mapping[str, object]]) -> Sums:
    sums: Sums = {}
    for row in rows:
        key = (row["spent_on"], row["channel"], row["campaign_id"])
        sums[key] = (row["amount_minor"], row["new_customers"])  # type: ignore[index,assignment]  # as SPEND says
    return sums


def _table(sums: Sums) -> pa.Table:
    ordered = sorted(sums.items(), key=lambda entry: (entry[0][0], entry[0][1], entry[0][2] or ""))
    rows = [
        {
            "spent_on": day,
            "channel": channel,
            "campaign_id": campaign,
            "amount_minor": amount,
            "new_customers": count,
        }
        for (day, channel, campaign), (amount, count) in ordered
    ]
    return pa.Table.from_pylist(rows, schema=SPEND)

"""Laying a provider's statement beside our books."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from shengeng.govern.audit import api as audit
from shengeng.kernel.ids import new_id
from shengeng.kernel.roles import Principal, Role, require
from shengeng.storage.rows import UnitOfWork
from shengeng.trade.payments.api.adapters import KINDS
from shengeng.trade.payments.api.booking import book_once
from shengeng.trade.payments.contracts import PROVIDERS, Mismatch, Reconciliation, StatementRow
from shengeng.trade.payments.contracts.refusals import BAD_STATEMENT, NO_PROVIDER
from shengeng.trade.payments.methods import booking, matching, statements
from shengeng.trade.payments.store import heard, intents, moved

# So many rows that do not match are kept of one statement; more of them is another kind of problem.
KEPT_MOST = 500
_ID = re.compile(r"[0-9a-f]{32}")


def read_statement(text: str, currency: str) -> list[StatementRow]:
    """The movements of a statement file; refuses one that cannot be read, with the line."""
    try:
        return statements.read(text, currency)
    except statements.BadLineError as error:
        raise BAD_STATEMENT.error(row=error.number, why=error.why) from None


def reconcile(
    uow: UnitOfWork,
    by: Principal,
    now: datetime,
    provider: str,
    rows: Sequence[StatementRow],
    *,
    since: datetime,
    until: datetime,
) -> Reconciliation:
    """What agrees, what only one side has, what differs (operator); fees of what agrees are booked once.

    since, until: what we kept in this time must stand in the statement; a row may be about an older payment.
    """
    require(by, Role.OPERATOR)
    if provider not in KINDS:
        raise NO_PROVIDER.error(provider=provider[:40], known=", ".join(PROVIDERS))
    if since >= until:
        raise BAD_STATEMENT.error(row=0, why="its time ends before it begins")
    in_time = moved.between(uow, provider, since, until)
    known = moved.named(uow, provider, rows)
    charges = {one.id: one for one in (*in_time[0], *known[0])}
    refunds = {one.id: one for one in (*in_time[1], *known[1])}
    expected = {one.id for side in in_time for one in side}
    agreed, missed = matching.matched(list(charges.values()), list(refunds.values()), rows, expected)
    found = _with_orders(uow, missed)
    for row, ours in agreed:
        if row.fee_minor:
            sides = booking.fee(provider, row.fee_minor)
            book_once(uow, f"fee:{provider}:{ours.id}", "fee", ours, sides, now=now)
    made = Reconciliation(
        new_id(now),
        provider,
        now,
        by.name,
        since,
        until,
        len(agreed),
        sum(row.amount_minor if row.kind == "charge" else -row.amount_minor for row, _ in agreed),
        sum(row.fee_minor for row, _ in agreed),
        tuple(found),
    )
    heard.keep_statement(uow, _stored(made))
    detail: dict[str, audit.Plain] = {"matched": made.matched, "mismatches": len(found)}
    audit.record(uow, at=now, actor=by.name, action="payments.reconciled", target=provider, detail=detail)
    return made


def _with_orders(uow: UnitOfWork, found: Sequence[Mismatch]) -> list[Mismatch]:
    """What came for an intent of ours that we do not know to be paid has an order: its notice was lost."""
    named = [one for one in found if one.what == "missing_here" and one.kind == "charge"]
    orders = intents.orders_of(uow, [UUID(one.ours) for one in named if _ID.fullmatch(one.ours)])
    return [
        replace(one, order_id=orders[one.ours]) if one.ours in orders else replace(one, ours="")
        for one in found
    ]


def sandbox_rows(said: Sequence[Mapping[str, Any]]) -> list[StatementRow]:
    """The sandbox's own statement."""
    return [
        StatementRow(
            "charge" if one["kind"] == "charge" else "refund",
            str(one["ref"]),
            str(one["id"]),
            int(one["amount_minor"]),
            str(one["currency"]),
        )
        for one in said
    ]


def reconciliations(uow: UnitOfWork, limit: int = 20) -> list[Reconciliation]:
    """Statements that were laid beside our books, the newest first."""
    return [_read(row) for row in heard.statements_newest(uow, limit)]


def _stored(made: Reconciliation) -> dict[str, object]:
    outcome = {name: getattr(made, name) for name in ("matched", "matched_minor", "fees_minor")}
    shown = [asdict(one) for one in made.mismatches[:KEPT_MOST]]
    row = {name: getattr(made, name) for name in ("id", "provider", "taken_at", "taken_by", "since", "until")}
    return row | {"outcome": outcome | {"mismatches": shown}}


def _read(row: Mapping[str, Any]) -> Reconciliation:
    said = dict(row["outcome"])
    said["mismatches"] = tuple(Mismatch(**one) for one in said["mismatches"])
    return Reconciliation(**{name: value for name, value in row.items() if name != "outcome"}, **said)

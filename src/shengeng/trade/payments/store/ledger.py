"""Rows of the ledger: it only grows, and the database refuses what does not balance."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from shengeng.storage.rows import UnitOfWork
from shengeng.trade.payments.contracts import AccountStanding, Posting, Transaction
from shengeng.trade.payments.store.tables import accounts, kept, postings, transactions

_T, _P = transactions.c, postings.c


def book(uow: UnitOfWork, one: Transaction) -> bool:
    """Keep a transaction with its postings; False when its cause was booked before."""
    row = {
        "id": one.id,
        "at": one.at,
        "cause": one.cause,
        "about": one.about,
        "order_id": one.order_id,
        "currency": one.currency,
        "sides": len(one.postings),
    }
    made = insert(transactions).values(row).on_conflict_do_nothing(index_elements=["cause"])
    if not kept(uow, made.returning(_T.id)):
        return False
    sides = [
        {"transaction_id": one.id, "side": side, "account": it.account, "amount_minor": it.amount_minor}
        for side, it in enumerate(one.postings)
    ]
    uow.conn.execute(sa.insert(postings), sides)
    return True


def page(
    uow: UnitOfWork,
    account: str | None,
    order_id: str | None,
    before: tuple[datetime, UUID] | None,
    limit: int,
) -> list[Transaction]:
    """Transactions, the newest first."""
    wanted = sa.select(transactions)
    if order_id:
        wanted = wanted.where(_T.order_id == order_id)
    if account:
        wanted = wanted.where(_T.id.in_(sa.select(_P.transaction_id).where(_P.account == account)))
    if before:
        wanted = wanted.where(sa.tuple_(_T.at, _T.id) < sa.tuple_(*map(sa.literal, before)))
    rows = uow.conn.execute(wanted.order_by(_T.at.desc(), _T.id.desc()).limit(limit)).all()
    sides = _sides(uow, [row.id for row in rows])
    return [
        Transaction(row.id, row.at, row.cause, row.about, row.order_id, row.currency, sides[row.id])
        for row in rows
    ]


def balances(uow: UnitOfWork) -> list[tuple[str, str, str, int]]:
    """(account, kind, currency, amount) of every account that was ever posted to; debits are positive."""
    total = sa.cast(sa.func.sum(_P.amount_minor), sa.BigInteger)
    wanted = (
        sa.select(_P.account, accounts.c.kind, _T.currency, total)
        .join(transactions, _T.id == _P.transaction_id)
        .join(accounts, accounts.c.account == _P.account)
        .group_by(_P.account, accounts.c.kind, _T.currency)
        .order_by(_T.currency, accounts.c.kind, _P.account)
    )
    return [(account, kind, currency, amount) for account, kind, currency, amount in uow.conn.execute(wanted)]


def standings(uow: UnitOfWork) -> list[AccountStanding]:
    """Every account that was ever posted to, by currency."""

    def whole(amount: sa.ColumnElement[int]) -> sa.ColumnElement[int]:
        return sa.cast(sa.func.sum(amount), sa.BigInteger)

    debits = whole(sa.func.greatest(_P.amount_minor, 0))
    credits = whole(sa.func.greatest(-_P.amount_minor, 0))
    wanted = (
        sa.select(
            _P.account, accounts.c.kind, _T.currency, debits, credits, sa.func.count(), sa.func.max(_T.at)
        )
        .join(transactions, _T.id == _P.transaction_id)
        .join(accounts, accounts.c.account == _P.account)
        .group_by(_P.account, accounts.c.kind, _T.currency)
        .order_by(_T.currency, accounts.c.kind, _P.account)
    )
    return [AccountStanding(*row) for row in uow.conn.execute(wanted)]


def _sides(uow: UnitOfWork, ids: Sequence[UUID]) -> dict[UUID, tuple[Posting, ...]]:
    found: dict[UUID, list[Posting]] = {one: [] for one in ids}
    wanted = sa.select(postings).where(_P.transaction_id.in_(ids)).order_by(_P.transaction_id, _P.side)
    for row in uow.conn.execute(wanted):
        found[row.transaction_id].append(Posting(row.account, row.amount_minor))
    return {one: tuple(sides) for one, sides in found.items()}

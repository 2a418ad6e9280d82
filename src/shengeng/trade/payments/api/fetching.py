"""A day's statement fetched from the provider that keeps it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta, timezone

from shengeng.storage.stores import Stores
from shengeng.trade.payments.api.reconciling import read_statement
from shengeng.trade.payments.api.setting_up import adapter
from shengeng.trade.payments.contracts import Billing, Send, StatementRow
from shengeng.trade.payments.contracts.refusals import BAD_STATEMENT, NO_BILLS

_BEIJING = timezone(timedelta(hours=8))


def day_of(day: date, now: datetime) -> tuple[datetime, datetime]:
    """When a day begins and ends for the providers, in Beijing; refuses one that is not over."""
    since = datetime.combine(day, time.min, _BEIJING)
    until = since + timedelta(days=1)
    if until > now:
        raise BAD_STATEMENT.error(row=0, why=f"{day.isoformat()} is not over in Beijing")
    return since, until


def fetch_statement(
    stores: Stores, provider: str, day: date, now: datetime, *, send: Send | None = None
) -> Sequence[StatementRow]:
    """The movements of a day as the provider states them. No transaction is held while it is asked.

    Refuses a provider without statements, a day that is not over, and what cannot be read or trusted.
    """
    day_of(day, now)
    with stores.rows.unit() as uow:
        way = adapter(uow, provider, send=send)
    if not isinstance(way, Billing):
        raise NO_BILLS.error(provider=provider)
    return read_statement(way.bill(day, now), "CNY")

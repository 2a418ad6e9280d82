"""What payments do in the background: send refunds, close intents, ask about what stays silent, tidy."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from uuid import UUID

from shengeng.kernel.errors import ShopError
from shengeng.storage.progress import Progress
from shengeng.storage.queue import LIVE, Queue
from shengeng.storage.stores import Stores
from shengeng.trade.payments import api
from shengeng.trade.payments.api.hearing import Claim
from shengeng.trade.payments.contracts import Hear, Told
from shengeng.trade.payments.contracts.values import ASK_TASK, CLOSE_TASK, REFUND_TASK, TIDY_TASK

_EVERY_10_S, _NIGHTLY = "* * * * * */10", "40 3 * * *"
Said = tuple[str, Told]


def register(
    queue: Queue, clock: Callable[[], datetime], hear: Hear | None = None, claim: Claim | None = None
) -> None:
    """Let the worker work for payments. hear: acts on each fact in the transaction that makes it certain;
    claim: holds its order before anything of its money is held.

    Without somebody who hears, charges are never asked for: their facts would reach nobody.
    """

    @queue.task(REFUND_TASK, LIVE)
    def refund(stores: Stores, progress: Progress, *, refund_id: str) -> None:
        del progress
        _act(stores, api.send_refund(stores, UUID(refund_id), clock()), hear, clock(), claim)

    @queue.task(CLOSE_TASK, LIVE)
    def close(stores: Stores, progress: Progress, *, intent_id: str) -> None:
        del progress
        api.close_outside(stores, UUID(intent_id), clock())

    @queue.task(ASK_TASK, LIVE, quiet=True)
    def ask(stores: Stores, progress: Progress) -> None:
        ask_due(stores, clock(), hear, progress, claim)

    @queue.task(TIDY_TASK)
    def tidy(stores: Stores, progress: Progress) -> None:
        with stores.rows.unit() as uow:
            progress.note(f"{api.empty_old_notices(uow, clock())} old notices lost what they said")

    if hear is not None:
        queue.schedule(ASK_TASK, _EVERY_10_S, due=lambda stores: _something_due(stores, clock()))
    queue.schedule(TIDY_TASK, _NIGHTLY)


def ask_due(
    stores: Stores, now: datetime, hear: Hear | None, progress: Progress, claim: Claim | None = None
) -> None:
    """Ask about everything that is due; a provider that is away does not keep the others waiting."""
    with stores.rows.unit() as uow:
        intents, refunds = api.unheard(uow, now), api.due_refunds(uow, now)
    _each(intents, lambda one: api.ask(stores, one, now), stores, hear, now, progress, claim)
    _each(refunds, lambda one: api.send_refund(stores, one, now), stores, hear, now, progress, claim)


def _each(  # noqa: PLR0917 (one loop for both kinds)
    ids: Iterable[UUID],
    ask: Callable[[UUID], Said | None],
    stores: Stores,
    hear: Hear | None,
    now: datetime,
    progress: Progress,
    claim: Claim | None = None,
) -> None:
    for one in ids:
        progress.check()
        try:
            _act(stores, ask(one), hear, now, claim)
        except ShopError as error:
            progress.note(f"{one}: {error}")


def _act(
    stores: Stores, said: Said | None, hear: Hear | None, now: datetime, claim: Claim | None = None
) -> None:
    if said is None:
        return
    with stores.rows.unit() as uow:
        fact = api.settle(uow, said[0], said[1], now, claim=claim)
        if fact is not None and hear is not None:
            hear(uow, fact, now)


def _something_due(stores: Stores, now: datetime) -> bool:
    with stores.rows.unit() as uow:
        return api.any_unheard(uow, now)

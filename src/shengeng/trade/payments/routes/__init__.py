"""/v1/trade/payments: what came in, what went back, what providers said, and whether it all agrees."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Annotated, TypeVar
from uuid import UUID

from fastapi import APIRouter, Query

from shengeng.http import (
    BAD_CURSOR,
    Admin,
    Approver,
    Cursor,
    Limit,
    Now,
    Operator,
    Shop,
    Unit,
    Viewer,
    error_answers,
    from_cursor,
    to_cursor,
)
from shengeng.trade.payments import api
from shengeng.trade.payments.contracts import IntentState, RefundState, Verdict
from shengeng.trade.payments.routes.shapes import (
    Account,
    Faults,
    NoticePage,
    PaymentCharge,
    PaymentChargePage,
    PaymentIntent,
    PaymentIntentPage,
    PaymentNotice,
    PaymentReconciliation,
    PaymentReconciliations,
    PaymentRefund,
    PaymentRefundPage,
    PaymentsOverview,
    PaymentTransaction,
    PaymentTransactionPage,
    PaymentWay,
    PaymentWays,
    ProviderName,
    Standing,
    Statement,
    StatementDay,
    StatementTime,
    Way,
    WayChange,
)

router = APIRouter(
    prefix="/v1/trade/payments", tags=["trade"], responses=error_answers(401, 403, 404, 409, 413, 422, 503)
)
Row = TypeVar("Row")
_WEEK = timedelta(days=7)
Word = Annotated[str | None, Query(max_length=200)]


@router.get("")
def get_payments(_: Viewer, uow: Unit, now: Now) -> PaymentsOverview:
    """Where the money stands, which ways to pay there are, and what needs a person."""
    parked = [
        one for one in api.charges_page(uow, standing="parked", before=None, limit=200) if one.left_minor
    ]
    failed = api.refunds_page(uow, state="failed", before=None, limit=200)
    return PaymentsOverview(
        ways=[Way.model_validate(one) for one in api.providers(uow)],
        sandbox=api.needs_sandbox(uow),
        accounts=[Account.model_validate(one) for one in api.standings(uow)],
        notices=dict(api.verdicts(uow, now - _WEEK)),
        parked=len(parked),
        refunds_failed=len(failed),
    )


@router.get("/ways")
def list_payment_ways(_: Admin, uow: Unit) -> PaymentWays:
    """Every way to pay with its settings; of secrets only where they lie."""
    return PaymentWays(rows=[PaymentWay.model_validate(one) for one in api.providers(uow)])


@router.put("/ways/{provider}")
def set_up_payment_way(
    provider: ProviderName, body: WayChange, who: Admin, uow: Unit, now: Now
) -> PaymentWay:
    """Set a way to pay up, and switch it on or off."""
    made = api.set_up(uow, who, now, provider, enabled=body.enabled, settings=body.settings)
    return PaymentWay.model_validate(made)


@router.get("/intents")
def list_payment_intents(
    _: Viewer,
    uow: Unit,
    *,
    state: IntentState | None = None,
    provider: ProviderName | None = None,
    order_id: Word = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> PaymentIntentPage:
    """What buyers were asked to pay, the newest first."""
    rows = api.intents_page(
        uow, state=state, provider=provider, order_id=order_id, before=_before(cursor), limit=limit + 1
    )
    shown, more = _page(rows, limit, [(one.created_at, one.id) for one in rows])
    return PaymentIntentPage(rows=[PaymentIntent.model_validate(one) for one in shown], next=more)


@router.post("/intents/{intent_id}/ask")
def ask_about_payment(intent_id: UUID, who: Operator, uow: Unit, now: Now) -> PaymentIntent:
    """Ask the provider now what became of a payment; the answer is judged like a notice within seconds."""
    return PaymentIntent.model_validate(api.ask_again(uow, who, now, intent_id))


@router.get("/charges")
def list_payment_charges(
    _: Viewer, uow: Unit, standing: Standing | None = None, cursor: Cursor = None, limit: Limit = 50
) -> PaymentChargePage:
    """Money that came in, the newest first; parked is what fits no order."""
    rows = api.charges_page(uow, standing=standing, before=_before(cursor), limit=limit + 1)
    shown, more = _page(rows, limit, [(one.charged_at, one.id) for one in rows])
    return PaymentChargePage(rows=[PaymentCharge.model_validate(one) for one in shown], next=more)


@router.post("/charges/{charge_id}/return")
def return_parked_payment(charge_id: UUID, who: Approver, uow: Unit, now: Now) -> PaymentRefund:
    """Send parked money back to whoever paid it."""
    return PaymentRefund.model_validate(api.give_parked_back(uow, who, now, charge_id))


@router.get("/refunds")
def list_payment_refunds(
    _: Viewer, uow: Unit, state: RefundState | None = None, cursor: Cursor = None, limit: Limit = 50
) -> PaymentRefundPage:
    """Money on its way back and there, the newest first."""
    rows = api.refunds_page(uow, state=state, before=_before(cursor), limit=limit + 1)
    shown, more = _page(rows, limit, [(one.requested_at, one.id) for one in rows])
    through = api.refund_providers(uow, [one.id for one in shown])
    told = [PaymentRefund.model_validate(one) for one in shown]
    return PaymentRefundPage(
        rows=[one.model_copy(update={"provider": through.get(one.id, "")}) for one in told], next=more
    )


@router.post("/refunds/{refund_id}/again")
def send_refund_again(refund_id: UUID, who: Operator, uow: Unit, now: Now) -> PaymentRefund:
    """Send a failed refund once more."""
    return PaymentRefund.model_validate(api.try_again(uow, who, now, refund_id))


@router.get("/notices")
def list_payment_notices(
    _: Viewer,
    uow: Unit,
    verdict: Verdict | None = None,
    order_id: Word = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> NoticePage:
    """What providers said and what became of it, forged notices too, the newest first."""
    before = _before(cursor)
    rows = api.notices_page(uow, verdict=verdict, order_id=order_id, before=before, limit=limit + 1)
    shown, more = _page(rows, limit, [(one.received_at, one.id) for one in rows])
    return NoticePage(rows=[PaymentNotice.model_validate(one) for one in shown], next=more)


@router.get("/ledger")
def list_payment_transactions(
    _: Viewer,
    uow: Unit,
    account: Word = None,
    order_id: Word = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> PaymentTransactionPage:
    """Movements of money with both sides, the newest first."""
    before = _before(cursor)
    rows = api.transactions_page(uow, account=account, order_id=order_id, before=before, limit=limit + 1)
    shown, more = _page(rows, limit, [(one.at, one.id) for one in rows])
    through = api.transaction_providers(uow, shown)
    told = [PaymentTransaction.model_validate(one) for one in shown]
    return PaymentTransactionPage(
        rows=[one.model_copy(update={"provider": through.get(one.id, "")}) for one in told], next=more
    )


@router.get("/reconciliations")
def list_payment_reconciliations(_: Viewer, uow: Unit) -> PaymentReconciliations:
    """Statements that were laid beside our books, the newest first."""
    found = api.reconciliations(uow)
    return PaymentReconciliations(rows=[PaymentReconciliation.model_validate(one) for one in found])


@router.post("/reconciliations")
def reconcile_payments(body: Statement, who: Operator, uow: Unit, now: Now) -> PaymentReconciliation:
    """Lay a statement beside our books: a provider's own file, or plain columns kind, ref, amount."""
    rows = api.read_statement(body.text, body.currency)
    made = api.reconcile(uow, who, now, body.provider, rows, since=body.since, until=body.until)
    return PaymentReconciliation.model_validate(made)


@router.post("/reconciliations/fetched")
def reconcile_fetched(body: StatementDay, who: Operator, stores: Shop, now: Now) -> PaymentReconciliation:
    """Fetch a day's statement from WeChat Pay or Alipay and lay it beside our books."""
    since, until = api.day_of(body.day, now)
    rows = api.fetch_statement(stores, body.provider, body.day, now)
    with stores.rows.unit() as uow:
        made = api.reconcile(uow, who, now, body.provider, rows, since=since, until=until)
    return PaymentReconciliation.model_validate(made)


@router.post("/reconciliations/sandbox")
def reconcile_sandbox(body: StatementTime, who: Operator, stores: Shop, now: Now) -> PaymentReconciliation:
    """Fetch the sandbox's statement and lay it beside our books."""
    said = api.sandbox_statement(stores, now)
    with stores.rows.unit() as uow:
        made = api.reconcile(
            uow, who, now, "sandbox", api.sandbox_rows(said), since=body.since, until=body.until
        )
    return PaymentReconciliation.model_validate(made)


@router.get("/sandbox/faults")
def get_sandbox_faults(_: Viewer, stores: Shop, now: Now) -> Faults:
    """How the sandbox misbehaves at the moment."""
    return Faults.model_validate(api.sandbox_faults(stores, now))


@router.put("/sandbox/faults")
def switch_sandbox_faults(body: Faults, who: Operator, stores: Shop, now: Now) -> Faults:
    """Let the sandbox misbehave, to see what the shop does."""
    return Faults.model_validate(api.switch_sandbox(stores, who, now, body.model_dump()))


def _before(cursor: str | None) -> tuple[datetime, UUID] | None:
    found = from_cursor(cursor, str, str)
    try:
        before = (datetime.fromisoformat(str(found[0])), UUID(str(found[1]))) if found else None
        if before is None or before[0].tzinfo is not None:
            return before
    except ValueError:
        pass
    raise BAD_CURSOR.error(value=str(cursor)[:80])


def _page(
    rows: Sequence[Row], limit: int, keys: Sequence[tuple[datetime, UUID]]
) -> tuple[Sequence[Row], str | None]:
    """The rows to show and the cursor to what follows; one row more than the limit was asked for."""
    if len(rows) <= limit:
        return rows, None
    at, one = keys[limit - 1]
    return rows[:limit], to_cursor(at.isoformat(), str(one))

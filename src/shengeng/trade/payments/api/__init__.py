"""What others may ask of payments."""

from __future__ import annotations

from shengeng.trade.payments.api.asking import any_unheard, ask, ask_again, due_refunds, unheard
from shengeng.trade.payments.api.charging import begin, cancel, close_outside, present
from shengeng.trade.payments.api.fetching import day_of, fetch_statement
from shengeng.trade.payments.api.hearing import receive, settle, take_notice
from shengeng.trade.payments.api.personal import empty_old_notices, erase_orders, export_orders
from shengeng.trade.payments.api.reading import (
    balances,
    charges_page,
    intents,
    intents_page,
    money,
    notices_page,
    refund_providers,
    refunds,
    refunds_page,
    standings,
    transaction_providers,
    transactions_page,
    verdicts,
)
from shengeng.trade.payments.api.reconciling import (
    read_statement,
    reconcile,
    reconciliations,
    sandbox_rows,
)
from shengeng.trade.payments.api.refunding import (
    give_parked_back,
    refund,
    send_refund,
    try_again,
)
from shengeng.trade.payments.api.sandbox import (
    sandbox_faults,
    sandbox_statement,
    switch_sandbox,
)
from shengeng.trade.payments.api.setting_up import (
    needs_sandbox,
    providers,
    sandbox_secret,
    sandbox_url,
    set_up,
    set_up_sandbox,
    usable,
)

__all__ = [
    "any_unheard",
    "ask",
    "ask_again",
    "balances",
    "begin",
    "cancel",
    "charges_page",
    "close_outside",
    "day_of",
    "due_refunds",
    "empty_old_notices",
    "erase_orders",
    "export_orders",
    "fetch_statement",
    "give_parked_back",
    "intents",
    "intents_page",
    "money",
    "needs_sandbox",
    "notices_page",
    "present",
    "providers",
    "read_statement",
    "receive",
    "reconcile",
    "reconciliations",
    "refund",
    "refund_providers",
    "refunds",
    "refunds_page",
    "sandbox_faults",
    "sandbox_rows",
    "sandbox_secret",
    "sandbox_statement",
    "sandbox_url",
    "send_refund",
    "set_up",
    "set_up_sandbox",
    "settle",
    "standings",
    "switch_sandbox",
    "take_notice",
    "transaction_providers",
    "transactions_page",
    "try_again",
    "unheard",
    "usable",
    "verdicts",
]

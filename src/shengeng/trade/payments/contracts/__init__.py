"""What payments publish."""

from __future__ import annotations

from shengeng.trade.payments.contracts.port import Hear, Provider, Request, Response, Send, Told
from shengeng.trade.payments.contracts.values import (
    ACCOUNTS,
    CLOSE_TASK,
    PROVIDERS,
    REFUND_TASK,
    Action,
    Charge,
    Fact,
    Intent,
    IntentState,
    Money,
    Notice,
    Posting,
    ProviderState,
    Refund,
    RefundState,
    Reply,
    Taken,
    Transaction,
    Verdict,
)

__all__ = [
    "ACCOUNTS",
    "CLOSE_TASK",
    "PROVIDERS",
    "REFUND_TASK",
    "Action",
    "Charge",
    "Fact",
    "Hear",
    "Intent",
    "IntentState",
    "Money",
    "Notice",
    "Posting",
    "Provider",
    "ProviderState",
    "Refund",
    "RefundState",
    "Reply",
    "Request",
    "Response",
    "Send",
    "Taken",
    "Told",
    "Transaction",
    "Verdict",
]

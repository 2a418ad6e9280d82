"""Values of payments. Amounts are integer minor units of the currency beside them; times aware UTC."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

PROVIDERS = ("sandbox", "wechat_v3", "alipay")
# Where money stands. A positive posting is a debit.
ACCOUNTS = {
    "provider:sandbox": "asset",
    "provider:wechat_v3": "asset",
    "provider:alipay": "asset",
    "orders": "liability",
    "refunds_due": "liability",
    "suspense": "liability",
    "fees": "expense",
}
REFUND_TASK, CLOSE_TASK, ASK_TASK, TIDY_TASK = (
    "payments.refund",
    "payments.close",
    "payments.ask",
    "payments.tidy",
)
# An intent that stays silent so long is asked about; then at growing distances, at most so often.
ASK_AFTER, ASK_MOST = timedelta(seconds=30), 40
# A shown payment address is believed for so long (WeChat Pay's H5 address lives five minutes).
SHOWN_FOR = timedelta(minutes=4)
# What a notice said is kept so long in full; then only that it came and what became of it.
NOTICE_KEPT = timedelta(days=180)
BODY_LONGEST, FORGED_LONGEST = 65_536, 2_048
# Whoever sends forged notices by the thousand fills no disk: so many an hour are kept, the rest refused.
FORGED_MOST, FORGED_TIME = 1_000, timedelta(hours=1)

Screen = Literal["desk", "phone"]
IntentState = Literal["open", "charged", "failed", "cancelled"]
RefundState = Literal["waiting", "asked", "done", "failed"]
Verdict = Literal[
    "accepted", "late", "duplicate", "second", "wrong_amount", "unknown", "ignored", "unreadable", "forged"
]
FactKind = Literal["charged", "failed", "refunded"]


@dataclass(frozen=True, slots=True)
class Action:
    """What the buyer does next: follow an address (redirect), scan it as a code (qr), or nothing."""

    kind: Literal["redirect", "qr", "none"]
    url: str


@dataclass(frozen=True, slots=True)
class Device:
    """What the buyer pays with: providers have other pages for phones. address: of the network, not kept."""

    screen: Screen = "desk"
    address: str = ""


@dataclass(frozen=True, slots=True)
class Intent:
    """The wish to be paid once for an order. screen: where it was shown last. label: what the buyer knows
    the order by, not kept."""

    id: UUID
    order_id: str
    provider: str
    amount_minor: int
    currency: str
    state: IntentState
    return_url: str
    created_at: datetime
    expires_at: datetime
    action: Action | None = None
    shown_at: datetime | None = None
    screen: Screen | None = None
    label: str = ""


@dataclass(frozen=True, slots=True)
class Charge:
    """Money that came in. standing: for its order, or parked because it is not what was asked for."""

    id: UUID
    intent_id: UUID | None
    order_id: str | None
    provider: str
    provider_ref: str
    amount_minor: int
    currency: str
    standing: Literal["order", "parked"]
    why: str
    refunded_minor: int
    refunding_minor: int
    charged_at: datetime

    @property
    def left_minor(self) -> int:
        """What can still be refunded of it."""
        return self.amount_minor - self.refunded_minor - self.refunding_minor


@dataclass(frozen=True, slots=True)
class Refund:
    """Money on its way back. key: given by the caller, the same one twice is one refund."""

    id: UUID
    charge_id: UUID
    order_id: str | None
    key: str
    amount_minor: int
    currency: str
    reason: str
    state: RefundState
    provider_ref: str
    asked_times: int
    error: str
    requested_at: datetime
    settled_at: datetime | None


@dataclass(frozen=True, slots=True)
class Fact:
    """What is now certain about an order's money. late: it came when nobody waited for it any more."""

    order_id: str
    kind: FactKind
    amount_minor: int
    provider_ref: str
    intent_id: UUID
    late: bool = False


@dataclass(frozen=True, slots=True)
class Money:
    """An order's money by the facts: charged, of it refunded, and of it on its way back."""

    charged_minor: int = 0
    refunded_minor: int = 0
    refunding_minor: int = 0


@dataclass(frozen=True, slots=True)
class Reply:
    """What the sender of a notice is answered."""

    status: int
    media_type: str
    body: bytes


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a notice, the fact to act on if there is one, and the answer to its sender."""

    verdict: Verdict
    fact: Fact | None
    reply: Reply


@dataclass(frozen=True, slots=True)
class Notice:
    """A notice as it is kept. about: why it was not accepted, in a few words."""

    id: UUID
    provider: str
    received_at: datetime
    via: Literal["notice", "asked"]
    verdict: Verdict
    about: str
    kind: str
    amount_minor: int | None
    currency: str
    provider_ref: str
    order_id: str | None
    intent_id: UUID | None


@dataclass(frozen=True, slots=True)
class Posting:
    """One side of a transaction; debits are positive."""

    account: str
    amount_minor: int


@dataclass(frozen=True, slots=True)
class Transaction:
    """A movement of money whose postings sum to nothing. cause: what it stands for, once only."""

    id: UUID
    at: datetime
    cause: str
    about: str
    order_id: str | None
    currency: str
    postings: tuple[Posting, ...]


@dataclass(frozen=True, slots=True)
class AccountStanding:
    """An account in one currency: what was ever debited and credited, in how many movements, when last."""

    account: str
    kind: str
    currency: str
    debit_minor: int
    credit_minor: int
    movements: int
    last_at: datetime

    @property
    def amount_minor(self) -> int:
        """Its balance; debits are positive."""
        return self.debit_minor - self.credit_minor


@dataclass(frozen=True, slots=True)
class ProviderState:
    """A way to pay as the shop set it up. settings: never a secret, only where one lies."""

    provider: str
    enabled: bool
    ready: bool
    missing: tuple[str, ...]
    settings: Mapping[str, str]
    updated_at: datetime | None
    updated_by: str


@dataclass(frozen=True, slots=True)
class StatementRow:
    """One movement of money by a provider's statement. ours: our id as the provider was given it, or ''.

    fee_minor: what the provider kept of it; negative when a fee came back.
    """

    kind: Literal["charge", "refund"]
    provider_ref: str
    ours: str
    amount_minor: int
    currency: str
    fee_minor: int = 0


@dataclass(frozen=True, slots=True)
class Mismatch:
    """A movement that only one side has, or that both have differently (null: that side has none).

    ours: our id by the statement, where it names one of ours: an intent that can be asked about.
    """

    what: Literal["missing_here", "missing_there", "different"]
    kind: Literal["charge", "refund"]
    provider_ref: str
    order_id: str | None
    here_minor: int | None
    there_minor: int | None
    currency: str
    ours: str = ""


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """A statement laid beside our books for the time from since to until."""

    id: UUID
    provider: str
    taken_at: datetime
    taken_by: str
    since: datetime
    until: datetime
    matched: int
    matched_minor: int
    fees_minor: int
    mismatches: tuple[Mismatch, ...]

"""What the routes of payments say and take."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

from shengeng.trade.payments.contracts import IntentState, RefundState, Verdict

ProviderName = Literal["sandbox", "wechat_v3", "alipay"]
Standing = Literal["order", "parked"]
_READ = ConfigDict(from_attributes=True)
_TAKEN = ConfigDict(extra="forbid")
# A day's bill of a hundred thousand payments.
STATEMENT_LONGEST = 40_000_000


class Way(BaseModel):
    """A way to pay: switched on, and with everything it needs."""

    model_config = _READ
    provider: ProviderName
    enabled: bool
    ready: bool


class Account(BaseModel):
    """Where money stands; debits are positive, and the amounts of a currency sum to nothing."""

    model_config = _READ
    account: str
    kind: Literal["asset", "liability", "expense"]
    currency: str
    amount_minor: int
    debit_minor: int
    credit_minor: int
    movements: int
    last_at: datetime


class PaymentsOverview(BaseModel):
    """Payments at a glance. sandbox: no real way to pay is on; notices: of seven days, by verdict."""

    ways: list[Way]
    sandbox: bool
    accounts: list[Account]
    notices: dict[str, int]
    parked: int
    refunds_failed: int


class PaymentWay(BaseModel):
    """A way to pay with its settings; missing: what has to be given before it works."""

    model_config = _READ
    provider: ProviderName
    enabled: bool
    ready: bool
    missing: list[str]
    settings: dict[str, str]
    updated_at: datetime | None
    updated_by: str


class PaymentWays(BaseModel):
    """Every way to pay."""

    rows: list[PaymentWay]


class WayChange(BaseModel):
    """How a way to pay shall be set up. Names ending in _file are paths of files with secrets."""

    model_config = _TAKEN
    enabled: bool
    settings: Annotated[
        dict[
            Annotated[str, StringConstraints(max_length=60)],
            Annotated[str, StringConstraints(max_length=600)],
        ],
        Field(max_length=20),
    ]


class PaymentIntent(BaseModel):
    """What a buyer was asked to pay."""

    model_config = _READ
    id: UUID
    order_id: str
    provider: str
    amount_minor: int
    currency: str
    state: IntentState
    created_at: datetime
    expires_at: datetime
    shown_at: datetime | None


class PaymentIntentPage(BaseModel):
    """One page of intents."""

    rows: list[PaymentIntent]
    next: str | None


class PaymentCharge(BaseModel):
    """Money that came in. why: for parked money, what it does not fit."""

    model_config = _READ
    id: UUID
    order_id: str | None
    provider: str
    provider_ref: str
    amount_minor: int
    currency: str
    standing: Standing
    why: str
    refunded_minor: int
    refunding_minor: int
    left_minor: int
    charged_at: datetime


class PaymentChargePage(BaseModel):
    """One page of charges."""

    rows: list[PaymentCharge]
    next: str | None


class PaymentRefund(BaseModel):
    """Money on its way back or there. provider: through whom it came and goes."""

    model_config = _READ
    id: UUID
    charge_id: UUID
    order_id: str | None
    provider: str = ""
    amount_minor: int
    currency: str
    reason: str
    state: RefundState
    provider_ref: str
    asked_times: int
    error: str
    requested_at: datetime
    settled_at: datetime | None


class PaymentRefundPage(BaseModel):
    """One page of refunds."""

    rows: list[PaymentRefund]
    next: str | None


class PaymentNotice(BaseModel):
    """A notice as it was judged. via: sent to us, or the answer to our own question."""

    model_config = _READ
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


class NoticePage(BaseModel):
    """One page of notices."""

    rows: list[PaymentNotice]
    next: str | None


class Side(BaseModel):
    """One side of a transaction; debits are positive."""

    model_config = _READ
    account: str
    amount_minor: int


class PaymentTransaction(BaseModel):
    """A movement of money; its sides sum to nothing. provider: through whom the money came."""

    model_config = _READ
    id: UUID
    at: datetime
    about: str
    order_id: str | None
    provider: str = ""
    currency: str
    postings: list[Side]


class PaymentTransactionPage(BaseModel):
    """One page of the ledger."""

    rows: list[PaymentTransaction]
    next: str | None


class Mismatched(BaseModel):
    """A movement that only one side has, or that both have differently. ours: a payment to ask about."""

    model_config = _READ
    what: Literal["missing_here", "missing_there", "different"]
    kind: Literal["charge", "refund"]
    provider_ref: str
    order_id: str | None
    here_minor: int | None
    there_minor: int | None
    currency: str
    ours: str = ""


class PaymentReconciliation(BaseModel):
    """A statement beside our books. matched_minor: what came in less what went back, of what agrees."""

    model_config = _READ
    id: UUID
    provider: str
    taken_at: datetime
    taken_by: str
    since: datetime
    until: datetime
    matched: int
    matched_minor: int
    fees_minor: int
    mismatches: list[Mismatched]


class PaymentReconciliations(BaseModel):
    """Statements that were laid beside our books."""

    rows: list[PaymentReconciliation]


class StatementTime(BaseModel):
    """The time that a statement covers."""

    model_config = _TAKEN
    since: AwareDatetime
    until: AwareDatetime


class StatementDay(BaseModel):
    """A day in Beijing whose statement the provider keeps."""

    model_config = _TAKEN
    provider: ProviderName
    day: date


class Statement(StatementTime):
    """A statement file as text. currency: where the file names none."""

    provider: ProviderName
    currency: Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")] = "CNY"
    text: Annotated[str, StringConstraints(min_length=1, max_length=STATEMENT_LONGEST)]


class Faults(BaseModel):
    """How the sandbox misbehaves; everything off by default."""

    model_config = _TAKEN
    delay_s: Annotated[int, Field(ge=0, le=86_400)] = 0
    copies: Annotated[int, Field(ge=1, le=10)] = 1
    reorder: bool = False
    lose: bool = False
    forge: bool = False
    wrong_amount: bool = False
    refuse_refunds: bool = False
    refund_delay_s: Annotated[int, Field(ge=0, le=86_400)] = 0
    away: bool = False

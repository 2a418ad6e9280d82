"""What providers tell: every notice is kept, believed only when signed, and acted on once."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from shengeng.kernel.errors import ShopError
from shengeng.kernel.ids import new_id
from shengeng.storage.rows import UnitOfWork
from shengeng.trade.payments.api.judging import Judged, judge
from shengeng.trade.payments.api.setting_up import adapter
from shengeng.trade.payments.contracts import Fact, Reply, Taken, Told, Verdict
from shengeng.trade.payments.contracts.refusals import FORGED, UNREADABLE
from shengeng.trade.payments.contracts.values import BODY_LONGEST, FORGED_LONGEST, FORGED_MOST, FORGED_TIME
from shengeng.trade.payments.store import heard
from shengeng.trade.payments.store import intents as store

# Called with the order's id before any row of payments is held, so that a caller can hold its own first.
Claim = Callable[[UnitOfWork, str], None]
# Headers that a signature needs, or that say when and by whom; no cookie, no address.
_KEPT: tuple[str, ...] = (
    "content-type",
    "user-agent",
    "x-sandbox-signature",
    "wechatpay-signature",
    "wechatpay-timestamp",
)
_KEPT += ("wechatpay-nonce", "wechatpay-serial", "wechatpay-signature-type", "request-id")


@dataclass(frozen=True, slots=True)
class _Heard:
    provider: str
    via: Literal["notice", "asked"]
    headers: Mapping[str, str]
    body: bytes


def receive(
    uow: UnitOfWork, provider: str, headers: Mapping[str, str], body: bytes, now: datetime
) -> Fact | None:
    """The fact that a notice brings; None for a duplicate and for what is refused or parked.

    Doors use `take_notice`, which says as well what the sender must be answered.
    """
    return take_notice(uow, provider, headers, body, now).fact


def take_notice(
    uow: UnitOfWork,
    provider: str,
    headers: Mapping[str, str],
    body: bytes,
    now: datetime,
    *,
    claim: Claim | None = None,
) -> Taken:
    """Keep a notice and act on it once. A forged or unreadable one is kept and refused by its reply.

    claim: called with the order's id before any row of payments is held. Refuses only an unknown provider.
    """
    way = adapter(uow, provider)
    lower = {name.lower(): value for name, value in headers.items()}
    came = _Heard(provider, "notice", lower, body)
    try:
        if len(body) > BODY_LONGEST:
            raise UNREADABLE.error(provider=provider, why=f"more than {BODY_LONGEST} bytes")
        told = way.read(lower, body, now)
    except ShopError as error:
        if error.code not in (FORGED.code, UNREADABLE.code):
            raise
        return _refused(uow, came, error, now)
    judged = _judge(uow, provider, told, now, claim)
    _keep(uow, came, judged, told, now)
    return Taken(judged.verdict, judged.fact, way.reply(taken=True))


def settle(
    uow: UnitOfWork, provider: str, told: Told, now: datetime, *, claim: Claim | None = None
) -> Fact | None:
    """The fact that an answer to our own question brings, by the same rules as a notice; None for no news."""
    judged = _judge(uow, provider, told, now, claim)
    if judged.verdict != "duplicate":
        _keep(uow, _Heard(provider, "asked", {}, b""), judged, told, now)
    return judged.fact


def _judge(uow: UnitOfWork, provider: str, told: Told, now: datetime, claim: Claim | None) -> Judged:
    if claim is not None and told.intent_id is not None:
        intent = store.get(uow, told.intent_id)
        if intent is not None:
            claim(uow, intent.order_id)
    return judge(uow, provider, told, now)


def _refused(uow: UnitOfWork, came: _Heard, error: ShopError, now: datetime) -> Taken:
    verdict: Verdict = "forged" if error.code == FORGED.code else "unreadable"
    if heard.refused(uow, came.provider, now - FORGED_TIME, FORGED_MOST) < FORGED_MOST:
        _keep(uow, came, Judged(verdict, None, str(error.params.get("why", ""))), None, now)
    status = 401 if verdict == "forged" else 422
    return Taken(verdict, None, Reply(status, "text/plain", b"refused"))


def _keep(uow: UnitOfWork, came: _Heard, judged: Judged, told: Told | None, now: datetime) -> None:
    longest = FORGED_LONGEST if told is None else BODY_LONGEST
    row: dict[str, object] = {
        "id": new_id(now),
        "provider": came.provider,
        "received_at": now,
        "via": came.via,
        "verdict": judged.verdict,
        "about": judged.about[:300],
        "notice_id": told.notice_id if told else "",
        "kind": told.kind if told else "",
        "amount_minor": told.amount_minor if told else None,
        "currency": told.currency if told else "",
        "provider_ref": told.provider_ref if told else "",
        "intent_id": _told_of(told),
        "order_id": judged.order_id,
        "digest": hashlib.sha256(came.body).digest(),
        "headers": {name: came.headers[name][:1000] for name in _KEPT if name in came.headers},
        "body": came.body[:longest],
    }
    heard.keep(uow, row)


def _told_of(told: Told | None) -> UUID | None:
    return told.intent_id if told else None

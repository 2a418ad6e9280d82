"""A shop that can be paid through the sandbox, and notices as the sandbox signs them."""

from __future__ import annotations

import json
from datetime import datetime
from uuid import UUID

from shengeng.storage.stores import Stores
from shengeng.trade.payments import api as payments
from shengeng.trade.payments.contracts import Intent, Refund, signing

NOTIFY = "http://shop.example/v1/payments/sandbox/notices"
Signed = tuple[dict[str, str], bytes]  # headers and body


def sandbox_ready(stores: Stores, now: datetime) -> None:
    """Switch the sandbox on."""
    with stores.rows.unit() as uow:
        payments.set_up_sandbox(uow, stores.settings, now, notify_url=NOTIFY)


def notice(stores: Stores, now: datetime, said: dict[str, object]) -> Signed:
    """What the sandbox would send to say something, signed at this moment."""
    body = json.dumps(said).encode()
    secret = payments.sandbox_secret(stores.settings.home).read_bytes()
    return {signing.SIGNATURE: signing.sign(secret, "notice", body, now)}, body


def charged(
    stores: Stores, intent: Intent, now: datetime, *, amount_minor: int | None = None, ref: str = ""
) -> Signed:
    """The notice that an intent was paid, by default with what was asked for."""
    return notice(
        stores,
        now,
        {
            "id": f"n-{ref or intent.id.hex}",
            "kind": "charged",
            "payment": intent.id.hex,
            "ref": ref or f"ref-{intent.id.hex}",
            "amount_minor": intent.amount_minor if amount_minor is None else amount_minor,
            "currency": intent.currency,
        },
    )


def failed(stores: Stores, intent: Intent, now: datetime) -> Signed:
    """The notice that an intent's payment failed."""
    said: dict[str, object] = {"id": f"f-{intent.id.hex}", "kind": "failed", "payment": intent.id.hex}
    return notice(
        stores, now, said | {"ref": "", "amount_minor": intent.amount_minor, "currency": intent.currency}
    )


def refunded(stores: Stores, payment: UUID, refund: Refund, now: datetime, *, done: bool = True) -> Signed:
    """The notice that a refund of a payment arrived, or that it did not."""
    said: dict[str, object] = {"id": f"r-{refund.id.hex}", "kind": "refunded" if done else "refund_failed"}
    said |= {"payment": payment.hex, "refund": refund.id.hex, "ref": f"back-{refund.id.hex}"}
    return notice(stores, now, said | {"amount_minor": refund.amount_minor, "currency": refund.currency})

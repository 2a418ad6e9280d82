"""The sandbox provider's adapter: our own process plays a provider, and no money moves."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit
from uuid import UUID

from shengeng.trade.payments.contracts import (
    Action,
    Charge,
    Device,
    Intent,
    Refund,
    Reply,
    Request,
    Send,
    Told,
    signing,
)
from shengeng.trade.payments.contracts.refusals import FORGED, PROVIDER_AWAY, PROVIDER_SAYS_NO, UNREADABLE

NAME = "sandbox"
_KINDS: dict[str, Literal["charged", "failed", "refunded", "refund_failed"]] = {
    "charged": "charged",
    "failed": "failed",
    "refunded": "refunded",
    "refund_failed": "refund_failed",
}


class Sandbox:
    """Talks to the sandbox process at base_url; both sides sign with the secret in secret_file."""

    name, one_screen = NAME, False

    def __init__(self, settings: Mapping[str, str], send: Send) -> None:
        self._base = settings["base_url"].rstrip("/")
        self._pages = settings.get("page_url", self._base).rstrip("/")
        self._notify = settings["notify_url"]
        self._secret = Path(settings["secret_file"]).read_bytes().strip()
        self._send = send

    def present(self, intent: Intent, device: Device, now: datetime) -> Action:
        """Announce an intent; the buyer goes to the sandbox's page, the same on every screen."""
        del device
        wanted = {
            "id": intent.id.hex,
            "order": intent.label,
            "amount_minor": intent.amount_minor,
            "currency": intent.currency,
            "expires_at": intent.expires_at.isoformat(),
            "notify_url": self._notify,
            "return_url": intent.return_url,
        }
        return Action("redirect", self._pages + str(self._call("POST", "/v1/payments", wanted, now)["page"]))

    def read(self, headers: Mapping[str, str], body: bytes, now: datetime) -> Told:
        """A signed notice."""
        flaw = signing.flaw(self._secret, "notice", body, headers.get(signing.SIGNATURE, ""), now)
        if flaw:
            raise FORGED.error(provider=NAME, why=flaw)
        return _told(_object(body))

    def ask(self, intent: Intent, now: datetime) -> Told | None:
        """What became of an intent; None while the buyer has not decided."""
        return _certain(self._call("GET", f"/v1/payments/{intent.id.hex}", None, now))

    def close(self, intent: Intent, now: datetime) -> None:
        """The page of the intent takes nothing any more."""
        self._call("POST", f"/v1/payments/{intent.id.hex}/close", {}, now)

    def refund(self, charge: Charge, refund: Refund, now: datetime) -> Told | None:
        """Ask for a refund; the same id twice is one refund."""
        wanted = {
            "id": refund.id.hex,
            "payment_ref": charge.provider_ref,
            "amount_minor": refund.amount_minor,
            "reason": refund.reason,
        }
        return _certain(self._call("POST", "/v1/refunds", wanted, now))

    def ask_refund(self, _: Charge, refund: Refund, now: datetime) -> Told | None:
        """What became of a refund."""
        return _certain(self._call("GET", f"/v1/refunds/{refund.id.hex}", None, now))

    def reply(self, *, taken: bool) -> Reply:
        """204 for taken, 503 for "again later"."""
        return Reply(204 if taken else 503, "text/plain", b"")

    def statement(self, now: datetime) -> list[dict[str, Any]]:
        """Every movement of money that the sandbox says it made."""
        return list(self._call("GET", "/v1/statement", None, now)["rows"])

    def faults(self, now: datetime, wanted: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """The faults that the sandbox plays, changed first when some are given."""
        method = "GET" if wanted is None else "POST"
        return dict(self._call(method, "/v1/faults", wanted, now))

    def _call(self, method: Any, path: str, wanted: Mapping[str, Any] | None, now: datetime) -> Any:
        body = b"" if wanted is None else json.dumps(wanted).encode()
        url = self._base + path
        place = f"{method} {urlsplit(url).path}"
        headers = {
            "content-type": "application/json",
            signing.SIGNATURE: signing.sign(self._secret, place, body, now),
        }
        answer = self._send(Request(method, url, headers, body))
        if answer.status >= 500:
            raise PROVIDER_AWAY.error(provider=NAME, why=f"HTTP {answer.status}")
        if answer.status >= 400:
            raise PROVIDER_SAYS_NO.error(provider=NAME, code=answer.status, why=_why(answer.body))
        return _object(answer.body)


def _certain(said: Mapping[str, Any]) -> Told | None:
    return _told(said["outcome"]) if said.get("outcome") else None


def _told(said: Mapping[str, Any]) -> Told:
    try:
        refund = said.get("refund")
        amount = said["amount_minor"]
        if type(amount) is not int:
            raise ValueError(f"amount_minor is {amount!r}")
        return Told(
            str(said["id"])[:100],
            _KINDS.get(said["kind"], "other"),
            UUID(hex=said["payment"]),
            UUID(hex=refund) if refund else None,
            str(said["ref"])[:100],
            amount,
            str(said["currency"])[:3],
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise UNREADABLE.error(provider=NAME, why=f"{type(error).__name__}: {error}"[:200]) from None


def _object(body: bytes) -> dict[str, Any]:
    try:
        said = json.loads(body)
    except ValueError:
        said = None
    if not isinstance(said, dict):
        raise UNREADABLE.error(provider=NAME, why="it is no JSON object")
    return said


def _why(body: bytes) -> str:
    try:
        return str(_object(body).get("why", ""))[:200]
    except Exception:
        return ""

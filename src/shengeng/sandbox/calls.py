"""The signed API: what the shop asks of the sandbox."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, HTTPException, Request
from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

from shengeng.sandbox import provider
from shengeng.sandbox.book import Book, Row, stamp
from shengeng.sandbox.faults import Faults
from shengeng.trade.payments.contracts import signing

router = APIRouter(prefix="/v1")


def _in_utc(moment: datetime) -> datetime:
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        raise ValueError("a moment of no calendar") from None


Moment = Annotated[AwareDatetime, AfterValidator(_in_utc)]
Id = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{32}$")]
Text = Annotated[str, StringConstraints(max_length=2000)]
Minor = Annotated[int, Field(gt=0, lt=10**12, strict=True)]


class Wanted(BaseModel):
    """A payment to take."""

    model_config = ConfigDict(extra="forbid")
    id: Id
    order: Text
    amount_minor: Minor
    currency: Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]
    expires_at: Moment
    notify_url: Annotated[str, StringConstraints(pattern=r"^https?://", max_length=500)]
    return_url: Annotated[str, StringConstraints(pattern=r"^https?://", max_length=2000)]


class Back(BaseModel):
    """A refund to send."""

    model_config = ConfigDict(extra="forbid")
    id: Id
    payment_ref: Text
    amount_minor: Minor
    reason: Text


async def _signed(request: Request) -> None:
    """Only the shop that has the same secret may ask; a provider that is away answers nobody."""
    state = request.app.state
    place = f"{request.method} {request.url.path}"
    header = request.headers.get(signing.SIGNATURE, "")
    flaw = signing.flaw(state.secret, place, await request.body(), header, state.clock())
    if flaw:
        raise HTTPException(401, flaw)


def _here(request: Request) -> None:
    if _book(request).faults().away:
        raise HTTPException(503, "the sandbox plays a provider that is away")


def _book(request: Request) -> Book:
    book: Book = request.app.state.book
    return book


def _now(request: Request) -> datetime:
    clock: Callable[[], datetime] = request.app.state.clock
    return clock()


Signed = Depends(_signed)
Here = Depends(_here)
Pages = Annotated[Book, Depends(_book)]
Now = Annotated[datetime, Depends(_now)]


@router.get("/health")
def health() -> dict[str, str]:
    """Whether the process answers."""
    return {"status": "ok"}


@router.post("/payments", dependencies=[Signed, Here])
def announce(wanted: Wanted, book: Pages, now: Now) -> dict[str, str]:
    """Remember a payment and say on which page the buyer decides."""
    row = wanted.model_dump()
    row["expires_at"] = stamp(wanted.expires_at)
    provider.announce(book, row, now)
    return {"page": f"/pay/{wanted.id}"}


@router.get("/payments/{payment_id}", dependencies=[Signed, Here])
def ask_payment(payment_id: Id, book: Pages) -> dict[str, Any]:
    """What became of a payment."""
    row = _payment(book, payment_id)
    return {"state": row["state"], "outcome": provider.outcome(row, None)}


@router.post("/payments/{payment_id}/close", dependencies=[Signed, Here])
def close(payment_id: Id, book: Pages) -> dict[str, Any]:
    """Take no money for it any more."""
    provider.close(book, payment_id)
    return {"state": _payment(book, payment_id)["state"]}


@router.post("/refunds", dependencies=[Signed, Here])
def refund(wanted: Back, book: Pages, now: Now) -> dict[str, Any]:
    """Send money back."""
    return _refund(book, provider.refund(book, wanted.model_dump(), now))


@router.get("/refunds/{refund_id}", dependencies=[Signed, Here])
def ask_refund(refund_id: Id, book: Pages, now: Now) -> dict[str, Any]:
    """What became of a refund."""
    provider.settle_refunds(book, now)
    row = book.one("select * from refunds where id = ?", refund_id)
    if row is None:
        raise HTTPException(404, "no such refund")
    return _refund(book, row)


@router.get("/statement", dependencies=[Signed, Here])
def statement(book: Pages) -> dict[str, Any]:
    """Every movement of money that the sandbox says it made."""
    paid = "select id, ref, amount_minor, currency, settled_at from payments where state = 'charged'"
    back = (
        "select r.id, r.ref, r.amount_minor, p.currency, r.settled_at from refunds r"
        " join payments p on p.id = r.payment where r.state = 'done'"
    )
    rows = [dict(row) | {"kind": "charge"} for row in book.all(paid)]
    rows += [dict(row) | {"kind": "refund"} for row in book.all(back)]
    return {"rows": sorted(rows, key=lambda row: str(row["settled_at"]))}


@router.get("/faults", dependencies=[Signed])
def faults(book: Pages) -> Faults:
    """The faults that are switched on."""
    return book.faults()


@router.post("/faults", dependencies=[Signed])
def switch(wanted: Faults, book: Pages) -> Faults:
    """Switch faults on and off."""
    book.switch(wanted)
    return book.faults()


def _payment(book: Book, payment_id: str) -> dict[str, Any]:
    row = book.one("select * from payments where id = ?", payment_id)
    if row is None:
        raise HTTPException(404, "no such payment")
    return dict(row)


def _refund(book: Book, row: Row) -> dict[str, Any]:
    return {"state": row["state"], "outcome": provider.outcome(_payment(book, row["payment"]), row)}

"""Which accounts a movement of money touches."""

from __future__ import annotations

from shengeng.trade.payments.contracts.values import Charge, Posting

Sides = tuple[Posting, ...]


def came_in(provider: str, amount_minor: int, *, parked: bool) -> Sides:
    """The provider holds money for us; it is owed to an order, or to we do not know whom yet."""
    return _move(_owed(parked=parked), f"provider:{provider}", amount_minor)


def promised(charge: Charge, amount_minor: int) -> Sides:
    """Money of a charge is owed back to its buyer."""
    return _move("refunds_due", _owed(parked=charge.standing == "parked"), amount_minor)


def fell_back(charge: Charge, amount_minor: int) -> Sides:
    """The provider could not send it: it is owed as it was before."""
    return _move(_owed(parked=charge.standing == "parked"), "refunds_due", amount_minor)


def went_back(provider: str, amount_minor: int) -> Sides:
    """The provider sent it to the buyer."""
    return _move(f"provider:{provider}", "refunds_due", amount_minor)


def fee(provider: str, amount_minor: int) -> Sides:
    """The provider kept a fee; a negative one came back."""
    return _move(f"provider:{provider}", "fees", amount_minor)


def _move(credit: str, debit: str, amount_minor: int) -> Sides:
    return (Posting(debit, amount_minor), Posting(credit, -amount_minor))


def _owed(*, parked: bool) -> str:
    return "suspense" if parked else "orders"

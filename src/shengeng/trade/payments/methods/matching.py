"""A provider's statement beside our books."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from shengeng.trade.payments.contracts.values import Charge, Mismatch, Refund, StatementRow

Kept = Charge | Refund


def matched(
    charges: Sequence[Charge],
    refunds: Sequence[Refund],
    rows: Sequence[StatementRow],
    expected: Collection[object],
) -> tuple[list[tuple[StatementRow, Kept]], list[Mismatch]]:
    """(rows that agree with what we kept, what does not agree).

    expected: ids of the charges and refunds that the statement must name, so those of its time.
    """
    by_name = _named(charges, refunds)
    agreed: list[tuple[StatementRow, Kept]] = []
    found: list[Mismatch] = []
    seen: set[object] = set()
    for row in rows:
        ours = by_name.get((row.kind, row.ours)) or by_name.get((row.kind, row.provider_ref))
        if ours is None or ours.id in seen:
            found.append(_mismatch("missing_here", row, None))
            continue
        seen.add(ours.id)
        if (ours.amount_minor, ours.currency) == (row.amount_minor, row.currency):
            agreed.append((row, ours))
        else:
            found.append(_mismatch("different", row, ours))
    everything: tuple[Kept, ...] = (*charges, *refunds)
    lost = [one for one in everything if one.id in expected and one.id not in seen]
    return agreed, found + [_lost(one) for one in lost]


def _named(charges: Sequence[Charge], refunds: Sequence[Refund]) -> Mapping[tuple[str, str], Kept]:
    names: dict[tuple[str, str], Kept] = {}
    for charge in charges:
        if charge.intent_id and charge.standing == "order":
            names["charge", charge.intent_id.hex] = charge
    for refund in refunds:
        names["refund", refund.id.hex] = refund
        names["refund", refund.provider_ref] = refund
    # The provider's own reference says more than our id: one intent can be paid twice.
    for charge in charges:
        names["charge", charge.provider_ref] = charge
    return names


def _mismatch(what: str, row: StatementRow, ours: Kept | None) -> Mismatch:
    return Mismatch(
        "different" if what == "different" else "missing_here",
        row.kind,
        row.provider_ref,
        ours.order_id if ours else None,
        ours.amount_minor if ours else None,
        row.amount_minor,
        row.currency,
        row.ours,
    )


def _lost(one: Kept) -> Mismatch:
    kind = "charge" if isinstance(one, Charge) else "refund"
    return Mismatch(
        "missing_there",
        "charge" if kind == "charge" else "refund",
        one.provider_ref,
        one.order_id,
        one.amount_minor,
        None,
        one.currency,
    )

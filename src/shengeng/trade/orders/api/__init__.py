"""What others call: orders written once, paid, sent, cancelled, expired; lists, figures, the facts."""

from shengeng.trade.orders.api.drafting import agree, claim_draft, drop_draft, put_draft
from shengeng.trade.orders.api.noting import note
from shengeng.trade.orders.api.outgoing import any_out, outbox, refused, taken
from shengeng.trade.orders.api.paying import claim, hear, paid
from shengeng.trade.orders.api.personal import erase_person, export_person
from shengeng.trade.orders.api.placing import expect, prove, put
from shengeng.trade.orders.api.reading import (
    detail,
    figures,
    first_order,
    mine,
    numbers,
    order,
    page,
    seen_by,
    to_pay,
    track,
)
from shengeng.trade.orders.api.refunding import refund
from shengeng.trade.orders.api.sending import ship
from shengeng.trade.orders.api.stopping import (
    any_overdue,
    cancel,
    expire,
    expire_due,
    overdue,
    reduce,
)
from shengeng.trade.orders.api.tracking import track_from
from shengeng.trade.orders.methods import waits_for_money

__all__ = [
    "agree",
    "any_out",
    "any_overdue",
    "cancel",
    "claim",
    "claim_draft",
    "detail",
    "drop_draft",
    "erase_person",
    "expect",
    "expire",
    "expire_due",
    "export_person",
    "figures",
    "first_order",
    "hear",
    "mine",
    "note",
    "numbers",
    "order",
    "outbox",
    "overdue",
    "page",
    "paid",
    "prove",
    "put",
    "put_draft",
    "reduce",
    "refund",
    "refused",
    "seen_by",
    "ship",
    "taken",
    "to_pay",
    "track",
    "track_from",
    "waits_for_money",
]

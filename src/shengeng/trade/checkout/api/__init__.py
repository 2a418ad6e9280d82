"""What doors call: baskets and what they come to, and placing an order."""

from shengeng.trade.checkout.api.baskets import (
    add,
    add_code,
    basket,
    drop_code,
    drop_old,
    erase_person,
    export_person,
    merge,
    set_quantity,
)
from shengeng.trade.checkout.api.drafting import place_draft, write_draft
from shengeng.trade.checkout.api.paying import notice, pay
from shengeng.trade.checkout.api.placing import place, place_patiently
from shengeng.trade.checkout.api.viewing import view

__all__ = [
    "add",
    "add_code",
    "basket",
    "drop_code",
    "drop_old",
    "erase_person",
    "export_person",
    "merge",
    "notice",
    "pay",
    "place",
    "place_draft",
    "place_patiently",
    "set_quantity",
    "view",
    "write_draft",
]
